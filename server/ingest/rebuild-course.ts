import mongoose from 'mongoose';
import { CourseModel, type Course } from '../database/models/course.ts';
import { touchCourse } from '../database/models/course-state.ts';
import { RawEventModel, type RawEvent } from '../database/models/raw-event.ts';
import { RollUpModel, type StoredRollUp } from '../database/models/roll-up.ts';
import type { Activity, IsoWeek, RollUp } from '../domain/activity.ts';
import { firstDayOf, startOfDay } from '../domain/days.ts';
import { rebuildRollUp } from '../domain/rebuild-roll-up.ts';
import { groupByWeek } from '../domain/roll-up.ts';
import { NotFound } from '../errors.ts';
import { toActivity } from './raw-activity.ts';

const dayMs = 86_400_000;
const maxTries = 20;

/**
 * Makes the roll-ups of a course again from the raw events that are kept, while feeds go on delivering. Weeks whose first
 * events may have been deleted by now only gain what is missing. Returns how many students were looked at and how many
 * roll-ups changed; running it twice changes nothing. Throws NotFound for an unknown course.
 */
export async function rebuildCourse(
  courseId: string,
  { now, keptDays }: { now: Date; keptDays: number },
): Promise<{ students: number; changed: number }> {
  const course = await CourseModel.findById(courseId, { calendar: 1 }).lean<Course>();
  if (!course) throw new NotFound();
  const { timeZone } = course.calendar;
  // An event is received an hour before it happened at the earliest, and kept for so many days from then on.
  const keptSince = now.getTime() - (keptDays - 1) * dayMs;
  const isWhole = (week: IsoWeek) => startOfDay(firstDayOf(week), timeZone) >= keptSince;
  const [inEvents, inRollUps] = await Promise.all([
    RawEventModel.distinct('personId', { courseId, personId: { $exists: true } }),
    RollUpModel.distinct('personId', { courseId }),
  ]);
  const people = new Set([...inEvents, ...inRollUps].flatMap((id) => (id ? [id.toHexString()] : [])));
  let changed = 0;
  for (const personId of people) changed += await rebuildStudent({ courseId, personId, timeZone, isWhole });
  if (changed > 0) await touchCourse(courseId, now);
  return { students: people.size, changed };
}

async function rebuildStudent({
  courseId,
  personId,
  timeZone,
  isWhole,
}: {
  courseId: string;
  personId: string;
  timeZone: string;
  isWhole: (week: IsoWeek) => boolean;
}): Promise<number> {
  const own = { courseId: new mongoose.Types.ObjectId(courseId), personId: new mongoose.Types.ObjectId(personId) };
  let changed = 0;
  for (let attempt = 1; attempt <= maxTries; attempt += 1) {
    // Roll-ups first: what is merged after this is found by its `rev`, and its events, stored before, are read below.
    const stored = await RollUpModel.find(own).lean<StoredRollUp[]>();
    const events = await RawEventModel.find(own).lean<RawEvent[]>();
    const byWeek = groupByWeek(
      events.flatMap((event) => toActivity(event) ?? []),
      timeZone,
    );
    let isDone = true;
    for (const week of new Set([...byWeek.keys(), ...stored.map((rollUp) => rollUp.week)])) {
      const outcome = await rebuildWeek({
        own,
        before: stored.find((rollUp) => rollUp.week === week),
        activities: byWeek.get(week) ?? [],
        timeZone,
        isWhole: isWhole(week),
      });
      if (outcome === 'lost') isDone = false;
      if (outcome === 'written') changed += 1;
    }
    if (isDone) return changed;
  }
  throw new Error('A roll-up could not be rebuilt: other writers were always faster.');
}

async function rebuildWeek({
  own,
  before,
  activities,
  timeZone,
  isWhole,
}: {
  own: Pick<StoredRollUp, 'courseId' | 'personId'>;
  before: StoredRollUp | undefined;
  activities: readonly Activity[];
  timeZone: string;
  isWhole: boolean;
}): Promise<'same' | 'written' | 'lost'> {
  const existing: RollUp | undefined = before;
  const rebuilt = rebuildRollUp(existing, activities, timeZone, isWhole);
  if (!rebuilt || rebuilt === existing) return 'same';
  const { week, days, objects, seen } = rebuilt;
  if (before) {
    const { matchedCount } = await RollUpModel.updateOne(
      { _id: before._id, rev: before.rev },
      { $set: { days, objects, seen }, $inc: { rev: 1 } },
    );
    return matchedCount === 1 ? 'written' : 'lost';
  }
  try {
    await RollUpModel.collection.insertOne({ ...own, week, days, objects, seen, rev: 0 });
    return 'written';
  } catch (error) {
    if (error instanceof mongoose.mongo.MongoServerError && error.code === 11_000) return 'lost';
    throw error;
  }
}
