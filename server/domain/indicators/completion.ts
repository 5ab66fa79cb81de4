import type { CourseAt } from '../course-at.ts';
import { isExempt } from '../due-assessments.ts';
import type { CourseItem } from '../facts.ts';
import type { StudentAt } from '../student-at.ts';
import { measured, noData, sayNumber, type Indicator } from './indicator.ts';

export const completion: Indicator = {
  id: 'completion',
  label: 'Activities completed',
  whyItMatters: 'Steps of the {course} build on each other; a few that were skipped are easier to catch up than many.',
  needs: ['completion'],
  howItIsWorkedOut: 'We divide the tracked activities you have completed by all those expected to be complete by now.',
  unit: 'share',
  inputLabels: {
    completed: 'Completed',
    expected: 'Expected by now',
    leftOut: 'Left out (pause or before you joined)',
  },
  formula: ({ completed = 0, expected = 0 }) => `${sayNumber(completed)} ÷ ${sayNumber(expected)}`,
  whatWouldChangeIt: 'Completing, or marking as done, any activity that was expected by now.',
  whatItCannotTell: 'Some activities are marked by hand, and it is easy to forget to tick them.',

  measure(student, at) {
    const reading = at.topics.completion;
    if (!reading.isKnown) return noData('completion', reading.reason, reading.asOf);
    if (student.completedAt === undefined) return noData('completion', 'no-source', reading.asOf);
    const { expected, completed, leftOut, missing } = countCompletion(student.completedAt, student, at);
    if (expected === 0) return noData('completion', leftOut > 0 ? 'exempt' : 'nothing-due', reading.asOf);
    return measured(
      'completion',
      completed / expected,
      { completed, expected, leftOut },
      [
        { label: 'Completed, of those expected by now', value: `${completed} of ${expected}` },
        ...missing.slice(0, 5).map(({ title }) => ({ label: title, value: 'not complete yet' })),
        ...(missing.length > 5 ? [{ label: 'And others', value: `${missing.length - 5} not complete yet` }] : []),
      ],
      reading,
    );
  },
};

/** What was expected by now and what of it is complete. What was expected before joining or in a pause is left out. */
export function countCompletion(
  completedAt: ReadonlyMap<string, number>,
  student: StudentAt,
  at: CourseAt,
): { expected: number; completed: number; leftOut: number; missing: CourseItem[] } {
  let completed = 0;
  let leftOut = 0;
  const missing: CourseItem[] = [];
  for (const { item, day } of at.expectedItems) {
    const done = completedAt.get(item.id);
    if (done !== undefined && done <= at.now) completed++;
    else if (isExempt(day, student, at)) leftOut++;
    else missing.push(item);
  }
  return { expected: completed + missing.length, completed, leftOut, missing };
}
