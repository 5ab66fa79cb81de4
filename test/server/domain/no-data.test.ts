import { expect, test } from 'vitest';
import { computeCourse } from '../../../server/domain/compute-course.ts';
import { explainMeasurement } from '../../../server/domain/explanations.ts';
import { fillWords } from '../../../server/domain/fill-words.ts';
import type { CourseFacts, StudentFacts } from '../../../server/domain/facts.ts';
import { defaultRuleset } from '../../../server/domain/rules.ts';
import { noDataReasons, type IndicatorId, type NoDataReason } from '../../../server/domain/vocabulary.ts';
import { loadPolicyPack } from '../../../server/policy/load-pack.ts';
import { reasonWords } from '../../../server/staff/words.ts';
import { aCourse, aSource, aStudent, classmates, dayName, days, onDay } from './support/facts.ts';

const { words } = loadPolicyPack('qmul');
const now = onDay(41);
const anAssignment = (day?: number) => ({
  id: `a${day}`,
  title: 'Essay',
  kind: 'assignment' as const,
  ...(day === undefined ? {} : { dueAt: onDay(day) }),
});
const aPage = (day?: number) => ({
  id: `p${day}`,
  title: 'Page',
  kind: 'page',
  isTracked: true,
  ...(day === undefined ? {} : { expectedBy: onDay(day) }),
});
const attended = (...on: number[]) => on.map((day) => ({ sessionId: `s${day}`, at: onDay(day), wasAttended: false }));
const pausedThroughout = [{ from: dayName(0), to: dayName(60), kind: 'interruption' as const }];

/** What is so, and what a student is told about it: each sentence must be true of the situation beside it. */
const situations: [IndicatorId, string, NoDataReason, Partial<StudentFacts>, Partial<CourseFacts>, string][] = [
  [
    'attendance',
    'no register',
    'no-source',
    {},
    { sources: [aSource(now, { speaksOf: ['presence'] })] },
    'told nothing about this',
  ],
  ['recency', 'not read for days', 'source-stale', {}, { sources: [aSource(onDay(30))] }, 'too old'],
  [
    'recency',
    'could not be read',
    'source-failed',
    {},
    { sources: [aSource(onDay(30), { failedBecause: 'the server is away' })] },
    'could not find out anything new',
  ],
  [
    'own-trend',
    'a feed silent for ten days',
    'feed-gap',
    {},
    { sources: [aSource(now, { gaps: [{ from: dayName(30), to: dayName(39) }] })] },
    'on our side',
  ],
  [
    'recency',
    'the platform hides visits',
    'access-hidden',
    {},
    { sources: [aSource(now, { withheld: 'access-hidden' })] },
    'does not tell when people were here',
  ],
  [
    'own-trend',
    'third week of the course',
    'too-early',
    {},
    { calendar: { ...aCourse(now).calendar, firstDay: dayName(21) } },
    'too early',
  ],
  ['own-trend', 'joined in week 5', 'joined-recently', { joinedAt: onDay(30) }, {}, 'long enough'],
  ['regularity', 'joined in week 5', 'joined-recently', { joinedAt: onDay(30) }, {}, 'long enough'],
  ['regularity', 'paused until now', 'exempt', { pauses: pausedThroughout }, {}, 'a pause'],
  ['recency', 'never seen, paused all along', 'exempt', { rollUps: [], pauses: pausedThroughout }, {}, 'a pause'],
  [
    'submissions',
    'due before joining',
    'exempt',
    { joinedAt: onDay(30) },
    { assessments: [anAssignment(20)] },
    'joined',
  ],
  ['completion', 'left the course', 'exempt', { leftAt: onDay(30) }, { items: [aPage(20)] }, 'left'],
  [
    'own-trend',
    'only two active days before',
    'no-baseline',
    { rollUps: aStudent([5, 6]).rollUps },
    {},
    'your own earlier weeks',
  ],
  ['submissions', 'due next week', 'nothing-due', {}, { assessments: [anAssignment(50)] }, 'nothing of this kind'],
  ['completion', 'expected next week', 'nothing-due', {}, { items: [aPage(50)] }, 'nothing of this kind'],
  ['attendance', 'the last session was long ago', 'nothing-due', { sessions: attended(2) }, {}, 'In the time that'],
  ['lead-time', 'due next week', 'nothing-due', {}, { assessments: [anAssignment(50)] }, 'nothing of this kind'],
  ['submissions', 'without due times', 'no-dates', {}, { assessments: [anAssignment()] }, 'gives no dates'],
  ['completion', 'tracked without dates', 'no-dates', {}, { items: [aPage()] }, 'gives no dates'],
  ['stretch', 'without due times', 'no-dates', {}, { assessments: [anAssignment()], items: [aPage(9)] }, 'no dates'],
  ['attendance', 'three sessions', 'too-little', { sessions: attended(30, 33, 36) }, {}, 'too little'],
  ['lead-time', 'due, none handed in', 'too-little', {}, { assessments: [anAssignment(20)] }, 'too little'],
  ['regularity', 'two active days', 'too-little', { rollUps: aStudent([5, 6]).rollUps }, {}, 'too little'],
];

function findOut(id: IndicatorId, student: Partial<StudentFacts>, course: Partial<CourseFacts>, others = 10) {
  const { snapshots } = computeCourse({
    course: aCourse(now, course),
    students: [
      aStudent(days(0, 40, 4), { submissions: [], completions: [], sessions: [], watched: [], ...student }),
      ...classmates(others, 40),
    ],
    ruleset: defaultRuleset(),
    flags: [],
    now,
  });
  return snapshots[0]!.measurements.find((measurement) => measurement.id === id)!;
}

const tellStudent = (measurement: Parameters<typeof explainMeasurement>[0]) =>
  explainMeasurement(measurement, { rules: [], week: 6, words }).noData?.text;

test.each(situations)('%s, %s: %s', (id, _, reason, student, course, said) => {
  const measurement = findOut(id, student, course);
  expect(measurement).toMatchObject({ state: 'noData', reason });
  expect(tellStudent(measurement)).toContain(said);
});

test('relative-activity, with seven others: group-too-small', () => {
  const measurement = findOut('relative-activity', {}, {}, 7);
  expect(measurement).toMatchObject({ state: 'noData', reason: 'group-too-small' });
  expect(tellStudent(measurement)).toContain('Too few other people');
});

test('every reason has a situation above, and a sentence for the student and for staff', () => {
  const shown = new Set([...situations.map(([, , reason]) => reason), 'group-too-small']);
  expect([...noDataReasons].filter((reason) => !shown.has(reason))).toEqual([]);
  for (const reason of noDataReasons) {
    expect(tellStudent({ id: 'recency', state: 'noData', reason })).toMatch(/^[A-Z].*\.$/);
    expect(fillWords(reasonWords[reason], words)).toMatch(/^[^{}]+$/);
  }
});
