import type { CourseAt } from '../course-at.ts';
import type { StudentAt } from '../student-at.ts';
import { minimumRegularityDays, minimumRegularityWeeks } from '../thresholds.ts';
import type { NoDataReason } from '../vocabulary.ts';
import { measured, noData, sayNumber, type Indicator } from './indicator.ts';

export const regularity: Indicator = {
  id: 'regularity',
  label: 'How even the weeks are',
  whyItMatters: 'Studying a little in most weeks tends to stick better than a lot in few.',
  needs: ['presence'],
  howItIsWorkedOut:
    'We look at how your active days spread over the full teaching weeks so far: 100 % means the same in every week, 0 % means all in one week.',
  unit: 'share',
  inputLabels: {
    weeks: 'Teaching weeks that count for you',
    activeDays: 'Your active days in them',
    weeksActive: 'Weeks with any active day',
    spread: 'Your spread over weeks',
    evenSpread: 'Spread if all weeks were the same',
  },
  formula: ({ spread = 0, evenSpread = 0 }) =>
    `a spread of ${sayNumber(spread)} ÷ ${sayNumber(evenSpread)} for weeks that are all alike`,
  whatWouldChangeIt: 'Active days in your quieter weeks raise it; more days in your busiest week do not.',
  whatItCannotTell: 'Some good plans are uneven on purpose.',

  measure(student, at) {
    const reading = at.topics.presence;
    if (!reading.isKnown) return noData('regularity', reading.reason, reading.asOf);
    // Of the weeks that count for the class, those in which the student could act for most of the time.
    const counting = at.evenWeeks.filter((index) => {
      const week = at.weekSpans[index];
      return week && week.from >= student.fromDay && !(student.hasPauses && isMostlyPaused(week, student));
    });
    if (counting.length < minimumRegularityWeeks)
      return noData('regularity', whyTooFewWeeks(student, at), reading.asOf);
    const perWeek = student.daysInWeeks;
    let activeDays = 0;
    for (const index of counting) activeDays += perWeek[index] ?? 0;
    if (activeDays < minimumRegularityDays) return noData('regularity', 'too-little', reading.asOf);

    let spread = 0;
    let weeksActive = 0;
    for (const index of counting) {
      const days = perWeek[index] ?? 0;
      if (days === 0) continue;
      weeksActive++;
      spread -= (days / activeDays) * Math.log2(days / activeDays);
    }
    const evenSpread = Math.log2(counting.length);
    return measured(
      'regularity',
      // Rounding can push an even spread a hair over 1.
      Math.min(1, Math.max(0, spread / evenSpread)),
      { weeks: counting.length, activeDays, weeksActive, spread, evenSpread },
      [
        { label: 'Weeks with any active day', value: `${weeksActive} of ${counting.length}` },
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

/** The course may be young, or its data incomplete; else it is the student who joined late or had a pause. */
function whyTooFewWeeks(student: StudentAt, at: CourseAt): NoDataReason {
  if (at.evenWeeks.length < minimumRegularityWeeks) return at.unseenDays.length >= 7 ? 'feed-gap' : 'too-early';
  const sinceJoining = at.evenWeeks.filter((index) => (at.weekSpans[index]?.from ?? 0) >= student.fromDay);
  return sinceJoining.length < minimumRegularityWeeks ? 'joined-recently' : 'exempt';
}
