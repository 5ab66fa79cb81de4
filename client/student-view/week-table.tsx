import type { MiddleRangeReply } from '../../server/contracts/dashboard.ts';
import type { StudentView, Week, Work } from '../../server/contracts/student-view.ts';
import { dayAt, sayCount, sayDay } from '../format.ts';
import { useText } from '../session.ts';
import { viewText as text } from '../text/student-view.ts';

/** The work that was or is due in a week, by the student's own due times. */
export function workDueIn(week: Week, view: StudentView): Work[] {
  return view.work.filter(({ dueAt }) => {
    if (dueAt === undefined) return false;
    const day = dayAt(dueAt, view.course.timeZone);
    return day >= week.firstDay && day <= week.lastDay;
  });
}

/** Everything that the chart shows, in words and numbers. */
export function WeekTable({ view, range }: { view: StudentView; range?: MiddleRangeReply['weeks'] }) {
  const t = useText();
  const seesResources = canSeeResources(view);
  return (
    // What scrolls must be reachable by keyboard, although it holds nothing to press.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="scroll-x" role="region" aria-label={text.chartTableToggle} tabIndex={0}>
      <table className="weeks-table">
        <caption className="only-spoken">{text.chartTitle}</caption>
        <thead>
          <tr>
            <th scope="col">{text.columnWeek}</th>
            <th scope="col">{text.columnDates}</th>
            <th scope="col">{text.columnActive}</th>
            {seesResources && <th scope="col">{text.columnOpened}</th>}
            {range && <th scope="col">{t(text.columnRange)}</th>}
            <th scope="col">{text.columnDue}</th>
            <th scope="col">{text.columnNotes}</th>
          </tr>
        </thead>
        <tbody>
          {view.weeks.map((week) => {
            const middle = range?.find((each) => each.week === week.week);
            return (
              <tr key={week.week} aria-current={week.when === 'now' ? 'date' : undefined}>
                <th scope="row">{week.vacation ?? week.number}</th>
                <td className="no-break">
                  {sayDay(week.firstDay, 'short')} – {sayDay(week.lastDay, 'short')}
                </td>
                <td>{week.when === 'to-come' ? text.toCome : week.activeDays}</td>
                {seesResources && <td>{week.when === 'to-come' ? '' : week.resources}</td>}
                {range && <td>{middle ? t(text.range, { from: round(middle.from), to: round(middle.to) }) : '–'}</td>}
                <td>
                  {workDueIn(week, view).map((work) => (
                    <div key={work.id}>
                      {work.title}: {text.workStates[work.state].toLowerCase()}
                    </div>
                  ))}
                </td>
                <td>
                  {notes(week)
                    .map((note) => t(note.text, { days: note.days }))
                    .join('; ')}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function notes(week: Week): { text: string; days: string }[] {
  return [
    ...(week.when === 'now' ? [{ text: text.thisWeek, days: '' }] : []),
    ...(week.pausedDays > 0 ? [{ text: text.notePause, days: sayCount(week.pausedDays, 'day') }] : []),
    ...(week.unseenDays > 0 ? [{ text: text.noteUnseen, days: sayCount(week.unseenDays, 'day') }] : []),
  ];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Whether anything connected to the course tells which pages were opened: what can't be seen is not shown as none. */
function canSeeResources({ indicators, weeks }: StudentView): boolean {
  const coverage = indicators.find(({ indicator }) => indicator === 'coverage');
  return coverage?.noData?.reason !== 'no-source' || weeks.some(({ resources }) => resources > 0);
}
