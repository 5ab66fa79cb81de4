import mongoose from 'mongoose';
import { CourseModel } from '../database/models/course.ts';
import { RawEventModel, type RawEvent } from '../database/models/raw-event.ts';
import { storeActivities } from '../database/store-activities.ts';
import { dayOf, isoWeekOf } from '../domain/days.ts';
import { toActivity } from './raw-activity.ts';
import { releaseRegister } from './release-register.ts';

const maxTries = 20;

export interface Voiding {
  readonly platformId: string;
  /** The statement that is to count no more. */
  readonly eventId: string;
  readonly at: Date;
  readonly expiresAt: Date;
}

/**
 * Takes events out of all figures because their sender says that they never were. The voiding may come before its event,
 * or while another process takes that in: of the event only the id stays, and whoever comes second finds it. Returns the
 * courses that it changed, and the voidings for which nothing is held: their event has not come yet, or stays counted because
 * it was forgotten already, as raw events are after a time (see decisions/rebuilding-and-voiding.md).
 */
export async function voidEvents(
  voidings: readonly Voiding[],
): Promise<{ courseIds: ReadonlySet<string>; unmet: ReadonlySet<Voiding> }> {
  const courseIds = new Set<string>();
  const unmet = new Set<Voiding>();
  for (const voiding of voidings) {
    const { courseId, isUnmet } = await voidOne(voiding);
    if (courseId) courseIds.add(courseId);
    if (isUnmet) unmet.add(voiding);
  }
  return { courseIds, unmet };
}

async function voidOne({ platformId, eventId, at, expiresAt }: Voiding): Promise<{
  courseId?: string | undefined;
  isUnmet?: boolean;
}> {
  const _id = `${platformId}:${eventId}`;
  for (let attempt = 1; attempt <= maxTries; attempt += 1) {
    const event = await RawEventModel.findById(_id).lean<RawEvent>();
    if (!event) {
      if (await putMark({ _id, platformId: new mongoose.Types.ObjectId(platformId), at, expiresAt }))
        return { isUnmet: true };
      continue;
    }
    // Nobody else's events, and no voiding, can be voided.
    if (event.isVoided || event.source !== 'xapi' || event.voids !== undefined) return {};
    await takeOut([event]);
    // The mark comes last: a process that dies on the way does all of it again.
    const { matchedCount } = await RawEventModel.updateOne(
      { _id, waitsFor: event.waitsFor ?? { $exists: false } },
      { $set: { isVoided: true }, $unset: { kind: 1, objectId: 1, session: 1, recording: 1, waitsFor: 1 } },
    );
    if (matchedCount === 1) return { courseId: event.courseId?.toHexString() };
  }
  throw new Error('An event could not be voided: other writers were always faster.');
}

/** False where the event has come meanwhile. */
async function putMark(mark: Pick<RawEvent, '_id' | 'platformId' | 'at' | 'expiresAt'>): Promise<boolean> {
  try {
    await RawEventModel.collection.insertOne({ ...mark, source: 'xapi', isVoided: true } as never);
    return true;
  } catch (error) {
    if (error instanceof mongoose.mongo.MongoServerError && error.code === 11_000) return false;
    throw error;
  }
}

/** Takes events out of the roll-ups and records of their students for good. Doing it twice changes nothing. */
export async function takeOut(events: readonly RawEvent[]): Promise<void> {
  for (const event of events) {
    if (!event.courseId || !event.personId) continue;
    const courseId = event.courseId.toHexString();
    const personId = event.personId.toHexString();
    const activity = toActivity(event);
    if (activity) {
      const course = await CourseModel.findById(courseId, { calendar: 1 }).lean();
      const timeZone = course?.calendar.timeZone ?? 'UTC';
      const keptObjects = await objectsBeside(event, timeZone);
      await storeActivities([{ courseId, personId, timeZone, activities: [], voided: [activity], keptObjects }]);
    }
    await releaseRegister(courseId, personId, [event]);
  }
}

/** What the student's other events of that week touched. */
async function objectsBeside(event: RawEvent, timeZone: string): Promise<Set<string>> {
  const eightDaysMs = 8 * 86_400_000;
  const around = await RawEventModel.find(
    {
      courseId: event.courseId,
      personId: event.personId,
      at: { $gt: new Date(event.at.getTime() - eightDaysMs), $lt: new Date(event.at.getTime() + eightDaysMs) },
      _id: { $ne: event._id },
    },
    { at: 1, objectId: 1 },
  ).lean<RawEvent[]>();
  const weekOf = (at: Date) => isoWeekOf(dayOf(at.getTime(), timeZone));
  const week = weekOf(event.at);
  return new Set(
    around.flatMap(({ at, objectId }) => (objectId !== undefined && weekOf(at) === week ? [objectId] : [])),
  );
}
