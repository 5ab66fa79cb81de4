import mongoose from 'mongoose';
import { CourseModel } from '../database/models/course.ts';
import { RawEventModel, type RawEvent } from '../database/models/raw-event.ts';
import { storeActivities } from '../database/store-activities.ts';
import { toActivity } from './raw-activity.ts';
import { releaseRegister } from './release-register.ts';
import { attendanceOf, settleRows, stateUpdate } from './store-rows.ts';

const maxTries = 20;
const rowsAtOnce = 500;

/**
 * Takes back everything that one import brought. A row that other files hold too becomes what the latest of them says.
 * Raw events go last, so that an undoing that is interrupted is simply run again; what was taken out already is not there
 * to be taken out twice.
 */
export async function undoImport(importId: string, timeZone: string): Promise<void> {
  const id = new mongoose.Types.ObjectId(importId);
  const which = { 'versions.importId': id };
  for (let attempt = 1; attempt <= maxTries; attempt += 1) {
    const rows = await RawEventModel.find(which).lean<RawEvent[]>();
    if (rows.length === 0) return;
    for (let start = 0; start < rows.length; start += rowsAtOnce) {
      await takeBack(rows.slice(start, start + rowsAtOnce), id, timeZone);
    }
  }
  throw new Error('An import could not be taken back: other writers were always faster.');
}

async function takeBack(rows: readonly RawEvent[], importId: mongoose.Types.ObjectId, timeZone: string): Promise<void> {
  const gone: RawEvent[] = [];
  const changed: { before: RawEvent; after: RawEvent }[] = [];
  for (const before of rows) {
    const versions = before.versions!.filter((version) => !version.importId.equals(importId));
    const current = versions.at(-1);
    if (!current) gone.push(before);
    else {
      const { kind: _k, objectId: _o, session: _s, recording: _r, ...base } = before;
      changed.push({ before, after: { ...base, ...stateUpdate(current).set, versions } });
    }
  }
  await takeOutRows(gone, timeZone);
  await settleRows(
    changed.map(({ after }) => after),
    timeZone,
  );
  // A row that another import has written meanwhile is looked at again.
  const asRead = ({ _id, versions }: RawEvent) => ({ _id, versions: { $size: versions!.length } });
  await RawEventModel.collection.bulkWrite(
    [
      ...gone.map((row) => ({ deleteOne: { filter: asRead(row) } })),
      ...changed.map(({ before, after }) => {
        const { set, unset } = stateUpdate(after);
        const update = { $set: { ...set, versions: after.versions }, $unset: unset };
        return { updateOne: { filter: asRead(before), update } };
      }),
    ] as never[],
    { ordered: false },
  );
  await forgetRecordings(gone);
}

/** Recordings that nobody speaks of any more are none of the course's. */
async function forgetRecordings(rows: readonly RawEvent[]): Promise<void> {
  const [first] = rows;
  const ids = [...new Set(rows.flatMap(({ recording }) => recording?.recordingId ?? []))];
  if (!first?.courseId || ids.length === 0) return;
  const { courseId } = first;
  const held = await RawEventModel.distinct('recording.recordingId', { courseId, recording: { $exists: true } });
  const unheld = ids.filter((id) => !held.includes(id));
  if (unheld.length > 0) {
    await CourseModel.updateOne({ _id: courseId }, { $pull: { recordings: { id: { $in: unheld } } } });
  }
}

async function takeOutRows(rows: readonly RawEvent[], timeZone: string): Promise<void> {
  const byPerson = new Map<string, RawEvent[]>();
  for (const row of rows) {
    if (!row.courseId || !row.personId) continue;
    const key = `${row.courseId.toHexString()} ${row.personId.toHexString()}`;
    byPerson.set(key, [...(byPerson.get(key) ?? []), row]);
  }
  const students = [...byPerson].map(([key, own]) => {
    const [courseId = '', personId = ''] = key.split(' ');
    return { courseId, personId, own };
  });
  await storeActivities(
    students.map(({ courseId, personId, own }) => ({
      courseId,
      personId,
      timeZone,
      activities: [],
      withdrawn: own.flatMap((row) => toActivity(row) ?? attendanceOf(row)),
    })),
  );
  for (const { courseId, personId, own } of students) await releaseRegister(courseId, personId, own);
}
