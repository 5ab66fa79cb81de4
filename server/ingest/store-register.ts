import mongoose from 'mongoose';
import { CourseModel } from '../database/models/course.ts';
import { StudentRecordModel } from '../database/models/student-record.ts';
import type { RegisteredSession, WatchedRecording } from '../sources/source-event.ts';

/** Attendance or a recording watched, of one student. */
export interface RegisterEntry {
  readonly courseId: string;
  readonly personId: string;
  readonly session?: RegisteredSession | undefined;
  readonly recording?: (Omit<WatchedRecording, 'title'> & { readonly title?: string | undefined }) | undefined;
}

/**
 * Brings attendance and watched recordings into the students' records. A session is named by its id: what is said of it
 * later replaces what was said before, and saying it twice changes nothing.
 */
export async function storeRegister(entries: readonly RegisterEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await storeRecordings(entries);
  // In the order in which they came: the last word on a session counts.
  await StudentRecordModel.collection.bulkWrite(entries.flatMap(toWrites), { ordered: true });
}

function toWrites({ courseId, personId, session, recording }: RegisterEntry) {
  const which = { courseId: new mongoose.Types.ObjectId(courseId), personId: new mongoose.Types.ObjectId(personId) };
  const ensure = {
    updateOne: { filter: which, update: { $setOnInsert: { pauses: [], corrections: [] } }, upsert: true },
  };
  const replace = (list: 'sessions' | 'watched', key: string, entry: Record<string, unknown>) => [
    { updateOne: { filter: which, update: { $pull: { [list]: { [key]: entry[key] } } } } },
    { updateOne: { filter: which, update: { $push: { [list]: entry } } } },
  ];
  return [
    ensure,
    ...(session
      ? replace('sessions', 'sessionId', {
          sessionId: session.sessionId,
          at: session.at,
          wasAttended: session.wasAttended,
          ...(session.isExcused !== undefined && { isExcused: session.isExcused }),
        })
      : []),
    ...(recording
      ? replace('watched', 'recordingId', { recordingId: recording.recordingId, at: recording.watchedAt })
      : []),
  ] as never[];
}

/** A recording that nobody knew of becomes one of the course, available from when it was first seen watched. */
export async function storeRecordings(entries: readonly RegisterEntry[]): Promise<void> {
  const fresh = new Map<string, { courseId: string; id: string; title: string; availableAt: number }>();
  for (const { courseId, recording } of entries) {
    if (!recording?.title) continue;
    const availableAt = recording.availableAt ?? recording.watchedAt;
    const key = `${courseId} ${recording.recordingId}`;
    const known = fresh.get(key);
    if (known && known.availableAt <= availableAt) continue;
    fresh.set(key, { courseId, id: recording.recordingId, title: recording.title.slice(0, 200), availableAt });
  }
  for (const { courseId, ...recording } of fresh.values()) {
    await CourseModel.updateOne(
      { _id: courseId, 'recordings.id': { $ne: recording.id } },
      { $push: { recordings: recording } },
    );
  }
}
