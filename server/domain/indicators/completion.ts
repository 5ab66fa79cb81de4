import { dayNumberAt } from '../days.ts';
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
    let expected = 0;
    let completed = 0;
    let leftOut = 0;
    const missing: string[] = [];
    for (const item of at.trackedItems) {
      if (item.expectedBy === undefined || item.expectedBy >= reading.asOf) continue;
      const completedAt = student.completedAt.get(item.id);
      if (completedAt !== undefined && completedAt <= at.now) {
        completed++;
        expected++;
        continue;
      }
      const day = dayNumberAt(item.expectedBy, at.course.calendar.timeZone);
      if (day < student.fromDay || at.isPausedDay(day) || (student.hasPauses && student.isPaused(day))) leftOut++;
      else {
        expected++;
        missing.push(item.title);
      }
    }
    if (expected === 0) return noData('completion', leftOut > 0 ? 'exempt' : 'nothing-due', reading.asOf);
    return measured(
      'completion',
      completed / expected,
      { completed, expected, leftOut },
      [
        { label: 'Completed, of those expected by now', value: `${completed} of ${expected}` },
        ...missing.slice(0, 5).map((title) => ({ label: title, value: 'not complete yet' })),
        ...(missing.length > 5 ? [{ label: 'And others', value: `${missing.length - 5} not complete yet` }] : []),
      ],
      reading,
    );
  },
};
