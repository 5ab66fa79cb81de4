import { saveFile } from '../../ui/save-file.ts';
import { calendarFile, type CalendarEvent } from './calendar-file.ts';

/** Lets a student put what is to come where they look anyway: into the calendar of their own phone or computer. */
export function CalendarButton({
  label,
  fileName,
  events,
}: {
  label: string;
  fileName: string;
  events: readonly CalendarEvent[];
}) {
  return (
    <button
      type="button"
      className="button button-quiet"
      onClick={() =>
        saveFile(new Blob([calendarFile(events, Date.now())], { type: 'text/calendar;charset=utf-8' }), fileName)
      }
    >
      {label}
    </button>
  );
}
