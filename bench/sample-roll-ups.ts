import type mongoose from 'mongoose';

/** A roll-up as benches store it: what a real one holds, by number, so that it is the same every time. */
export interface SampleRollUp {
  _id: string;
  courseId: string;
  personId: string;
  week: string;
  days: Record<string, Record<string, number>>;
  objects: string[];
  seen: string[];
}

export type SampleRollUps = mongoose.mongo.Collection<SampleRollUp>;

export const STUDENTS_PER_COURSE = 2000;
const WEEKS = 12;
const BATCH = 1000;

/** `round` is how often the roll-up was written before: each time it counts a little more. */
export function sampleRollUp(n: number, round = 0): SampleRollUp {
  const courseId = `course-${Math.floor(n / (STUDENTS_PER_COURSE * WEEKS))}`;
  const personId = `person-${n % STUDENTS_PER_COURSE}`;
  const week = `2026-W${String(10 + (Math.floor(n / STUDENTS_PER_COURSE) % WEEKS))}`;
  return {
    _id: `${courseId}/${personId}/${week}`,
    courseId,
    personId,
    week,
    days: { mon: { view: (n % 9) + round, submission: 0 }, wed: { view: 3 }, fri: { 'quiz-attempt': 1 } },
    objects: [`page-${n % 40}`, `page-${n % 17}`, `quiz-${n % 5}`],
    seen: [(n * 7919).toString(36), (n * 104729 + round).toString(36)],
  };
}

export async function upsertSamples(rollUps: SampleRollUps, from: number, to: number, round = 0): Promise<void> {
  for (let at = from; at < to; at += BATCH) {
    const operations = Array.from({ length: Math.min(BATCH, to - at) }, (_, i) => {
      const { _id, ...rest } = sampleRollUp(at + i, round);
      return { updateOne: { filter: { _id }, update: { $set: rest }, upsert: true } };
    });
    await rollUps.bulkWrite(operations, { ordered: false });
  }
}

/** One week of one course: as many roll-ups as it has students. */
export function weekOfCourse(course: number, i: number): Pick<SampleRollUp, 'courseId' | 'week'> {
  return { courseId: `course-${course}`, week: `2026-W${10 + (i % WEEKS)}` };
}
