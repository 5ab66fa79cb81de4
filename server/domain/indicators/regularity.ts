import type { StudentAt } from '../student-at.ts';
import { minimumRegularityDays, minimumRegularityWeeks } from '../thresholds.ts';
import { measured, noData, sayNumber, type Indicator } from './indicator.ts';

export const regularity: Indicator = {
  id: 'regularity',
  label: 'Evenness of your weeks',
  whyItMatters: 'Studying a little in most weeks tends to stick better than a lot in few.',
  needs: ['presence'],
  howItIsWorkedOut:
    'We look at how your active days spread over the full teaching weeks so far: 1 means the same in every week, 0 means all in one week.',
  unit: 'share',
  inputLabels: {
    weeks: 'Teaching weeks that count for you',
    activeDays: 'Your active days in them',
    weeksActive: 'Weeks with any active day',
    spread: 'Spread over weeks (entropy)',
    evenSpread: 'Spread if all weeks were the same',
  },
  formula: ({ spread = 0, evenSpread = 0 }) => `${sayNumber(spread)} ÷ ${sayNumber(evenSpread)}`,
  whatWouldChangeIt: 'Active days in your quieter weeks raise it; more days in your busiest week do not.',
  whatItCannotTell: 'Some good plans are uneven on purpose.',

  measure(student, at) {
    const reading = at.topics.presence;
    if (!reading.isKnown) return noData('regularity', reading.reason, reading.asOf);
    // Weeks that are over, were teaching weeks, and in which the student could act for most of the time.
    const perWeek = new Map<number, number>();
    for (let index = 0; index < at.weeks.length; index++) {
      const week = at.weekSpans[index];
      if (!week || at.weeks[index]?.number === undefined || week.to >= reading.asOfDay) continue;
      if (at.countDays(week.from - 1, week.to) * 2 < week.to - week.from + 1) continue;
      if (week.from < student.fromDay || (student.hasPauses && isMostlyPaused(week, student))) continue;
      perWeek.set(index, 0);
    }
    if (perWeek.size < minimumRegularityWeeks)
      return noData('regularity', student.joinedLate ? 'joined-recently' : 'too-early', reading.asOf);
    let activeDays = 0;
    for (const day of student.activeDays) {
      const index = at.weekIndexOf(day);
      const known = perWeek.get(index);
      if (known === undefined) continue;
      perWeek.set(index, known + 1);
      activeDays++;
    }
    if (activeDays < minimumRegularityDays) return noData('regularity', 'no-baseline', reading.asOf);

    let spread = 0;
    let weeksActive = 0;
    for (const days of perWeek.values()) {
      if (days === 0) continue;
      weeksActive++;
      spread -= (days / activeDays) * Math.log2(days / activeDays);
    }
    const evenSpread = Math.log2(perWeek.size);
    return measured(
      'regularity',
      // Rounding can push an even spread a hair over 1.
      Math.min(1, Math.max(0, spread / evenSpread)),
      { weeks: perWeek.size, activeDays, weeksActive, spread, evenSpread },
      [
        { label: 'Weeks with any active day', value: `${weeksActive} of ${perWeek.size}` },
        { label: 'Active days in them', value: String(activeDays) },
      ],
      reading,
    );
  },
};

function isMostlyPaused(week: { from: number; to: number }, student: StudentAt): boolean {
  let paused = 0;
  for (let day = week.from; day <= week.to; day++) if (student.isPaused(day)) paused++;
  return paused * 2 > week.to - week.from + 1;
}
