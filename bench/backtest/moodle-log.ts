import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Activity } from '../../server/domain/activity.ts';
import { dayNumberAt, toDay } from '../../server/domain/days.ts';
import type { CourseFacts, StudentFacts } from '../../server/domain/facts.ts';
import { groupByWeek, mergeRollUp } from '../../server/domain/roll-up.ts';
import type { ActivityKind } from '../../server/domain/vocabulary.ts';

/** A real course from its log: presence only, since the log knows neither due dates nor results. */
export interface LoggedCourse {
  readonly name: string;
  readonly students: readonly StudentFacts[];
  readonly events: number;
  courseAt(now: number): CourseFacts;
  /** The last moment of the course. */
  readonly end: number;
}

const zone = 'UTC';
const dayMs = 86_400_000;
/** Fewer people than this on a day: before the course began, or long after it. */
const peopleOfACourseDay = 3;

/** Only staff do these; whoever does one of them is left out. */
const staffEvents =
  /graded|grading|grade deleted|role (un)?assigned|enrol|course (module )?(created|updated|deleted)|calendar event|backup|restored|reset|section|log report|statistics|attendance taken|attendance report|session added|group (created|deleted|member)|all the submissions/i;

const kinds: readonly [RegExp, ActivityKind][] = [
  [/^(a submission has been submitted|submission (created|updated))/i, 'submission'],
  [/completion updated/i, 'completion'],
  [/quiz attempt/i, 'quiz-attempt'],
  [/(discussion|post) created/i, 'forum-post'],
];

interface LogRow {
  readonly Time: string;
  readonly 'Event name': string;
  readonly 'Event context': string;
  readonly user_id: string;
}

export function findMoodleLogs(directory: string): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.csv'))
    .map((file) => join(directory, file))
    .filter((file) => /^\uFEFF?Time,Event context,/.test(readFileSync(file, 'utf8').slice(0, 60)));
}

export function readMoodleLog(file: string): LoggedCourse | undefined {
  const rows = parse<LogRow>(readFileSync(file), { columns: true, bom: true, skip_empty_lines: true });
  const staff = new Set(rows.filter((row) => staffEvents.test(row['Event name'])).map(({ user_id: id }) => id));
  const activities = new Map<string, Activity[]>();
  const peoplePerDay = new Map<number, Set<string>>();
  let events = 0;
  rows.forEach((row, index) => {
    const at = timeOf(row.Time);
    if (at === undefined || staff.has(row.user_id) || row.user_id === '' || Number(row.user_id) < 1) return;
    events++;
    const own = activities.get(row.user_id) ?? [];
    own.push({
      eventId: String(index),
      kind: kinds.find(([pattern]) => pattern.test(row['Event name']))?.[1] ?? 'view',
      at,
      source: 'file',
      objectId: row['Event context'],
    });
    activities.set(row.user_id, own);
    const day = dayNumberAt(at, zone);
    const people = peoplePerDay.get(day) ?? new Set();
    people.add(row.user_id);
    peoplePerDay.set(day, people);
  });
  const courseDays = longestRun(
    [...peoplePerDay].filter(([, people]) => people.size >= peopleOfACourseDay).map(([day]) => day),
  );
  const first = courseDays[0];
  const last = courseDays.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const students = [...activities].flatMap(([personId, own]): StudentFacts[] => {
    const inCourse = own.filter(({ at }) => dayNumberAt(at, zone) >= first && dayNumberAt(at, zone) <= last);
    if (inCourse.length === 0) return [];
    const rollUps = [...groupByWeek(inCourse, zone)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, group]) => mergeRollUp(undefined, group, zone).rollUp);
    return [{ personId, rollUps, pauses: [], corrections: [] }];
  });
  return {
    name: file.replace(/^.*\//, '').replace(/\.csv$/, ''),
    students,
    events,
    end: (last + 1) * dayMs + dayMs,
    courseAt: (now) => ({
      calendar: { timeZone: zone, firstDay: toDay(first), lastDay: toDay(last), vacations: [] },
      assessments: [],
      items: [],
      recordings: [],
      sources: [{ source: 'file', speaksOf: ['presence'], okAt: now, gaps: [] }],
      pauses: [],
    }),
  };
}

/** Days of the longest stretch without a break of four weeks: a log goes on when a course is copied or looked up later. */
function longestRun(days: number[]): number[] {
  const runs: number[][] = [];
  for (const day of days.sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && day - (run.at(-1) ?? day) <= 28) run.push(day);
    else runs.push([day]);
  }
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest), []);
}

/** `6/07/18, 02:55`: day, month, year, in the place's own time, which the log does not name. */
function timeOf(text: string): number | undefined {
  const found = /^(\d{1,2})\/(\d{1,2})\/(\d{2}), (\d{1,2}):(\d{2})/.exec(text);
  if (!found) return undefined;
  const [, day, month, year, hour, minute] = found.map(Number);
  return Date.UTC(2000 + (year ?? 0), (month ?? 1) - 1, day, hour, minute);
}
