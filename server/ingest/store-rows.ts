import type mongoose from 'mongoose';
import { RawEventModel, type RawEvent, type RowVersion } from '../database/models/raw-event.ts';
import { storeActivities, type StudentActivities } from '../database/store-activities.ts';
import type { Activity } from '../domain/activity.ts';
import { toActivity } from './raw-activity.ts';
import { storeRegister } from './store-register.ts';

const stateFields = ['kind', 'objectId', 'session', 'recording'] as const;

/**
 * Stores rows of one import. A row that another file brought before is kept with what each file said of it, and counts as
 * the latest has it, so that a corrected register corrects, and taking it back brings back what was there.
 */
export async function storeRows(
  rows: readonly RawEvent[],
  importId: mongoose.Types.ObjectId,
  timeZone: string,
): Promise<void> {
  const unique = [...new Map(rows.map((row) => [row._id, row])).values()];
  if (unique.length === 0) return;
  await RawEventModel.collection.bulkWrite(unique.map((row) => toWrite(row, importId)) as never[], { ordered: false });
  await settleRows(unique, timeZone);
}

function toWrite(row: RawEvent, importId: mongoose.Types.ObjectId) {
  const {
    _id,
    expiresAt,
    keptUntil,
    personId,
    waitsFor,
    kind: _k,
    objectId: _o,
    session: _s,
    recording: _r,
    ...first
  } = row;
  const { set, unset } = stateUpdate(row);
  return {
    updateOne: {
      filter: { _id },
      update: {
        $setOnInsert: { ...first, ...(waitsFor !== undefined && { waitsFor }) },
        $set: { ...set, expiresAt, ...(personId ? { personId } : { keptUntil }) },
        $unset: { ...unset, ...(personId && { waitsFor: 1, keptUntil: 1 }) },
        $push: { versions: { importId, ...set } },
      },
      upsert: true,
    },
  };
}

/** What makes a row be as one version has it. */
export function stateUpdate(version: Pick<RowVersion, (typeof stateFields)[number]>) {
  const given = stateFields.filter((field) => version[field] !== undefined);
  return {
    set: Object.fromEntries(given.map((field) => [field, version[field]])),
    unset: Object.fromEntries(stateFields.filter((field) => !given.includes(field)).map((field) => [field, 1])),
  };
}

/** Brings roll-ups and registers in line with rows as they are now. Rows whose person is not known yet change nothing. */
export async function settleRows(rows: readonly RawEvent[], timeZone: string): Promise<void> {
  const students = new Map<string, StudentActivities & { activities: Activity[]; withdrawn: Activity[] }>();
  for (const row of rows) {
    if (!row.courseId || !row.personId) continue;
    const courseId = row.courseId.toHexString();
    const personId = row.personId.toHexString();
    const key = `${courseId} ${personId}`;
    const student = students.get(key) ?? { courseId, personId, timeZone, activities: [], withdrawn: [] };
    students.set(key, student);
    const activity = toActivity(row);
    if (activity) student.activities.push(activity);
    else student.withdrawn.push(...attendanceOf(row));
  }
  await storeActivities([...students.values()]);
  await storeRegister(
    rows.flatMap(({ courseId, personId, session, recording }) =>
      courseId && personId && (session || recording)
        ? [{ courseId: courseId.toHexString(), personId: personId.toHexString(), session, recording }]
        : [],
    ),
  );
}

/** What a row would be, had the student been there: to be taken out where an earlier file said so. */
export function attendanceOf(row: RawEvent): Activity[] {
  if (!row.session) return [];
  const activity = toActivity({ ...row, kind: 'attendance', objectId: row.session.sessionId });
  return activity ? [activity] : [];
}
