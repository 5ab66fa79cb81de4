import type { CohortFacts } from './facts.ts';
import type { SeenStudent } from './seen-student.ts';
import { classGuardMinimum } from './thresholds.ts';

/** The class as comparisons need it. People who have left are not part of it. */
export function summariseCohort(students: Iterable<SeenStudent>): CohortFacts {
  let activePeople = 0;
  let activeDays = 0;
  const ofEach: number[] = [];
  for (const { hasLeft, lately } of students) {
    if (hasLeft || !lately) continue;
    // Days that were lost were lost to everybody: whose days are enough but for them is part of the class.
    if (lately.tooFew === undefined || lately.tooFew === 'feed-gap') ofEach.push(lately.active);
    if (lately.active === 0) continue;
    activePeople++;
    activeDays += lately.active;
  }
  const usualDays = ofEach.length < classGuardMinimum ? undefined : upperMiddle(ofEach);
  return usualDays === undefined ? { activePeople, activeDays } : { activePeople, activeDays, usualDays };
}

/** The middle value, the upper one of two: more than half of the values are no greater. */
function upperMiddle(values: number[]): number | undefined {
  return values.sort((a, b) => a - b)[values.length >> 1];
}
