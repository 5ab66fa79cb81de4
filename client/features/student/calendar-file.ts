/** Something to be at or to hand in; the time is in milliseconds since the epoch. */
export interface CalendarEvent {
  /** The same event has the same id, so that a calendar that has it changes it instead of adding it again. */
  readonly id: string;
  readonly title: string;
  readonly at: number;
  readonly minutes?: number;
  readonly note?: string;
  readonly url?: string;
}

/**
 * Events as a calendar file (iCalendar, RFC 5545) that phones and computers open with a calendar of their own; each with a
 * reminder the day before. Takes the time at which it is made.
 */
export function calendarFile(events: readonly CalendarEvent[], madeAt: number): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Waymark//Due dates//EN',
    ...events.flatMap(({ id, title, at, minutes = 0, note, url }) => [
      'BEGIN:VEVENT',
      `UID:${escapeText(id)}@waymark`,
      `DTSTAMP:${sayUtc(madeAt)}`,
      `DTSTART:${sayUtc(at)}`,
      `DTEND:${sayUtc(at + minutes * 60_000)}`,
      `SUMMARY:${escapeText(title)}`,
      ...(note ? [`DESCRIPTION:${escapeText(note)}`] : []),
      ...(url ? [`URL:${url.replace(/\s/g, '')}`] : []),
      'TRANSP:TRANSPARENT',
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      `DESCRIPTION:${escapeText(title)}`,
      'TRIGGER:-P1D',
      'END:VALARM',
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

function sayUtc(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r?\n|\r/g, '\\n');
}

/** A line may have 75 bytes; it goes on after a line end and a space. Letters of several bytes stay whole. */
function fold(line: string): string {
  const parts: string[] = [];
  let part = '';
  let bytes = 0;
  for (const letter of line) {
    const size = new TextEncoder().encode(letter).length;
    if (bytes + size > 74) {
      parts.push(part);
      part = '';
      bytes = 0;
    }
    part += letter;
    bytes += size;
  }
  return [...parts, part].join('\r\n ');
}
