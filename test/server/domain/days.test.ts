import { describe, expect, test } from 'vitest';
import {
  addDays,
  dayNumber,
  dayOf,
  daysBetween,
  firstDayOf,
  isoWeekOf,
  isTimeZone,
  sayDay,
  startOfDay,
} from '../../../server/domain/days.ts';

describe('a day belongs to the course’s own time zone', () => {
  test.each([
    ['2026-03-29T00:30:00Z', 'Europe/London', '2026-03-29'],
    ['2026-03-28T23:30:00Z', 'Europe/London', '2026-03-28'],
    // Summer time: an hour after midnight in London is still yesterday in UTC.
    ['2026-06-30T23:30:00Z', 'Europe/London', '2026-07-01'],
    ['2026-10-24T23:30:00Z', 'Europe/London', '2026-10-25'],
    ['2026-10-25T23:30:00Z', 'Europe/London', '2026-10-25'],
    ['2026-01-01T03:00:00Z', 'America/New_York', '2025-12-31'],
    ['2026-01-01T12:00:00Z', 'Pacific/Kiritimati', '2026-01-02'],
    ['2026-01-01T18:30:00Z', 'Asia/Kolkata', '2026-01-02'],
    ['1969-12-31T23:59:59.999Z', 'UTC', '1969-12-31'],
  ])('%s in %s is %s', (at, zone, day) => {
    expect(dayOf(Date.parse(at), zone)).toBe(day);
  });

  test('a day begins at its own midnight, on days of clock changes too', () => {
    for (let number = dayNumber('2026-01-01'); number < dayNumber('2027-01-01'); number++) {
      for (const zone of ['Europe/London', 'America/Sao_Paulo', 'Africa/Cairo', 'Asia/Beirut']) {
        const day = addDays('1970-01-01', number);
        const start = startOfDay(day, zone);
        expect(dayOf(start, zone)).toBe(day);
        expect(dayOf(start - 1, zone)).toBe(addDays(day, -1));
      }
    }
  });

  test('names of time zones are checked', () => {
    expect(isTimeZone('Europe/London')).toBe(true);
    expect(isTimeZone('Europe/Atlantis')).toBe(false);
  });
});

describe('ISO weeks', () => {
  test.each([
    ['2026-11-23', '2026-W48', '2026-11-23'],
    ['2026-11-29', '2026-W48', '2026-11-23'],
    ['2027-01-03', '2026-W53', '2026-12-28'],
    ['2025-12-29', '2026-W01', '2025-12-29'],
    ['2024-12-30', '2025-W01', '2024-12-30'],
  ])('%s lies in %s, which begins on %s', (day, week, monday) => {
    expect(isoWeekOf(day)).toBe(week);
    expect(firstDayOf(week)).toBe(monday);
  });

  test.each(['2026-W54', '2026-W00', '2026-48', '', '2025-W53'])('%s is no week', (week) => {
    expect(() => firstDayOf(week)).toThrow(RangeError);
  });
});

test('day arithmetic crosses months, years and leap days', () => {
  expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  expect(daysBetween('2026-03-01', '2026-02-27')).toBe(-2);
  expect(sayDay(dayNumber('2026-11-03'))).toBe('3 November');
  expect(() => dayNumber('2026-02-30')).toThrow(RangeError);
  expect(() => dayNumber('soon')).toThrow(RangeError);
});
