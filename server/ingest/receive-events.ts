import mongoose from 'mongoose';
import { RawEventModel, type RawEvent } from '../database/models/raw-event.ts';
import { storeActivities, type StudentActivities } from '../database/store-activities.ts';
import type { DropReason, SourceId } from '../domain/vocabulary.ts';
import { Conflict } from '../errors.ts';
import type { SourceEvent } from '../sources/source-event.ts';
import type { Merger } from './merger.ts';
import { courseKey, personKey, type PeopleIndex } from './people-index.ts';
import { storeRecordings, storeRegister, type RegisterEntry } from './store-register.ts';
import { storeRows } from './store-rows.ts';
import { takeOut, voidEvents } from './void-events.ts';

/** What one sender brought in one piece: all of it is taken in, or none. */
export interface Delivery {
  readonly platformId: string;
  readonly source: SourceId;
  readonly events: readonly SourceEvent[];
}

/** What came, those that came before included, and what became of it. */
export interface Counts {
  received: number;
  stored: number;
  /** Why events tell nothing, and how many. */
  readonly dropped: Map<DropReason, number>;
}

export interface Received extends Readonly<Counts> {
  /** Of each course that events named; what named none is in no course's. */
  readonly courses: ReadonlyMap<string, Readonly<Counts>>;
}

export interface ReceiveOptions {
  readonly people: PeopleIndex;
  readonly now: Date;
  readonly keptDays: number;
  /** How long events wait for their person; absent: as long as others are kept. */
  readonly unmatchedDays?: number | undefined;
  /** Merges roll-ups a moment later; absent: they are merged before the answer. */
  readonly merger?: Merger | undefined;
}

const dayMs = 86_400_000;

/**
 * Takes deliveries in: finds course and person of each event, merges roll-ups and registers, keeps the reduced raw events. An
 * event that came before changes nothing. The outcome of each delivery stands apart: one with a conflict rejects alone.
 *
 * Without a merger roll-ups are written before raw events and the sender is answered after both: killed in between, it tries
 * again and every step finds what it did before. With one, raw events are written first and are merged by this or
 * another process. Either way nothing is lost and nothing counts twice.
 */
export async function receiveDeliveries(
  deliveries: readonly Delivery[],
  options: ReceiveOptions,
): Promise<PromiseSettledResult<Received>[]> {
  const { conflicts, voided } = await findKnown(deliveries);
  const sound = deliveries.filter((delivery) => !conflicts.has(delivery));
  const placed = await Promise.all(sound.map((delivery) => place(delivery, voided, options)));
  const all = placed.flatMap(({ events }) => events);
  const students = groupByStudent(all);
  const { merger, now, keptDays } = options;
  await storeRegister(all.flatMap(toRegister));
  const raw = placed.flatMap((delivery) => delivery.raw);
  let voidedMeanwhile: ReadonlySet<string>;
  if (merger) {
    const settle = await merger.announce(expiryOf(now, keptDays));
    let isStored = false;
    try {
      voidedMeanwhile = await storeRaw(raw);
      isStored = true;
    } finally {
      settle(isStored ? students : []);
    }
  } else {
    await storeActivities(students);
    voidedMeanwhile = await storeRaw(raw);
  }
  if (voidedMeanwhile.size > 0) await takeOut(raw.filter(({ _id }) => voidedMeanwhile.has(_id)));
  const voidings = new Map(sound.map((delivery) => [delivery, voidingsOf(delivery, options)]));
  const { courseIds, unmet } = await voidEvents([...voidings.values()].flat());
  for (const {
    delivery,
    counts: { dropped },
  } of placed) {
    const ofNothing = voidings.get(delivery)!.filter((voiding) => unmet.has(voiding)).length;
    if (ofNothing === 0) continue;
    dropped.set('voids-nothing-held', ofNothing);
    const others = (dropped.get('voiding') ?? 0) - ofNothing;
    if (others > 0) dropped.set('voiding', others);
    else dropped.delete('voiding');
  }
  const results = new Map(placed.map((result) => [result.delivery, result]));
  return deliveries.map((delivery) => {
    const result = results.get(delivery);
    if (!result) return { status: 'rejected', reason: conflicts.get(delivery) };
    // A voiding names no course; those that it changed are to be computed again all the same.
    for (const courseId of courseIds) countsOf(result.courses, courseId);
    return { status: 'fulfilled', value: { ...result.counts, courses: result.courses } };
  });
}

