import mongoose from 'mongoose';
import { loadCourseFacts, loadStudentFacts } from '../database/facts.ts';
import { CourseStateModel, type CourseState } from '../database/models/course-state.ts';
import { FlagModel, storeFlags, toFlag, type StoredFlag } from '../database/models/flag.ts';
import { loadRuleset } from '../database/models/ruleset.ts';
import { SnapshotModel } from '../database/models/snapshot.ts';
import { computeCourse, type ComputedCourse } from '../domain/compute-course.ts';
import type { StudentFacts } from '../domain/facts.ts';
import { middleWeeks } from '../domain/middle-range.ts';
import type { ComputeDeps } from './deps.ts';
import { noteFeedGaps } from './note-feed-gaps.ts';

export interface Recomputed {
  readonly students: number;
  /** Changes that were stored; one that met a change by staff is left for the next computation. */
  readonly flagsChanged: number;
}

/**
 * Computes indicators and flags of a course from what is stored, without reading any source: after a correction, a pause, a
 * change of rules, or new activity. Running it twice changes nothing. Throws NotFound for an unknown course.
 */
export async function recomputeCourse(courseId: string, deps: ComputeDeps): Promise<Recomputed> {
  const state = await CourseStateModel.findOne({ courseId }, { touchedAt: 1 }).lean<CourseState>();
  const [known, students, ruleset, stored] = await Promise.all([
    loadCourseFacts(courseId),
    loadStudentFacts(courseId),
    loadRuleset(courseId, deps.defaultRuleset),
    FlagModel.find({ courseId }).lean<StoredFlag[]>(),
  ]);
  const now = deps.now();
  const course = await noteFeedGaps(courseId, known, students, now.getTime());
  const computed = computeCourse({ course, students, ruleset, flags: stored.map(toFlag), now: now.getTime() });
  await storeSnapshots(courseId, computed, ruleset.version, now);
  const flagsChanged = await storeFlagChanges(courseId, computed, stored);
  await CourseStateModel.updateOne(
    { courseId },
    {
      $set: {
        computedAt: now,
        week: computed.week,
        cohort: computed.cohort,
        notices: computed.notices,
        middleWeeks: middleWeeks(presencesOf(computed, students)),
      },
    },
    { upsert: true },
  );
  // What came in while this ran is left marked for the next computation, and has waited from now on only.
  if (state?.touchedAt) {
    const { touchedAt } = state;
    const unset = { $unset: { touchedAt: 1, touchedFrom: 1 } };
    const { matchedCount } = await CourseStateModel.updateOne({ courseId, touchedAt }, unset);
    if (matchedCount === 0)
      await CourseStateModel.updateOne({ courseId, touchedAt: { $ne: null } }, { $set: { touchedFrom: now } });
  }
  return { students: students.length, flagsChanged };
}

/** Whoever left the course is not compared with. */
function presencesOf({ snapshots }: ComputedCourse, students: readonly StudentFacts[]) {
  const left = new Set(students.filter(({ leftAt }) => leftAt !== undefined).map(({ personId }) => personId));
  return snapshots.filter(({ personId }) => !left.has(personId)).map(({ presence }) => presence);
}

async function storeSnapshots(courseId: string, computed: ComputedCourse, rulesetVersion: number, now: Date) {
  const id = new mongoose.Types.ObjectId(courseId);
  const atOnce = 500;
  for (let start = 0; start < computed.snapshots.length; start += atOnce) {
    await SnapshotModel.collection.bulkWrite(
      computed.snapshots.slice(start, start + atOnce).map(({ personId, week, measurements, presence, work }) => ({
        updateOne: {
          filter: { courseId: id, personId: new mongoose.Types.ObjectId(personId) },
          update: { $set: { computedAt: now, rulesetVersion, week, measurements, presence, work } },
          upsert: true,
        },
      })),
      { ordered: false, ignoreUndefined: true },
    );
  }
}

async function storeFlagChanges(courseId: string, computed: ComputedCourse, stored: readonly StoredFlag[]) {
  const revs = new Map(stored.map((flag) => [flagKey({ ...flag, personId: String(flag.personId) }), flag.rev]));
  const changes = computed.flagChanges.map(({ flag }) => ({ flag, rev: revs.get(flagKey(flag)) }));
  return (await storeFlags(courseId, changes)).filter(Boolean).length;
}

function flagKey({ personId, kind, openedAt }: { personId: string; kind: string; openedAt: number }): string {
  return `${personId} ${kind} ${openedAt}`;
}
