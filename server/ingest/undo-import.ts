import mongoose from 'mongoose';
import { RawEventModel, type RawEvent } from '../database/models/raw-event.ts';
import { RollUpModel, type StoredRollUp } from '../database/models/roll-up.ts';
import { StudentRecordModel } from '../database/models/student-record.ts';
import { groupByWeek } from '../domain/roll-up.ts';
import { unmergeRollUp } from '../domain/unmerge-roll-up.ts';
import { toActivity } from './raw-activity.ts';

const maxTries = 20;

/**
 * Takes back everything that one import brought. Raw events go last, so that an undoing that is interrupted is simply run
 * again; what was taken out already is not there to be taken out twice.
 */
export async function undoImport(importId: string, timeZone: string): Promise<void> {
  const events = await RawEventModel.find({ importId }).lean<RawEvent[]>();
  const byPerson = new Map<string, RawEvent[]>();
  for (const event of events) {
    if (!event.personId) continue;
    const key = event.personId.toHexString();
    byPerson.set(key, [...(byPerson.get(key) ?? []), event]);
  }
  for (const [personId, own] of byPerson) {
    const courseId = own[0]!.courseId!;
    await takeOutOfRegister(courseId, personId, own);
    for (const [week, activities] of groupByWeek(
      own.flatMap((event) => toActivity(event) ?? []),
      timeZone,
    )) {
      await takeOutOfRollUp({ courseId, personId, week, importId }, activities, timeZone);
    }
  }
  await RawEventModel.deleteMany({ importId });
}

async function takeOutOfRegister(courseId: mongoose.Types.ObjectId, personId: string, events: readonly RawEvent[]) {
  const sessions = events.flatMap(({ session }) => (session ? [session.sessionId] : []));
  const recordings = events.flatMap(({ recording }) => (recording ? [recording.recordingId] : []));
  if (sessions.length + recordings.length === 0) return;
  await StudentRecordModel.updateOne(
    { courseId, personId },
    { $pull: { sessions: { sessionId: { $in: sessions } }, watched: { recordingId: { $in: recordings } } } },
  );
}

async function takeOutOfRollUp(
  where: { courseId: mongoose.Types.ObjectId; personId: string; week: string; importId: string },
  activities: Parameters<typeof unmergeRollUp>[1],
  timeZone: string,
): Promise<void> {
  const { courseId, personId, week, importId } = where;
  const others = await RawEventModel.find(
    { courseId, personId, importId: { $ne: new mongoose.Types.ObjectId(importId) } },
    { objectId: 1 },
  ).lean();
  const kept = new Set(others.flatMap(({ objectId }) => (objectId === undefined ? [] : [objectId])));
  for (let attempt = 1; attempt <= maxTries; attempt += 1) {
    const stored = await RollUpModel.findOne({ courseId, personId, week }).lean<StoredRollUp>();
    if (!stored) return;
    const { days, objects, seen } = unmergeRollUp(stored, activities, timeZone, kept);
    const { matchedCount } = await RollUpModel.updateOne(
      { _id: stored._id, rev: stored.rev },
      { $set: { days, objects, seen }, $inc: { rev: 1 } },
    );
    if (matchedCount === 1) return;
  }
  throw new Error('A roll-up could not be changed: other writers were always faster.');
}