/** Takes rows of one file in, as part of an import that can be taken back. */
export async function receiveRows(
  delivery: Delivery & { readonly source: 'file' },
  importId: mongoose.Types.ObjectId,
  timeZone: string,
  options: Omit<ReceiveOptions, 'merger'>,
): Promise<void> {
  const { events, raw } = await place(delivery, new Set(), options);
  // The titles of recordings stand in events only.
  await storeRecordings(events.flatMap(toRegister));
  await storeRows(raw, importId, timeZone);
}

interface PlacedEvent {
  readonly event: SourceEvent;
  readonly courseId: string;
  readonly personId: string;
  readonly timeZone: string;
}

interface Placed {
  readonly delivery: Delivery;
  readonly events: readonly PlacedEvent[];
  readonly raw: readonly RawEvent[];
  readonly counts: Counts;
  readonly courses: Map<string, Counts>;
}

/** Among events under ids that their senders chose: who says something else than before, and what was voided before. */
async function findKnown(
  deliveries: readonly Delivery[],
): Promise<{ conflicts: Map<Delivery, Conflict>; voided: Set<string> }> {
  const conflicts = new Map<Delivery, Conflict>();
  const given = deliveries.flatMap((delivery) =>
    delivery.events.flatMap((event) =>
      event.contentHash === undefined ? [] : [{ delivery, key: rawId(delivery.platformId, event.id), event }],
    ),
  );
  if (given.length === 0) return { conflicts, voided: new Set() };
  const stored = await RawEventModel.collection
    .find<RawEvent>({ _id: { $in: given.map(({ key }) => key) } as never }, { projection: { hash: 1, isVoided: 1 } })
    .toArray();
  const hashes = new Map(stored.map(({ _id, hash }) => [_id, hash]));
  for (const { delivery, key, event } of given) {
    const known = hashes.get(key);
    if (known !== undefined && known !== event.contentHash) {
      conflicts.set(delivery, new Conflict('An event with this id was received before, with other content.'));
    }
    hashes.set(key, known ?? event.contentHash);
  }
  return { conflicts, voided: new Set(stored.flatMap(({ _id, isVoided }) => (isVoided ? [_id] : []))) };
}

async function place(
  delivery: Delivery,
  voided: ReadonlySet<string>,
  { people, now, keptDays, unmatchedDays = keptDays }: ReceiveOptions,
): Promise<Placed> {
  const { platformId, source } = delivery;
  const platform = new mongoose.Types.ObjectId(platformId);
  const expiresAt = expiryOf(now, keptDays);
  const courseRefs = new Map(delivery.events.flatMap(({ course }) => (course ? [[courseKey(course), course]] : [])));
  const courses = await people.findCourses(platformId, [...courseRefs.values()]);
  const found = await findAllPeople(delivery, courses, people);

  const counts = noCounts();
  const byCourse = new Map<string, Counts>();
  const events: PlacedEvent[] = [];
  const raw: RawEvent[] = [];
  for (const event of delivery.events) {
    const _id = rawId(platformId, event.id);
    const course = event.course && courses.get(courseKey(event.course));
    const counted = [counts, ...(course ? [countsOf(byCourse, course.courseId)] : [])];
    for (const each of counted) each.received += 1;
    const drop = (reason: DropReason) => {
      for (const { dropped } of counted) dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
    };
    if (voided.has(_id)) {
      drop('voided');
      continue;
    }
    const base = { _id, platformId: platform, source, at: new Date(event.at), expiresAt };
    const person = course && event.person && found.get(`${course.courseId} ${personKey(event.person)}`);
    const reason: DropReason | undefined =
      event.ignoredBecause ??
      (!course ? 'course-without-waymark' : person && person.role !== 'student' ? 'not-a-student' : undefined);
    if (reason !== undefined) {
      drop(reason);
      // Only the id that its sender chose is kept, so that a later statement can't take it.
      if (event.contentHash !== undefined || event.voids !== undefined) {
        raw.push({
          ...base,
          ...(event.contentHash !== undefined && { hash: event.contentHash }),
          ...(event.voids !== undefined && { voids: event.voids }),
        });
      }
      continue;
    }
    const { courseId, timeZone } = course!;
    raw.push({
      ...base,
      courseId: new mongoose.Types.ObjectId(courseId),
      ...(person
        ? { personId: new mongoose.Types.ObjectId(person.personId) }
        : { waitsFor: personKey(event.person!), keptUntil: expiresAt, expiresAt: expiryOf(now, unmatchedDays) }),
      ...(event.activity && { kind: event.activity.kind }),
      ...(event.activity?.objectId !== undefined && { objectId: event.activity.objectId }),
      ...(event.session && { session: { ...event.session } }),
      ...(event.recording && {
        recording: { recordingId: event.recording.recordingId, watchedAt: event.recording.watchedAt },
      }),
      ...(event.contentHash !== undefined && { hash: event.contentHash }),
    });
    if (!person) {
      drop('person-unknown-yet');
      continue;
    }
    events.push({ event, courseId, personId: person.personId, timeZone });
    for (const each of counted) each.stored += 1;
  }
  return { delivery, events, raw, counts, courses: byCourse };
}

