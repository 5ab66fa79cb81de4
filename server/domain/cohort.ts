import type { CourseAt } from './course-at.ts';
import type { CohortFacts } from './facts.ts';
import { countWindow, type StudentAt } from './student-at.ts';

/** The class as comparisons need it. People who have left are not part of it. */
export function summariseCohort(students: Iterable<StudentAt>, at: CourseAt): CohortFacts {
  let activePeople = 0;
  let activeDays = 0;
  if (!at.recent) return { activePeople, activeDays };
  for (const student of students) {
    if (student.hasLeft) continue;
    const { active } = countWindow(at.recent, student, at);
    if (active === 0) continue;
    activePeople++;
    activeDays += active;
  }
  return { activePeople, activeDays };
}
