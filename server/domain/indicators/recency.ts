import type { CourseAt } from '../course-at.ts';
import { sayDay } from '../days.ts';
import type { SeenStudent } from '../seen-student.ts';
import { countOf, measured, noData, sayNumber, type Indicator } from './indicator.ts';

export const recency: Indicator = {
  id: 'recency',
  label: 'Days since last seen',
  whyItMatters:
    'A long quiet spell is often the first sign that something has got in the way, and the easiest time to offer help.',
  needs: ['presence'],
  howItIsWorkedOut:
    'We count the whole days since you last did anything that we can see in this {course}. Vacations, pauses and days of which we know nothing are left out.',
  unit: 'days',
  inputLabels: { daysSince: 'Days in all', daysLeftOut: 'Days left out (vacation, pause or not known)' },
  formula: ({ daysSince = 0, daysLeftOut = 0 }) =>
    `${countOf(daysSince, 'day')}${daysLeftOut === 0 ? ', none left out' : ` − ${sayNumber(daysLeftOut)} left out`}`,
  whatWouldChangeIt: 'Opening anything in the {course} starts the count again from zero.',
  whatItCannotTell: 'It does not see reading on paper, downloaded files, study groups or thinking.',

  measure(student, at) {
    const reading = at.topics.presence;
    if (!reading.isKnown) return noData('recency', reading.reason, reading.asOf);
    const upTo = Math.min(reading.asOfDay, at.lastDay);
    if (upTo < at.firstDay) return noData('recency', 'too-early', reading.asOf);

    const last = student.activeDays.at(-1);
    // The day before the first that can count: someone never seen has been quiet since they could first be seen.
    const since = Math.max(last ?? Number.NEGATIVE_INFINITY, student.fromDay - 1);
    const daysSince = Math.max(0, upTo - since);
    let lastUnseen: number | undefined;
    let unseen = 0;
    for (const day of at.unseenDays) {
      if (day <= since || day > upTo) continue;
      lastUnseen = day;
      if (at.countsDay(day) && !student.isPaused(day)) unseen++;
    }
    const value = countDaysSince(since, upTo, student, at) - unseen;

    if (last === undefined && value === 0) {
      const reason = lastUnseen !== undefined ? 'feed-gap' : daysSince === 0 ? 'joined-recently' : 'exempt';
      return noData('recency', reason, reading.asOf);
    }
    const evidence = [
      { label: 'Last seen in the {course}', value: last === undefined ? 'no visit seen yet' : sayDay(last) },
      ...(last === since ? [] : [{ label: 'Counted from', value: sayDay(since + 1) }]),
      { label: 'Looked at up to', value: sayDay(reading.asOfDay) },
    ];
    if (daysSince > value) evidence.push({ label: 'Left out', value: countOf(daysSince - value, 'day') });
    return measured(
      'recency',
      value,
      { daysSince, daysLeftOut: daysSince - value },
      evidence,
      reading,
      // At best: there on the last of the missing days.
      lastUnseen === undefined
        ? undefined
        : { atBest: countDaysSince(lastUnseen, upTo, student, at), atWorst: value + unseen },
    );
  },
};

/** The days after one and up to another that count for the class and for this student. */
function countDaysSince(day: number, upTo: number, student: SeenStudent, at: CourseAt): number {
  let count = at.countDays(day, upTo);
  if (student.hasPauses)
    for (let each = day + 1; each <= upTo; each++) if (at.countsDay(each) && student.isPaused(each)) count--;
  return count;
}
