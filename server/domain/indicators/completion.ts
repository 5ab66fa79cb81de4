import { whyNothingExpected } from '../expected-items.ts';
import { minimumExpectedItems } from '../thresholds.ts';
import { measured, noData, sayNumber, type Indicator } from './indicator.ts';

export const completion: Indicator = {
  id: 'completion',
  label: 'Activities completed',
  whyItMatters: 'Steps of the {course} build on each other; a few that were skipped are easier to catch up than many.',
  needs: ['completion'],
  howItIsWorkedOut: 'We divide the activities that you have completed by all those you were asked to complete by now.',
  unit: 'share',
  inputLabels: {
    completed: 'Completed',
    expected: 'Expected by now',
    leftOut: 'Left out (pause, before you joined, not asked of you, or due later for you)',
  },
  formula: ({ completed = 0, expected = 0 }) => `${sayNumber(completed)} ÷ ${sayNumber(expected)}`,
  whatWouldChangeIt: 'Completing, or marking as done, any activity that was expected by now.',
  whatItCannotTell: 'Some activities are marked by hand, and it is easy to forget to tick them.',

  measure(student, at) {
    const reading = at.topics.completion;
    if (!reading.isKnown) return noData('completion', reading.reason, reading.asOf);
    if (student.expectedItems === undefined) return noData('completion', 'no-source', reading.asOf);
    const { expected, completed, leftOut, firstMissing } = student.expectedItems;
    if (expected === 0) return noData('completion', whyNothingExpected(student.expectedItems, at), reading.asOf);
    if (expected < minimumExpectedItems) return noData('completion', 'too-little', reading.asOf);
    const others = expected - completed - firstMissing.length;
    return measured(
      'completion',
      completed / expected,
      { completed, expected, leftOut },
      [
        { label: 'Completed, of those expected by now', value: `${completed} of ${expected}` },
        ...firstMissing.map(({ title }) => ({ label: title, value: 'not complete yet' })),
        ...(others > 0 ? [{ label: 'And others', value: `${others} not complete yet` }] : []),
      ],
      reading,
    );
  },
};
