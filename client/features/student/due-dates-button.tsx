import type { Work } from '../../../server/contracts/student-view.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { CalendarButton } from './calendar-button.tsx';

const text = student.calendar;

/** Takes the due times of work that is still to come along; nothing where there are none. */
export function DueDatesButton({ work }: { work: readonly Work[] }) {
  const t = useText();
  const events = work.flatMap(({ id, title, dueAt, url, state }) =>
    dueAt === undefined || state === 'handed-in' || state === 'left-out'
      ? []
      : [{ id: `due-${id}`, title: t(text.due, { title }), at: dueAt, note: t(text.note), ...(url && { url }) }],
  );
  return events.length > 0 && <CalendarButton label={text.dueDates} fileName="due-dates.ics" events={events} />;
}
