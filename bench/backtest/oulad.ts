import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { RollUp } from '../../server/domain/activity.ts';
import { addDays, dayNumber, isoWeekOf, startOfDay, toDay } from '../../server/domain/days.ts';
import type { CourseFacts, StudentFacts } from '../../server/domain/facts.ts';

/**
 * The Open University data set as course facts. What it holds of presence is coarse: cumulative active days at the end of
 * weeks 2, 4, 6 and 8. At these four moments the indicators of presence can be computed as they are defined, because
 * their windows are whole fortnights; in between nothing is known and nothing is computed.
 */

export const checkpoints = [2, 4, 6, 8] as const;
export const zone = 'Europe/London';
/** A Monday. The data set counts days from the start of a presentation and does not say the date. */
const start = '2013-10-07';

export interface Outcome {
  readonly personId: string;
  readonly result: 'Pass' | 'Distinction' | 'Fail' | 'Withdrawn';
  /** Day of the presentation on which the student left, where they did. */
  readonly leftDay: number | undefined;
  readonly joinedDay: number;
  /** The groups that this open research data set happens to have. The product never reads any of them. */
  readonly groups: Readonly<Record<string, string>>;
}

export interface Presentation {
  readonly name: string;
  readonly module: string;
  readonly lengthDays: number;
  readonly students: readonly StudentFacts[];
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** The course as it is known at the end of a week. */
  courseAt(now: number, graceDays: number): CourseFacts;
}

export function isOulad(directory: string): boolean {
  return existsSync(join(directory, 'vle_panel.csv'));
}

/** The last millisecond of a day of a presentation; day 0 is its first. */
export function endOfDay(day: number): number {
  return startOfDay(addDays(start, day + 1), zone) - 1;
}

export function endOfWeek(week: number): number {
  return endOfDay(week * 7 - 1);
}

type Row = Readonly<Record<string, string>>;

function read(directory: string, file: string): Row[] {
  return parse<Row>(readFileSync(join(directory, file)), { columns: true, bom: true, skip_empty_lines: true });
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text === '' || text === '?' ? undefined : Number(text);
}

const presentationOf = (row: Row) => `${row.code_module} ${row.code_presentation}`;
const enrolmentOf = (row: Row) => `${presentationOf(row)} ${row.id_student}`;

function groupBy(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}

/** Reads every presentation in a folder that has the layout of the data set. */
export function readOulad(directory: string): Presentation[] {
  const info = new Map(read(directory, 'studentInfo.csv').map((row) => [enrolmentOf(row), row]));
  const registration = new Map(read(directory, 'studentRegistration.csv').map((row) => [enrolmentOf(row), row]));
  const panel = groupBy(read(directory, 'vle_panel.csv'), presentationOf);
  const allAssessments = groupBy(read(directory, 'assessments.csv'), presentationOf);
  const submissions = groupBy(read(directory, 'studentAssessment.csv'), (row) => row.id_student ?? '');

  return read(directory, 'courses.csv').flatMap((courseRow): Presentation[] => {
    const name = presentationOf(courseRow);
    const lengthDays = numberOf(courseRow.module_presentation_length) ?? 0;
    // Examinations are sat, not handed in; work without a date is never due.
    const assessments = (allAssessments.get(name) ?? []).flatMap((row) => {
      const day = numberOf(row.date);
      if (row.assessment_type === 'Exam' || day === undefined) return [];
      return [
        {
          id: row.id_assessment ?? '',
          title: `${row.assessment_type} of day ${day}`,
          kind: 'assignment' as const,
          dueAt: endOfDay(day),
        },
      ];
    });
    const ids = new Set(assessments.map(({ id }) => id));
    const students: StudentFacts[] = [];
    const outcomes = new Map<string, Outcome>();
    for (const row of panel.get(name) ?? []) {
      const registered = registration.get(enrolmentOf(row));
      const about = info.get(enrolmentOf(row));
      if (!about) continue;
      const personId = row.id_student ?? '';
      const joinedDay = numberOf(registered?.date_registration) ?? 0;
      const leftDay = numberOf(registered?.date_unregistration);
      students.push({
        personId,
        joinedAt: startOfDay(addDays(start, joinedDay), zone),
        ...(leftDay === undefined ? {} : { leftAt: endOfDay(leftDay) }),
        rollUps: rollUpsOf(row),
        submissions: (submissions.get(personId) ?? [])
          .filter(({ id_assessment: id = '' }) => ids.has(id))
          .map((submission) => ({
            assessmentId: submission.id_assessment ?? '',
            // A banked result was carried over from an earlier presentation: nothing was asked.
            ...(submission.is_banked === '1'
              ? { isExcused: true }
              : { submittedAt: endOfDay(numberOf(submission.date_submitted) ?? 0) - 1 }),
          })),
        pauses: [],
        corrections: [],
      });
      outcomes.set(personId, {
        personId,
        result: (about.final_result ?? 'Fail') as Outcome['result'],
        leftDay,
        joinedDay,
        groups: {
          gender: about.gender ?? '',
          age: about.age_band ?? '',
          disability: about.disability ?? '',
          deprivation: about.imd_band === '' || about.imd_band === '?' ? 'not known' : (about.imd_band ?? ''),
          education: about.highest_education ?? '',
          'week joined': joinedDay <= 0 ? 'before the start' : 'after the start',
        },
      });
    }
    if (students.length === 0) return [];
    return [
      {
        name,
        module: courseRow.code_module ?? '',
        lengthDays,
        students,
        outcomes,
        courseAt: (now, graceDays) => ({
          calendar: { timeZone: zone, firstDay: start, lastDay: addDays(start, lengthDays - 1), vacations: [] },
          assessments: assessments.map((each) => ({ ...each, dueAt: each.dueAt + graceDays * 86_400_000 })),
          items: [],
          recordings: [],
          sources: [{ source: 'file', speaksOf: ['presence', 'submissions'], okAt: now, gaps: [] }],
          pauses: [],
        }),
      },
    ];
  });
}

/**
 * Active days of each fortnight, spread evenly over it: their number is known, and not which days they were. The first
 * figure of the data set includes days before the start; of these only the share of clicks made since is counted, which
 * is an estimate (it touches own-trend at week 6 and nothing else: whether anything was done at all is exact).
 */
function rollUpsOf(row: Row): RollUp[] {
  const days: number[] = [];
  let before = 0;
  for (const week of checkpoints) {
    const total = numberOf(row[`active_days_to_week_${week}`]) ?? 0;
    let inFortnight = total - before;
    if (week === 2) {
      const clicks = numberOf(row.clicks_to_week_2) ?? 0;
      const since = clicks - (numberOf(row.clicks_pre_course) ?? 0);
      inFortnight = since <= 0 ? 0 : Math.max(1, Math.round((total * since) / clicks));
    }
    before = total;
    const inAll = Math.min(14, inFortnight);
    for (let nth = 0; nth < inAll; nth++) days.push((week - 2) * 7 + Math.floor(((nth + 0.5) * 14) / inAll));
  }
  const rollUps = new Map<string, RollUp & { days: { day: string; source: 'file'; counts: { view: number } }[] }>();
  for (const offset of days) {
    const day = toDay(dayNumber(start) + offset);
    const week = isoWeekOf(day);
    const rollUp = rollUps.get(week) ?? { week, days: [], objects: [], seen: [] };
    rollUp.days.push({ day, source: 'file', counts: { view: 1 } });
    rollUps.set(week, rollUp);
  }
  return [...rollUps.values()];
}
