import mongoose from 'mongoose';
import { RawEventModel, type RawEvent } from '../database/models/raw-event.ts';
import { StudentRecordModel } from '../database/models/student-record.ts';
import { storeRegister } from './store-register.ts';

/**
 * Takes sessions and recordings of events that are taken back out of a student's record. What another event or file also
 * tells of stays, as that one has it.
 */
export async function releaseRegister(
  courseId: string,
  personId: string,
  takenBack: readonly Pick<RawEvent, '_id' | 'session' | 'recording'>[],
): Promise<void> {
  const sessions = new Set(takenBack.flatMap(({ session }) => session?.sessionId ?? []));
  const recordings = new Set(takenBack.flatMap(({ recording }) => recording?.recordingId ?? []));
  if (sessions.size + recordings.size === 0) return;
  const gone = new Set(takenBack.map(({ _id }) => _id));
  const own = {
    courseId: new mongoose.Types.ObjectId(courseId),
    personId: new mongoose.Types.ObjectId(personId),
  };
  const others = await RawEventModel.find(
    { ...own, $or: [{ session: { $exists: true } }, { recording: { $exists: true } }] },
    { session: 1, recording: 1, expiresAt: 1 },
  ).lean<RawEvent[]>();
  const holders = others.filter(
    ({ _id, session, recording }) =>
      !gone.has(_id) &&
      ((session && sessions.has(session.sessionId)) || (recording && recordings.has(recording.recordingId))),
  );
  await StudentRecordModel.updateOne(own, {
    $pull: {
      sessions: { sessionId: { $in: [...sessions] } },
      watched: { recordingId: { $in: [...recordings] } },
    },
  });
  holders.sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime() || (a._id < b._id ? -1 : 1));
  await storeRegister(holders.map(({ session, recording }) => ({ courseId, personId, session, recording })));
}
