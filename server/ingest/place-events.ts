import mongoose from 'mongoose';
import type { RawEvent } from '../database/models/raw-event.ts';
import type { DropReason } from '../domain/vocabulary.ts';
import type { SourceEvent } from '../sources/source-event.ts';
import { countsOf, noCounts, rawId, type Counts, type Delivery } from './delivery.ts';
import { courseKey, personKey, type PeopleIndex } from './people-index.ts';
import type { RegisterEntry } from './store-register.ts';

const dayMs = 86_400_000;

export interface PlaceOptions {
  readonly people: PeopleIndex;
  readonly now: Date;
  readonly keptDays: number;
  /** How long events wait for their person; absent: as long as others are kept. */
  readonly unmatchedDays?: number | undefined;
}

/** An event whose course and student are known. */
export interface PlacedEvent {
  readonly event: SourceEvent;
  readonly courseId: string;
  readonly personId: string;
  readonly timeZone: string;
}

/** A delivery with what it tells of whom, what is kept of it, and the counts of both. */
export interface Placed {
  readonly delivery: Delivery;
  readonly events: readonly PlacedEvent[];
  readonly raw: readonly RawEvent[];
  readonly counts: Counts;
  readonly courses: Map<string, Counts>;
}

/** Finds course and person of each event of a delivery. Those in `voided` are dropped; who is not known yet is waited for. */
export async function placeEvents(
  delivery: Delivery,
  voided: ReadonlySet<string>,
  { people, now, keptDays, unmatchedDays = keptDays }: PlaceOptions,
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

export function toRegister({ event, courseId, personId }: PlacedEvent): RegisterEntry[] {
  const { session, recording } = event;
  return session || recording ? [{ courseId, personId, session, recording }] : [];
}

export function expiryOf(now: Date, keptDays: number): Date {
  return new Date(now.getTime() + keptDays * dayMs);
}
