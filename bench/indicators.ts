import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { computeCourse } from '../server/domain/compute-course.ts';
import type { Activity } from '../server/domain/activity.ts';
import { toDay } from '../server/domain/days.ts';
import type { CourseFacts, StudentFacts } from '../server/domain/facts.ts';
import { groupByWeek, mergeRollUp } from '../server/domain/roll-up.ts';
import { defaultRuleset } from '../server/domain/rules.ts';
import type { ActivityKind } from '../server/domain/vocabulary.ts';
import { readCourseLog, type CourseLogName } from '../test/practice-vle/course-log.ts';
import type { Bench, Figure } from './figure.ts';

/** A whole university, made by repeating real courses; each course is computed and let go before the next. */
const students = 32_000;
const coursesEach = 4;
const weeks = 12;

interface Template {
  readonly course: CourseFacts;
  readonly students: readonly StudentFacts[];
  readonly now: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

function kindOf(action: string): ActivityKind {
  if (/submission-(sent|submitted|created|updated)/.test(action)) return 'submission';
  return action === 'completion-updated' ? 'completion' : 'view';
}

/**
 * The first twelve weeks of a real course. Activity and completion are the log's own; due times, and handing in on the
 * student's last active day before them, are laid over it, because the log has none.
 */
function templateOf(name: CourseLogName): Template {
  const log = readCourseLog(name);
  const origin = Date.parse(`${log.firstMonday}T00:00:00Z`);
  const now = origin + weeks * 7 * dayMs - 1;
  const dayAt = (share: number) => origin + Math.round(share * weeks * 7) * dayMs;
  const activities = new Map<number, Activity[]>();
  log.events.forEach(({ minute, personId, action, moduleId }, index) => {
    const at = origin + minute * minuteMs;
    if (personId === 0 || at > now) return;
    const own = activities.get(personId) ?? [];
    own.push({ eventId: String(index), kind: kindOf(action), at, source: 'xapi', objectId: String(moduleId) });
    activities.set(personId, own);
  });
  const dues = [0.25, 0.5, 0.75, 0.95].map((share, index) => ({ id: `due-${index}`, dueAt: dayAt(share) }));
  return {
    now,
    course: {
      calendar: {
        timeZone: 'UTC',
        firstDay: toDay(origin / dayMs),
        lastDay: toDay(origin / dayMs + weeks * 7 - 1),
        vacations: [],
      },
      assessments: dues.map(({ id, dueAt }) => ({ id, title: id, kind: 'assignment', dueAt })),
      items: log.modules.map(({ id, name: title, type }, index) => ({
        id: String(id),
        title,
        kind: type,
        isTracked: true,
        expectedBy: dayAt(index / log.modules.length),
      })),
      recordings: [],
      sources: [{ source: 'xapi', speaksOf: ['presence', 'submissions', 'completion'], okAt: now, gaps: [] }],
      pauses: [],
    },
    students: [...activities].map(([personId, own]) => studentOf(String(personId), own, dues)),
  };
}

function studentOf(
  personId: string,
  own: readonly Activity[],
  dues: readonly { id: string; dueAt: number }[],
): StudentFacts {
  return {
    personId,
    rollUps: [...groupByWeek(own, 'UTC').values()].map((group) => mergeRollUp(undefined, group, 'UTC').rollUp),
    submissions: dues.flatMap(({ id, dueAt }) => {
      const before = own.filter(({ at }) => at < dueAt && at > dueAt - 10 * dayMs).at(-1);
      return before ? [{ assessmentId: id, submittedAt: before.at }] : [];
    }),
    completions: own
      .filter(({ kind }) => kind === 'completion')
      .map(({ objectId = '', at }) => ({ itemId: objectId, completedAt: at })),
    pauses: [],
    corrections: [],
  };
}

function courseOf(template: Template, size: number, name: string): StudentFacts[] {
  return Array.from({ length: size }, (_, index) => ({
    ...template.students[index % template.students.length]!,
    personId: `${name}-${index}`,
  }));
}

/** Milliseconds of processor time, which a busy machine does not stretch. */
function compute(template: Template, people: readonly StudentFacts[]): number {
  const before = process.cpuUsage();
  computeCourse({ course: template.course, students: people, ruleset: defaultRuleset(), flags: [], now: template.now });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapMegabytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1e6;
}

function measureUniversity(templates: readonly Template[]): Figure[] {
  let enrolments = 0;
  let inside = 0;
  let courses = 0;
  let heapEarly = 0;
  let heapPeak = 0;
  const start = performance.now();
  while (enrolments < students * coursesEach) {
    const template = templates[courses % templates.length]!;
    const people = courseOf(template, template.students.length, String(courses));
    inside += compute(template, people);
    enrolments += people.length;
    courses++;
    if (courses % 100 === 0) {
      const heap = heapMegabytes();
      heapEarly ||= heap;
      heapPeak = Math.max(heapPeak, heap);
    }
  }
  const seconds = (performance.now() - start) / 1000;
  return [
    {
      figure: `university: ${enrolments} enrolments in ${courses} courses, ${weeks} weeks`,
      value: seconds,
      unit: 's',
      floor: 60,
      ratio: null,
    },
    {
      figure: 'pure part, per second of processor time',
      value: (enrolments * weeks) / (inside / 1000),
      unit: 'enrolment-weeks/s',
      floor: 500_000,
      ratio: null,
    },
    {
      figure: 'heap that stays, at its greatest, beside after 100 courses',
      value: heapPeak,
      unit: 'MB',
      floor: null,
      ratio: heapPeak / heapEarly,
    },
  ];
}

const studentsForGrowth = 16_000;

function measureGrowth(template: Template): Figure[] {
  // As many students at every size: a small course must not get away without the garbage it leaves behind.
  const one = (size: number) => {
    const people = courseOf(template, size, 'growth');
    const courses = studentsForGrowth / size;
    collectGarbage();
    let spent = 0;
    for (let course = 0; course < courses; course++) spent += compute(template, people);
    return spent / courses;
  };
  const best = (size: number) => Math.min(...Array.from({ length: 5 }, () => one(size)));
  const sizes = [250, 500, 1_000, 2_000, 4_000];
  const times = sizes.map(best);
  return sizes.slice(1).map((size, index) => ({
    figure: `one course of ${size} students, beside half of them`,
    value: times[index + 1]!,
    unit: 'ms of processor time',
    floor: null,
    ratio: times[index + 1]! / times[index]!,
  }));
}

export const indicators: Bench = {
  name: 'indicators',
  run() {
    const templates = (['module-4-sp18', 'module-1-sp18'] as const).map(templateOf);
    const largest = templates[0]!;
    // What a long-running server does matters, not the first second of it.
    for (let round = 0; round < 20; round++) compute(largest, courseOf(largest, 500, 'warm'));
    return Promise.resolve([...measureUniversity(templates), ...measureGrowth(largest)]);
  },
};
