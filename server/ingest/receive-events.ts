import mongoose from 'mongoose';
import { RawEventModel, type RawEvent } from '../database/models/raw-event.ts';
import { storeActivities, type StudentActivities } from '../database/store-activities.ts';
import type { SourceId } from '../domain/vocabulary.ts';
import { Conflict } from '../errors.ts';
import type { SourceEvent } from '../sources/source-event.ts';
import type { Merger } from './merger.ts';
import { courseKey, personKey, type PeopleIndex } from './people-index.ts';
import { storeRegister, type RegisterEntry } from './store-register.ts';

/** What one sender brought in one piece: all of it is taken in, or none. */
export interface Delivery {
  readonly platformId: string;
  readonly source: SourceId;
  readonly events: readonly SourceEvent[];
  /** Events of a file, so that the import can be undone. */
  readonly importId?: string | undefined;
}

export interface Received {
  readonly received: number;
  /** Stored or waiting, those that came before included. */
  readonly stored: number;
  /** Why events tell nothing, and how many. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly courseIds: readonly string[];
}

export interface ReceiveOptions {
  readonly people: PeopleIndex;
  readonly now: Date;
  readonly keptDays: number;
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
  const conflicts = await findConflicts(deliveries);
  const sound = deliveries.filter((delivery) => !conflicts.has(delivery));
  const placed = await Promise.all(sound.map((delivery) => place(delivery, options)));
  const all = placed.flatMap(({ events }) => events);
  const students = groupByStudent(all);
  const { merger, now, keptDays } = options;
  await storeRegister(all.flatMap(toRegister));
  const raw = placed.flatMap((delivery) => delivery.raw);
  if (merger) {
    const settle = await merger.announce(expiryOf(now, keptDays));
    let isStored = false;
    try {
      await storeRaw(raw);
      isStored = true;
    } finally {
      settle(isStored ? students : []);
    }
  } else {
    await storeActivities(students);
    await storeRaw(raw);
  }
  const results = new Map(placed.map((result) => [result.delivery, result]));
  return deliveries.map((delivery) => {
    const result = results.get(delivery);
    if (!result) return { status: 'rejected', reason: conflicts.get(delivery) };
    return { status: 'fulfilled', value: summarise(result) };
  });
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
  readonly dropped: Map<string, number>;
  readonly courseIds: ReadonlySet<string>;
}

async function findConflicts(deliveries: readonly Delivery[]): Promise<Map<Delivery, Conflict>> {
  const conflicts = new Map<Delivery, Conflict>();
  const given = deliveries.flatMap((delivery) =>
    delivery.events.flatMap((event) =>
      event.contentHash === undefined ? [] : [{ delivery, key: rawId(delivery.platformId, event.id), event }],
    ),
  );
  if (given.length === 0) return conflicts;
  const stored = await RawEventModel.find({ _id: { $in: given.map(({ key }) => key) } }, { hash: 1 }).lean();
  const hashes = new Map(stored.map(({ _id, hash }) => [_id, hash]));
  for (const { delivery, key, event } of given) {
    const known = hashes.get(key);
    if (known !== undefined && known !== event.contentHash) {
      conflicts.set(delivery, new Conflict('An event with this id was received before, with other content.'));
    }
    hashes.set(key, known ?? event.contentHash);
  }
  return conflicts;
}

async function place(delivery: Delivery, { people, now, keptDays }: ReceiveOptions): Promise<Placed> {
  const { platformId, source, importId } = delivery;
  const platform = new mongoose.Types.ObjectId(platformId);
  const expiresAt = expiryOf(now, keptDays);
  const courseRefs = new Map(delivery.events.flatMap(({ course }) => (course ? [[courseKey(course), course]] : [])));
  const courses = await people.findCourses(platformId, [...courseRefs.values()]);
  const found = await findAllPeople(delivery, courses, people);

  const dropped = new Map<string, number>();
  const events: PlacedEvent[] = [];
  const raw: RawEvent[] = [];
  const courseIds = new Set<string>();
  for (const event of delivery.events) {
    const base = { _id: rawId(platformId, event.id), platformId: platform, source, at: new Date(event.at), expiresAt };
    const course = event.course && courses.get(courseKey(event.course));
    const person = course && event.person && found.get(`${course.courseId} ${personKey(event.person)}`);
    const reason =
      event.ignoredBecause ??
      (!course ? 'course-without-waymark' : person && person.role !== 'student' ? 'not-a-student' : undefined);
    if (reason !== undefined) {
      dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
      // Only the id that its sender chose is kept, so that a later statement can't take it.
      if (event.contentHash !== undefined) raw.push({ ...base, hash: event.contentHash });
      continue;
    }
    const { courseId, timeZone } = course!;
    courseIds.add(courseId);
    raw.push({
      ...base,
      courseId: new mongoose.Types.ObjectId(courseId),
      ...(person ? { personId: new mongoose.Types.ObjectId(person.personId) } : { waitsFor: personKey(event.person!) }),
      ...(event.activity && { kind: event.activity.kind }),
      ...(event.activity?.objectId !== undefined && { objectId: event.activity.objectId }),
      ...(event.session && { session: { ...event.session, isExcused: event.session.isExcused ?? false } }),
      ...(event.recording && {
        recording: { recordingId: event.recording.recordingId, watchedAt: event.recording.watchedAt },
      }),
      ...(event.contentHash !== undefined && { hash: event.contentHash }),
      ...(importId !== undefined && { importId: new mongoose.Types.ObjectId(importId) }),
    });
    if (person) events.push({ event, courseId, personId: person.personId, timeZone });
    else dropped.set('person-unknown-yet', (dropped.get('person-unknown-yet') ?? 0) + 1);
  }
  return { delivery, events, raw, dropped, courseIds };
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

async function storeRaw(raw: readonly RawEvent[]): Promise<void> {
  const unique = [...new Map(raw.map((event) => [event._id, event])).values()];
  if (unique.length === 0) return;
  try {
    await RawEventModel.collection.insertMany(unique as never[], { ordered: false });
  } catch (error) {
    // What was there before is the same event: conflicts were found above.
    const isRepeat =
      error instanceof mongoose.mongo.MongoBulkWriteError &&
      [error.writeErrors].flat().every(({ code }) => code === 11_000);
    if (!isRepeat) throw error;
  }
}

function expiryOf(now: Date, keptDays: number): Date {
  return new Date(now.getTime() + keptDays * dayMs);
}

function summarise({ delivery, events, dropped, courseIds }: Placed): Received {
  return {
    received: delivery.events.length,
    stored: events.length,
    dropped: Object.fromEntries(dropped),
    courseIds: [...courseIds],
  };
}

function rawId(platformId: string, eventId: string): string {
  return `${platformId}:${eventId}`;
}
