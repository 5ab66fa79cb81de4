import mongoose from 'mongoose';
import { AuditModel } from './models/audit.ts';
import { CourseModel } from './models/course.ts';
import { EnrolmentModel } from './models/enrolment.ts';
import { PersonModel } from './models/person.ts';
import { RawEventModel } from './models/raw-event.ts';

/**
 * Deletes what the institution no longer keeps. Every collection that has a `courseId` belongs to a course and goes with it,
 * so that a new model can't be forgotten; audit rows go by their own period; a person goes with their last enrolment.
 *
 * Takes the time now and for how many days after its last day a course is kept; returns how many courses, people and
 * events whose time has passed were deleted. A run that is interrupted is simply run again: the course's own document goes last.
 */
export async function applyRetention({
  now,
  courseDays,
}: {
  now: Date;
  courseDays: number;
}): Promise<{ courses: number; people: number; events: number }> {
  const lastDayKept = new Date(now.getTime() - courseDays * 86_400_000).toISOString().slice(0, 10);
  const ended = await CourseModel.find({ 'calendar.lastDay': { $lt: lastDayKept } }, { _id: 1 }).lean();
  const belongsToCourse = Object.values(mongoose.models).filter(
    (model) => model.schema.path('courseId') !== undefined && model.modelName !== AuditModel.modelName,
  );
  let people = 0;
  for (const { _id: courseId } of ended) {
    const members = await EnrolmentModel.distinct('personId', { courseId });
    for (const model of belongsToCourse) await model.deleteMany({ courseId });
    const elsewhere = await EnrolmentModel.distinct('personId', { personId: { $in: members } });
    const stillHere = new Set(elsewhere.map(String));
    const gone = members.filter((personId) => !stillHere.has(String(personId)));
    people += (await PersonModel.deleteMany({ _id: { $in: gone } })).deletedCount;
    await CourseModel.deleteOne({ _id: courseId });
  }
  // The database removes these by itself, where it has a clock of its own that runs; here it is made sure.
  const { deletedCount: events } = await RawEventModel.deleteMany({ expiresAt: { $lte: now } });
  return { courses: ended.length, people, events };
}
