import { measured, noData, sayNumber, type Indicator } from './indicator.ts';

const hourMs = 3_600_000;

export const leadTime: Indicator = {
  id: 'lead-time',
  label: 'Time between handing in and the due time',
  whyItMatters: 'Handing in with some time to spare leaves room for a broken link, a question or a good night’s sleep.',
  needs: ['submissions'],
  howItIsWorkedOut:
    'We take the hours from each time you handed in to its due time and show the one in the middle; below zero means after the due time.',
  unit: 'hours',
  inputLabels: { handedIn: 'Assessments handed in', shortest: 'Shortest (hours)', longest: 'Longest (hours)' },
  formula: ({ handedIn = 0, shortest = 0, longest = 0 }) =>
    `the middle of ${sayNumber(handedIn)}, from ${sayNumber(shortest)} to ${sayNumber(longest)} hours`,
  whatWouldChangeIt: 'The time at which you hand in your next assessments.',
  whatItCannotTell: 'It says nothing about the work itself.',

  measure(student, at) {
    const reading = at.topics.submissions;
    if (!reading.isKnown) return noData('lead-time', reading.reason, reading.asOf);
    if (student.submissions === undefined) return noData('lead-time', 'no-source', reading.asOf);
    const handedIn = student.due.filter((each) => each.submittedAt !== undefined);
    const hours = handedIn
      .map(({ dueAt, submittedAt }) => (dueAt - (submittedAt ?? dueAt)) / hourMs)
      .sort((a, b) => a - b);
    const shortest = hours[0];
    const longest = hours.at(-1);
    if (shortest === undefined || longest === undefined) return noData('lead-time', 'nothing-due', reading.asOf);
    const middle = ((hours[(hours.length - 1) >> 1] ?? 0) + (hours[hours.length >> 1] ?? 0)) / 2;
    return measured(
      'lead-time',
      middle,
      { handedIn: hours.length, shortest, longest },
      handedIn.map(({ assessment, dueAt, submittedAt }) => ({
        label: assessment.title,
        value: sayLead((dueAt - (submittedAt ?? dueAt)) / hourMs),
      })),
      reading,
    );
  },
};

function sayLead(hours: number): string {
  const [amount, unit] = Math.abs(hours) >= 48 ? [Math.abs(hours) / 24, 'days'] : [Math.abs(hours), 'hours'];
  return `${sayNumber(Math.round(amount))} ${unit} ${hours < 0 ? 'after' : 'before'} the due time`;
}
