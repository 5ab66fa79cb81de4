import type { StudentView, Week } from '../../../server/contracts/student-view.ts';
import { addDays, dayAt, sayDay } from '../../format.ts';
import { student } from '../../text/student.ts';

const text = student.week;

/** The days of this week as signs with words, Monday first. */
export function DayStrip({ view, week }: { view: StudentView; week: Week }) {
  const { today, timeZone } = view.course;
  const seenUpTo = view.presence.asOf === undefined ? '' : dayAt(view.presence.asOf, timeZone);
  const days = [];
  for (let day = week.firstDay; day <= week.lastDay; day = addDays(day, 1)) days.push(day);
  return (
    <ul className="day-strip">
      {days.map((day) => {
        const isActive = week.days.includes(day);
        const state = isActive ? 'active' : day > today ? 'to-come' : day > seenUpTo ? 'unknown' : 'quiet';
        return (
          <li key={day} className={`day day-${state}`} aria-current={day === today ? 'date' : undefined}>
            <span aria-hidden="true" className="day-name">
              {sayDay(day).slice(0, 3)}
            </span>
            <span aria-hidden="true" className="day-mark">
              {signs[state]}
            </span>
            <span className="only-spoken">
              {sayDay(day)}
              {day === today && `, ${text.dayToday}`}: {words[state]}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

const signs = { active: '✓', 'to-come': '', unknown: '?', quiet: '–' } as const;
const words = {
  active: text.dayActive,
  'to-come': text.dayToCome,
  unknown: text.dayUnknown,
  quiet: text.dayQuiet,
} as const;
