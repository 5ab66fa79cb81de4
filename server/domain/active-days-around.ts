import type { CourseAt } from './course-at.ts';
import { dayNumberAt, mondayOf } from './days.ts';
import { countWindow, type SeenStudent } from './seen-student.ts';

/**
 * How many days a student was active in a span of the past, for comparing spans of one length.
 *
 * Takes the moment at which the span begins, its length in days, and the weeks (by the number of their Monday) in which
 * anything at all arrived from the course. Days without data, of a vacation, a pause or before joining are left out and the
 * rest is scaled up to the whole length; undefined where less than half is left, where the span is not all in what was
 * read, or where nobody knows: a span that was not seen is never a quiet one. A week in which the class was heard and this
 * student was not is known, and quiet: leaving it out would leave out whoever did not come back.
 */
export function activeDaysAround(
  { from, days, heardWeeks }: { from: number; days: number; heardWeeks: ReadonlySet<number> },
  student: SeenStudent,
  at: CourseAt,
): number | undefined {
  const { presence } = at.topics;
  if (presence.asOf === undefined) return undefined;
  // Nothing was ever received about them: a stranger to the source, as far as anybody can tell, and no quiet student.
  if (student.activeDays.length === 0) return undefined;
  const { timeZone } = at.course.calendar;
  const first = dayNumberAt(from, timeZone);
  const last = first + days - 1;
  if (last >= dayNumberAt(presence.asOf, timeZone)) return undefined;

  let counted = 0;
  const unseen: number[] = [];
  for (let day = first; day <= last; day++) {
    if (!at.countsDay(day)) continue;
    counted++;
    if (at.unseenDays.includes(day) || !heardWeeks.has(mondayOf(day))) unseen.push(day);
  }
  // Measured by the span itself: a vacation that fills most of it leaves too little, whoever it is.
  if (counted * 2 < days) return undefined;
  const window = { from: first, to: last, days: counted, unseen };
  const { active, counted: left, tooFew } = countWindow(window, student, at);
  return tooFew !== undefined || left === 0 ? undefined : (active / left) * days;
}
