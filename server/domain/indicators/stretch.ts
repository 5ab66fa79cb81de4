import { whyNothingAsked } from '../due-assessments.ts';
import { whyNothingExpected } from '../expected-items.ts';
import { earlyHours, minimumExpectedItems, minimumStretchSubmissions } from '../thresholds.ts';
import { measured, noData, restOn, sayNumber, type Indicator } from './indicator.ts';

const hourMs = 3_600_000;

export const stretch: Indicator = {
  id: 'stretch',
  label: 'Done in full and a day early',
  whyItMatters:
    'People who are well ahead may enjoy a harder problem, a role in the group or a talk about what comes next.',
  needs: ['completion', 'submissions'],
  howItIsWorkedOut:
    'We take the lower of two shares: activities completed of those expected by now, and coursework handed in at least a day early of all that was due.',
  unit: 'share',
  inputLabels: {
    completed: 'Activities completed',
    expected: 'Activities expected by now',
    early: 'Handed in at least a day early',
    due: 'Coursework due so far',
  },
  formula: ({ completed = 0, expected = 0, early = 0, due = 0 }) =>
    `the lower of ${sayNumber(completed)} ÷ ${sayNumber(expected)} and ${sayNumber(early)} ÷ ${sayNumber(due)}`,
  whatWouldChangeIt: 'It follows what you complete and how early you hand in; there is no need to aim for it.',
  whatItCannotTell: 'It does not know what you would enjoy, or how much else you have on.',

  measure(student, at) {
    const reading = at.topics.submissions;
    if (!reading.isKnown) return noData('stretch', reading.reason, reading.asOf);
    const completionReading = at.topics.completion;
    if (!completionReading.isKnown) return noData('stretch', completionReading.reason, completionReading.asOf);
    if (student.submissions === undefined) return noData('stretch', 'no-source', reading.asOf);
    if (student.expectedItems === undefined) return noData('stretch', 'no-source', reading.asOf);
    let asked = 0;
    let early = 0;
    for (const { state, dueAt, submittedAt } of student.due) {
      if (state === 'left-out') continue;
      asked++;
      if (submittedAt !== undefined && dueAt - submittedAt >= earlyHours * hourMs) early++;
    }
    if (asked === 0) return noData('stretch', whyNothingAsked(student.due, at), reading.asOf);
    if (asked < minimumStretchSubmissions) return noData('stretch', 'too-little', reading.asOf);
    const { completed, expected } = student.expectedItems;
    if (expected === 0) return noData('stretch', whyNothingExpected(student.expectedItems, at), completionReading.asOf);
    if (expected < minimumExpectedItems) return noData('stretch', 'too-little', completionReading.asOf);
    return measured(
      'stretch',
      Math.min(completed / expected, early / asked),
      { completed, expected, early, due: asked },
      [
        { label: 'Activities completed', value: `${completed} of ${expected}` },
        { label: 'Handed in at least a day early', value: `${early} of ${asked}` },
      ],
      restOn(reading, completionReading),
    );
  },
};
