import { earlyHours, minimumStretchItems, minimumStretchSubmissions } from '../thresholds.ts';
import { countCompletion } from './completion.ts';
import { measured, noData, restOn, sayNumber, type Indicator } from './indicator.ts';

const hourMs = 3_600_000;

export const stretch: Indicator = {
  id: 'stretch',
  label: 'Ready for a further challenge',
  whyItMatters:
    'People who are well ahead may enjoy a harder problem, a role in the group or a conversation about what comes next.',
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
    if (student.completedAt === undefined) return noData('stretch', 'no-source', reading.asOf);
    const asked = student.due.filter(({ state }) => state !== 'left-out');
    if (asked.length === 0) return noData('stretch', 'nothing-due', reading.asOf);
    if (asked.length < minimumStretchSubmissions) return noData('stretch', 'too-early', reading.asOf);
    const { completed, expected } = countCompletion(student.completedAt, student, at);
    if (expected === 0) return noData('stretch', 'nothing-due', reading.asOf);
    if (expected < minimumStretchItems) return noData('stretch', 'too-early', reading.asOf);
    const early = asked.filter(
      ({ dueAt, submittedAt }) => submittedAt !== undefined && dueAt - submittedAt >= earlyHours * hourMs,
    ).length;
    return measured(
      'stretch',
      Math.min(completed / expected, early / asked.length),
      { completed, expected, early, due: asked.length },
      [
        { label: 'Activities completed', value: `${completed} of ${expected}` },
        { label: 'Handed in at least a day early', value: `${early} of ${asked.length}` },
      ],
      restOn(reading, completionReading),
    );
  },
};
