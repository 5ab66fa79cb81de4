import { whyNothingAsked } from '../due-assessments.ts';
import type { EvidenceItem } from '../measurement.ts';
import { sayLead } from '../say-lead.ts';
import { measured, noData, sayNumber, type Indicator } from './indicator.ts';

const hourMs = 3_600_000;

export const leadTime: Indicator = {
  id: 'lead-time',
  label: 'Time between handing in and the due time',
  whyItMatters: 'Handing in with some time to spare leaves room for a broken link, a question or a good night’s sleep.',
  needs: ['submissions'],
  howItIsWorkedOut:
    'For each piece of work you handed in, we look at how long before or after its due time that was. We show the one in the middle.',
  unit: 'hours',
  inputLabels: { handedIn: 'Assessments handed in', shortest: 'The latest', longest: 'The earliest' },
  inputUnits: { shortest: 'hours', longest: 'hours' },
  formula: ({ handedIn = 0, shortest = 0, longest = 0 }) =>
    handedIn === 1
      ? '1 handed in'
      : `the middle of ${sayNumber(handedIn)}, from ${sayLead(shortest)} to ${sayLead(longest)}`,
  whatWouldChangeIt: 'The time at which you hand in your next assessments.',
  whatItCannotTell: 'It says nothing about the work itself.',

  measure(student, at) {
    const reading = at.topics.submissions;
    if (!reading.isKnown) return noData('lead-time', reading.reason, reading.asOf);
    if (student.submissions === undefined) return noData('lead-time', 'no-source', reading.asOf);
    const hours: number[] = [];
    const evidence: EvidenceItem[] = [];
    for (const { assessment, dueAt, submittedAt } of student.due) {
      if (submittedAt === undefined) continue;
      const lead = (dueAt - submittedAt) / hourMs;
      hours.push(lead);
      evidence.push({ label: assessment.title, value: sayLead(lead) });
    }
    hours.sort((a, b) => a - b);
    const shortest = hours[0];
    const longest = hours.at(-1);
    if (shortest === undefined || longest === undefined) {
      const wasAsked = student.due.some(({ state }) => state !== 'left-out');
      return noData('lead-time', wasAsked ? 'too-little' : whyNothingAsked(student.due, at), reading.asOf);
    }
    const middle = ((hours[(hours.length - 1) >> 1] ?? 0) + (hours[hours.length >> 1] ?? 0)) / 2;
    return measured('lead-time', middle, { handedIn: hours.length, shortest, longest }, evidence, reading);
  },
};
