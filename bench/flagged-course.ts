import { EnrolmentModel } from '../server/database/models/enrolment.ts';
import { FlagModel } from '../server/database/models/flag.ts';
import { SnapshotModel } from '../server/database/models/snapshot.ts';
import type { Deps } from '../server/deps.ts';
import { indicatorIds } from '../server/domain/vocabulary.ts';
import { makeCourse, makeFlag, newHexId, type TestPerson } from '../test/support/staffed-course.ts';

export interface FlaggedCourse {
  readonly courseId: string;
  readonly tutor: TestPerson;
  /** The students with a flag. */
  readonly flagged: readonly string[];
}

/** A course of so many students in twenty groups, a share of whom have an open flag. */
export async function makeFlaggedCourse(deps: Deps, students: number, share: number): Promise<FlaggedCourse> {
  const course = await makeCourse(deps);
  const tutor = await course.add('tutor', 'Bench Tutor');
  const ids = Array.from({ length: students }, newHexId);
  await EnrolmentModel.insertMany(
    ids.map((personId, index) => ({
      courseId: course.courseId,
      personId,
      role: 'student',
      roleFrom: 'roster',
      name: `Student ${index}`,
      sortName: `Student ${index}`,
      groups: [{ id: String(index % 20), name: `Group ${index % 20}` }],
    })),
  );
  await SnapshotModel.insertMany(
    ids.map((personId, index) => ({
      courseId: course.courseId,
      personId,
      computedAt: new Date(),
      rulesetVersion: 1,
      week: 9,
      // As many as there are indicators, each as large as one.
      measurements: makeFlag(personId, Date.now(), {
        reasons: indicatorIds.map((indicator) => ({ indicator, value: 1, strength: 'strong' as const })),
      }).evidence.reasons.map(({ measurement }) => measurement),
      presence: { weeks: Array.from({ length: 9 }, (_, week) => ({ week: `2026-W${40 + week}`, activeDays: 3 })) },
      work: { notSeen: index % 3 === 0 ? ['a1'] : [], notKnown: index % 10 === 1 ? ['a1'] : [] },
    })),
  );
  const flagged = ids.slice(0, students * share);
  await FlagModel.insertMany(
    flagged.map((personId, index) => ({
      ...makeFlag(personId, Date.now(), { openedDaysAgo: index % 20 }),
      courseId: course.courseId,
    })),
  );
  return { courseId: course.courseId, tutor, flagged };
}
