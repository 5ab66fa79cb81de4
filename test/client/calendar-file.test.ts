import { expect, it } from 'vitest';
import { calendarFile } from '../../client/features/student/calendar-file.ts';

const madeAt = Date.UTC(2026, 10, 25, 15);
const at = Date.UTC(2026, 10, 30, 12, 30);

it('says each event with its time in UTC, and is the same event when it is taken again', () => {
  const file = calendarFile([{ id: 'due-a1', title: 'Essay', at, url: 'https://vle.example/a1' }], madeAt);
  expect(file.split('\r\n')).toEqual([
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Waymark//Due dates//EN',
    'BEGIN:VEVENT',
    'UID:due-a1@waymark',
    'DTSTAMP:20261125T150000Z',
    'DTSTART:20261130T123000Z',
    'DTEND:20261130T123000Z',
    'SUMMARY:Essay',
    'URL:https://vle.example/a1',
    'TRANSP:TRANSPARENT',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'DESCRIPTION:Essay',
    'TRIGGER:-P1D',
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]);
});

it('leaves a title no way to become anything else', () => {
  const title = 'Essay; part 1, with \\ and\nEND:VEVENT';
  expect(calendarFile([{ id: 'a', title, at }], madeAt)).toContain(
    'SUMMARY:Essay\\; part 1\\, with \\\\ and\\nEND:VEVENT\r\n',
  );
});

it('folds long lines at 75 bytes, and no letter in two', () => {
  const title = 'Übung über Bäume – '.repeat(12);
  const file = calendarFile([{ id: 'a', title, at }], madeAt);
  for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  expect(file.replaceAll('\r\n ', '')).toContain(`SUMMARY:${title}`);
});
