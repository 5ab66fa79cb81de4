import type { ListedFlag, ListRow } from '../../contracts/flag-list.ts';
import type { ActionMoment } from '../../database/models/action.ts';
import { comparePressing } from '../../domain/list-order.ts';
import { listReasons } from '../../domain/reason-phrases.ts';
import type { FlagOfList, ListFacts } from './list-facts.ts';
import { readWorks, type ListedWork } from './works-of-list.ts';

/** A follow-up is set to the middle of its day: it counts as due from that day's morning on. */
const dueAheadMs = 12 * 3_600_000;

/** One student on the list. */
export interface ListCase {
  readonly row: ListRow;
  readonly hasStrongReason: boolean;
  /** The staff who act on it, were asked for their view, or have its follow-up. */
  readonly owners: ReadonlySet<string>;
}

export interface ListCases {
  /** Everybody who studies in the course, by id, and whether they have opted out. */
  readonly students: ReadonlyMap<string, { readonly hasOptedOut: boolean }>;
  readonly cases: ReadonlyMap<string, ListCase>;
  /** Rows name a group, and a piece of work, by its place in here. */
  readonly groups: readonly string[];
  readonly works: readonly ListedWork[];
}

/**
 * Makes the cases of the students whom the facts are about. Whoever has opted out of contact based on analytics is a case
 * only where they asked for a conversation themselves, and then without any flag or figure. `known`: groups and pieces of work
 * that have a place already.
 */
export function buildCases(
  facts: ListFacts,
  known: Pick<ListCases, 'groups' | 'works'> = { groups: [], works: [] },
): ListCases {
  const flagsOf = groupByPerson(facts.flags);
  const askedAt = new Map(facts.requests.map((request) => [request.personId.toHexString(), request.askedAt.getTime()]));
  const { lastOf, dueOf } = readMoments(facts.moments);
  const ownersOf = findOwners(facts, lastOf);
  const groups = [...known.groups];
  const groupPlaces = new Map(groups.map((name, place) => [name, place]));
  const { works, workOf } = readWorks(facts, known.works);
  const students = new Map<string, { hasOptedOut: boolean }>();
  const cases = new Map<string, ListCase>();

  for (const student of facts.students) {
    const personId = student.personId.toHexString();
    const hasOptedOut = Boolean(student.optedOutAt);
    students.set(personId, { hasOptedOut });
    const flags = hasOptedOut ? [] : (flagsOf.get(personId) ?? []).map(listFlag).sort(supportFirst);
    const asked = askedAt.get(personId);
    if (flags.length === 0 && asked === undefined) continue;
    const places = student.groups.map(({ name }) => {
      const place = groupPlaces.get(name) ?? groups.push(name) - 1;
      groupPlaces.set(name, place);
      return place;
    });
    const last = lastOf.get(personId);
    const due = dueOf.get(personId);
    cases.set(personId, {
      hasStrongReason: flags.some((flag) => flag.isStrong && flag.kind === 'support'),
      owners: ownersOf.get(personId) ?? new Set(),
      row: {
        personId,
        name: student.name,
        groups: places,
        ...workOf(personId),
        flags,
        ...(asked !== undefined && { askedAt: asked }),
        ...(last && {
          last: {
            at: last.at.getTime(),
            channel: last.channel,
            outcome: last.outcome,
            byId: last.byId.toHexString(),
          },
        }),
        ...(due !== undefined && { followUpAt: due }),
        waitingSince: asked ?? Math.min(...flags.map(({ openedAt }) => openedAt)),
      },
    });
  }
  return { students, cases, groups, works };
}

/** The rows of a list, most pressing first; `now` in milliseconds since the epoch. */
export function orderRows(cases: Iterable<ListCase>, now: number): ListRow[] {
  return [...cases]
    .map(({ row, hasStrongReason }) => ({
      row,
      name: row.name,
      askedAt: row.askedAt,
      waitingSince: row.waitingSince,
      isInHand: isInHand(row, now),
      hasStrongReason,
    }))
    .sort(comparePressing)
    .map(({ row }) => row);
}

function isInHand({ flags, followUpAt = Infinity }: ListRow, now: number): boolean {
  return flags.length > 0 && flags.every(({ state }) => state === 'acting') && followUpAt > now + dueAheadMs;
}

function groupByPerson(flags: readonly FlagOfList[]): Map<string, FlagOfList[]> {
  const found = new Map<string, FlagOfList[]>();
  for (const flag of flags) {
    const personId = flag.personId.toHexString();
    const own = found.get(personId);
    if (own) own.push(flag);
    else found.set(personId, [flag]);
  }
  return found;
}

export function listFlag(flag: FlagOfList): ListedFlag {
  // What came to light since weighs more than what raised it: the line speaks of the latest.
  const evidence = flag.further.at(-1) ?? flag.evidence;
  return {
    id: flag._id.toHexString(),
    rev: flag.rev,
    kind: flag.kind,
    state: flag.state,
    openedAt: flag.openedAt,
    week: flag.evidence.week,
    reasons: evidence.reasons.map(({ rule }) => rule.indicator),
    texts: listReasons(evidence),
    isStrong: evidence.reasons.some(({ rule }) => rule.strength === 'strong'),
    hasCleared: flag.clearedAt !== undefined && flag.clearedAt !== null,
  };
}

function supportFirst(one: ListedFlag, other: ListedFlag): number {
  return Number(one.kind === 'stretch') - Number(other.kind === 'stretch') || one.openedAt - other.openedAt;
}

function readMoments(moments: readonly ActionMoment[]) {
  const lastOf = new Map<string, ActionMoment>();
  const dueOf = new Map<string, number>();
  for (const moment of moments) {
    const personId = moment.personId.toHexString();
    const last = lastOf.get(personId);
    if (!last || moment.at > last.at) lastOf.set(personId, moment);
    if (moment.followUp?.isPending) {
      const due = moment.followUp.dueAt.getTime();
      dueOf.set(personId, Math.min(due, dueOf.get(personId) ?? due));
    }
  }
  return { lastOf, dueOf };
}

function findOwners(facts: ListFacts, lastOf: ReadonlyMap<string, ActionMoment>): Map<string, Set<string>> {
  const owners = new Map<string, Set<string>>();
  const own = (personId: string, staff: readonly { toHexString(): string }[]) => {
    const known = owners.get(personId) ?? new Set();
    for (const id of staff) known.add(id.toHexString());
    owners.set(personId, known);
  };
  for (const [personId, last] of lastOf) own(personId, [last.byId]);
  for (const { personId, followUp } of facts.moments)
    if (followUp?.isPending) own(personId.toHexString(), [followUp.ownerId]);
  for (const { personId, startedById, invitedIds } of facts.discussions)
    own(personId.toHexString(), [startedById, ...invitedIds]);
  for (const { personId, withPersonId } of facts.requests)
    if (withPersonId) own(personId.toHexString(), [withPersonId]);
  return owners;
}