function noCounts(): Counts {
  return { received: 0, stored: 0, dropped: new Map() };
}

function countsOf(byCourse: Map<string, Counts>, courseId: string): Counts {
  const known = byCourse.get(courseId) ?? noCounts();
  byCourse.set(courseId, known);
  return known;
}

function voidingsOf({ platformId, events }: Delivery, { now, keptDays }: ReceiveOptions) {
  return events.flatMap(({ voids, at }) =>
    voids === undefined ? [] : [{ platformId, eventId: voids, at: new Date(at), expiresAt: expiryOf(now, keptDays) }],
  );
}

async function findAllPeople(
  { platformId, events }: Delivery,
  courses: Awaited<ReturnType<PeopleIndex['findCourses']>>,
  people: PeopleIndex,
) {
  const refsByCourse = new Map<string, Map<string, NonNullable<SourceEvent['person']>>>();
  for (const { course, person, ignoredBecause } of events) {
    const courseId = course && courses.get(courseKey(course))?.courseId;
    if (!courseId || !person || ignoredBecause !== undefined) continue;
    const refs = refsByCourse.get(courseId) ?? new Map<string, typeof person>();
    refsByCourse.set(courseId, refs.set(personKey(person), person));
  }
  const found = await Promise.all(
    [...refsByCourse].map(async ([courseId, refs]) => {
      const own = await people.findPeople(platformId, courseId, [...refs.values()]);
      return [...own].map(([key, person]) => [`${courseId} ${key}`, person] as const);
    }),
  );
  return new Map(found.flat());
}

function groupByStudent(placed: readonly PlacedEvent[]): StudentActivities[] {
  const byStudent = new Map<string, StudentActivities & { activities: NonNullable<SourceEvent['activity']>[] }>();
  for (const { event, courseId, personId, timeZone } of placed) {
    if (!event.activity) continue;
    const key = `${courseId} ${personId}`;
    const known = byStudent.get(key);
    if (known) known.activities.push(event.activity);
    else byStudent.set(key, { courseId, personId, timeZone, activities: [event.activity] });
  }
  return [...byStudent.values()];
}

function toRegister({ event, courseId, personId }: PlacedEvent): RegisterEntry[] {
  const { session, recording } = event;
  return session || recording ? [{ courseId, personId, session, recording }] : [];
}

/** Returns the ids of those that had been voided before they came. */
async function storeRaw(raw: readonly RawEvent[]): Promise<Set<string>> {
  const unique = [...new Map(raw.map((event) => [event._id, event])).values()];
  if (unique.length === 0) return new Set();
  const failures = await insertAtOnce(unique);
  if (failures.length === 0) return new Set();
  // What was there before is the same event, or the mark of its voiding: conflicts were found above.
  const repeated = failures.map(({ index }) => unique[index]!._id);
  const marks = await RawEventModel.find({ _id: { $in: repeated }, isVoided: true }, { _id: 1 }).lean();
  return new Set(marks.map(({ _id }) => _id));
}

const mostInserted = 10_000;

/**
 * Inserts as one command each: the driver's bulk operations would serialise every document twice. Returns which of them were
 * there before, by position; throws for any other failure.
 */
async function insertAtOnce(events: readonly RawEvent[]): Promise<{ index: number }[]> {
  const repeated: { index: number }[] = [];
  for (let start = 0; start < events.length; start += mostInserted) {
    const reply = await mongoose.connection.db!.command({
      insert: RawEventModel.collection.collectionName,
      documents: events.slice(start, start + mostInserted),
      ordered: false,
    });
    const failures = (reply['writeErrors'] ?? []) as { index: number; code: number; errmsg: string }[];
    for (const { index, code } of failures) {
      if (code !== 11_000) throw new Error(`The database refused an event with code ${code}.`);
      repeated.push({ index: start + index });
    }
    if (reply['writeConcernError']) throw new Error('The database did not confirm that events were stored.');
  }
  return repeated;
}

function expiryOf(now: Date, keptDays: number): Date {
  return new Date(now.getTime() + keptDays * dayMs);
}

function rawId(platformId: string, eventId: string): string {
  return `${platformId}:${eventId}`;
}
