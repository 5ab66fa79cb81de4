import type { FlagList } from '../../contracts/flag-list.ts';
import { CourseStateModel, type CourseState } from '../../database/models/course-state.ts';
import { findChangedSince, readListStamp } from '../../database/models/list-stamp.ts';
import type { Deps } from '../../deps.ts';
import { fillWords } from '../../domain/fill-words.ts';
import { indicators } from '../../domain/indicators/all.ts';
import { prepareJson, type PreparedJson } from '../../http/prepared-json.ts';
import { findColleagues, type NamedPerson } from '../../staff/colleagues.ts';
import { buildCases, orderRows, type ListCases } from './build-list.ts';
import { readListFacts, type ListFacts } from './list-facts.ts';
import { sayFreshness, sayNotice } from './notice-words.ts';

/** What a reader's own part of the list is made of. */
export type OwnPart = Pick<FlagList, 'now' | 'me' | 'mine' | 'maySetRules'>;
type SharedPart = Omit<FlagList, keyof OwnPart>;

/** What the list of a course says to every member of staff alike, as text that is ready to be sent. */
export interface SharedList extends ListCases {
  readonly json: PreparedJson;
}

interface Kept {
  readonly rev: number;
  readonly computed: string;
  readonly at: number;
  readonly list: Promise<SharedList>;
}

const coursesKept = 40;
/** However the stamps may have missed a write (a database restored from a copy), nothing older than this is served. */
const oldestMs = 60_000;
const running = ['open', 'discussing', 'acting'] as const;

/**
 * Makes the reader of shared lists. One that was built is kept, in this process, for as long as the stamp in the database
 * says that nothing was written since; what was written about a few students is read again for them alone.
 */
export function createSharedList(deps: Pick<Deps, 'now' | 'pack'>) {
  const kept = new Map<string, Kept>();
  const sayAll = (named: readonly { id: string; label: string }[]) =>
    Object.fromEntries(named.map(({ id, label }) => [id, fillWords(label, deps.pack.words)]));
  const labels = { indicators: sayAll(indicators), channels: sayAll(deps.pack.channels) };

  async function assemble(courseId: string, cases: ListCases, facts: ListFacts): Promise<SharedList> {
    const colleagues = await findColleagues(courseId, deps.pack.access.mayAssistantsSeeIndividuals);
    const rows = orderRows(cases.cases.values(), deps.now().getTime());
    const shared = presentShared(cases, facts, { ...labels, colleagues, rows }, deps.pack.words);
    return { ...cases, json: prepareJson(shared) };
  }

  async function readWhole(courseId: string): Promise<SharedList> {
    const facts = await readListFacts(courseId, running);
    return assemble(courseId, buildCases(facts), facts);
  }

  /** The list as it was, with these students as they are now. */
  async function readAgain(courseId: string, before: SharedList, personIds: readonly string[]): Promise<SharedList> {
    const facts = await readListFacts(courseId, running, personIds);
    const now = buildCases(facts, before);
    const students = new Map(before.students);
    const cases = new Map(before.cases);
    for (const personId of personIds) {
      students.delete(personId);
      cases.delete(personId);
    }
    for (const [personId, student] of now.students) students.set(personId, student);
    for (const [personId, each] of now.cases) cases.set(personId, each);
    return assemble(courseId, { students, cases, groups: now.groups, works: now.works }, facts);
  }

  return {
    /** The flags that are not closed, and requests without an answer. */
    async readRunning(courseId: string): Promise<SharedList> {
      // The stamp is read before the facts: a write in between makes the list newer than its stamp, never older.
      const [stamp, state] = await Promise.all([
        readListStamp(courseId),
        CourseStateModel.findOne({ courseId }, { _id: 0, computedAt: 1, refreshedAt: 1 }).lean<CourseState>(),
      ]);
      const computed = [state?.computedAt?.getTime(), state?.refreshedAt?.getTime()].join('.');
      const now = deps.now().getTime();
      const known = kept.get(courseId);
      const isComparable = known?.computed === computed && now - known.at < oldestMs;
      const changed = isComparable ? findChangedSince(stamp, known.rev) : undefined;
      if (known && changed?.length === 0) return known.list;
      const list =
        known && changed ? known.list.then((before) => readAgain(courseId, before, changed)) : readWhole(courseId);
      kept.delete(courseId);
      kept.set(courseId, { rev: stamp.rev, computed, at: known && changed ? known.at : now, list });
      list.catch(() => kept.delete(courseId));
      for (const oldest of [...kept.keys()].slice(0, -coursesKept)) kept.delete(oldest);
      return list;
    },

    /** The flags that were closed; asked for seldom, and read each time. */
    async readClosed(courseId: string): Promise<SharedList> {
      const facts = { ...(await readListFacts(courseId, ['resolved', 'dismissed'])), requests: [] };
      return assemble(courseId, buildCases(facts), facts);
    },
  };
}

function presentShared(
  { students, groups, works }: Omit<ListCases, 'cases'>,
  { freshness, state }: ListFacts,
  said: Pick<FlagList, 'indicators' | 'channels' | 'rows'> & { colleagues: NamedPerson[] },
  words: Deps['pack']['words'],
): SharedPart {
  const asOf = freshness.flatMap(({ okAt, speaksOf }) => (okAt && speaksOf.length > 0 ? [okAt.getTime()] : []));
  return {
    ...(state?.week !== undefined && { teachingWeek: state.week }),
    ...(state?.computedAt && { computedAt: state.computedAt.getTime() }),
    ...(asOf.length > 0 && { asOf: Math.min(...asOf) }),
    notices: [...(state?.notices.map((notice) => sayNotice(notice, words)) ?? []), ...sayFreshness(freshness)],
    groups: [...groups],
    works: [...works],
    ...said,
    students: students.size,
    optedOut: [...students.values()].filter(({ hasOptedOut }) => hasOptedOut).length,
  };
}
