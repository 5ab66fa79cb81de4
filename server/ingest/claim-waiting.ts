import mongoose from 'mongoose';
import { RawEventModel, type RawEvent } from '../database/models/raw-event.ts';
import { storeActivities } from '../database/store-activities.ts';
import type { PersonRef } from '../sources/source-event.ts';
import { createPeopleIndex } from './people-index.ts';
import { toActivity } from './raw-activity.ts';
import { storeRegister } from './store-register.ts';
import { takeOut } from './void-events.ts';

/**
 * Gives activity that waited for its person to whoever has appeared in the course since. What was of staff goes. Returns how
 * many events found their person. A run that is interrupted is simply run again.
 */
export async function claimWaiting(course: {
  courseId: string;
  platformId: string;
  timeZone: string;
}): Promise<{ claimed: number }> {
  const { courseId, platformId, timeZone } = course;
  const waiting = (await RawEventModel.distinct('waitsFor', { courseId, waitsFor: { $exists: true } })).filter(
    (key) => key !== undefined,
  );
  if (waiting.length === 0) return { claimed: 0 };
  const found = await createPeopleIndex().findPeople(platformId, courseId, waiting.map(toRef));
  let claimed = 0;
  for (const [key, { personId, role }] of found) {
    const which = { courseId: new mongoose.Types.ObjectId(courseId), waitsFor: key };
    if (role !== 'student') {
      await RawEventModel.deleteMany(which);
      continue;
    }
    const events = (await RawEventModel.find(which).lean<RawEvent[]>()).sort(asReceived);
    if (events.length === 0) continue;
    await storeActivities([
      { courseId, personId, timeZone, activities: events.flatMap((event) => toActivity(event) ?? []) },
    ]);
    await storeRegister(
      events.flatMap(({ session, recording }) =>
        session || recording ? [{ courseId, personId, session, recording }] : [],
      ),
    );
    const owner = new mongoose.Types.ObjectId(personId);
    await RawEventModel.collection.bulkWrite(
      events.map(({ _id, expiresAt, keptUntil = expiresAt }) => {
        const update = { $set: { personId: owner, expiresAt: keptUntil }, $unset: { waitsFor: 1, keptUntil: 1 } };
        return { updateOne: { filter: { _id }, update } };
      }) as never[],
      { ordered: false },
    );
    await takeOutVoided(events, personId);
    claimed += events.length;
  }
  return { claimed };
}

function asReceived(a: RawEvent, b: RawEvent): number {
  return a.expiresAt.getTime() - b.expiresAt.getTime();
}

/** An event may have been voided while it was being claimed. */
async function takeOutVoided(events: readonly RawEvent[], personId: string): Promise<void> {
  const marks = await RawEventModel.find(
    { _id: { $in: events.map(({ _id }) => _id) }, isVoided: true },
    { _id: 1 },
  ).lean();
  const voided = new Set(marks.map(({ _id }) => _id));
  const owner = new mongoose.Types.ObjectId(personId);
  await takeOut(events.flatMap((event) => (voided.has(event._id) ? [{ ...event, personId: owner }] : [])));
}

function toRef(key: string): PersonRef {
  const colon = key.indexOf(':');
  return { by: key.slice(0, colon) as PersonRef['by'], value: key.slice(colon + 1) };
}
