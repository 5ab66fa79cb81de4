import { describe, expect, test } from 'vitest';
import { summariseCohort } from '../../../server/domain/cohort.ts';
import { courseAt } from '../../../server/domain/course-at.ts';
import type { CourseFacts, StudentFacts } from '../../../server/domain/facts.ts';
import { indicatorOf } from '../../../server/domain/indicators/all.ts';
import { studentAt } from '../../../server/domain/student-at.ts';
import type { IndicatorId } from '../../../server/domain/vocabulary.ts';
import { aCourse, aSource, aStudent, classmates, dayName, days, onDay } from './support/facts.ts';

/** A value, or the reason why there is none. Tables below read: what is special, and what comes out. */
function measure(
  id: IndicatorId,
  student: StudentFacts,
  { day = 41, course = {}, others = [] }: { day?: number; course?: Partial<CourseFacts>; others?: StudentFacts[] } = {},
): number | string {
  const now = onDay(day);
  const at = courseAt(aCourse(now, course), now);
  const prepared = studentAt(student, at);
  const cohort = summariseCohort([prepared, ...others.map((each) => studentAt(each, at))]);
  const measurement = indicatorOf(id).measure(prepared, at, cohort);
  return measurement.state === 'measured' ? measurement.value : measurement.reason;
}

const vacation = {
  calendar: { ...aCourse(0).calendar, vacations: [{ from: dayName(28), to: dayName(41), label: 'Break' }] },
};
const gap = { sources: [aSource(onDay(41), { gaps: [{ from: dayName(30), to: dayName(34) }] })] };

describe('recency', () => {
  test.each<[string, StudentFacts, Parameters<typeof measure>[2], number | string]>([
    ['seen today', aStudent([41]), {}, 0],
    ['seen yesterday', aStudent([40]), {}, 1],
    ['seen 13 days ago', aStudent([28]), {}, 13],
    ['seen 14 days ago', aStudent([27]), {}, 14],
    ['never seen: counted from the first day of the course', aStudent([]), {}, 42],
    ['never seen, joined 5 days ago: the day of joining counts', aStudent([], { joinedAt: onDay(37) }), {}, 5],
    ['seen last before joining', aStudent([3], { joinedAt: onDay(20) }), {}, 22],
    ['days of a vacation are left out', aStudent([27]), { course: vacation }, 0],
    ['days without data are left out', aStudent([27]), { course: gap }, 9],
    [
      'days of a pause are left out',
      aStudent([27], { pauses: [{ from: dayName(30), to: dayName(35), kind: 'other' }] }),
      {},
      8,
    ],
    [
      'days that a tutor took out are left out',
      aStudent([27]),
      { course: { pauses: [{ from: dayName(30), to: dayName(36), label: 'Strike' }] } },
      7,
    ],
    ['the platform’s last access counts', aStudent([10], { lastAccessAt: onDay(39) }), {}, 2],
    [
      'an accepted correction counts',
      aStudent([10], { corrections: [{ about: 'active-day', day: dayName(40) }] }),
      {},
      1,
    ],
    ['a date in the future does not', aStudent([20, 60]), {}, 21],
    [
      'counted up to the last reading, not up to now',
      aStudent([27]),
      { course: { sources: [aSource(onDay(40))] } },
      13,
    ],
    ['before the course', aStudent([]), { day: -3 }, 'too-early'],
    ['read 48 hours ago', aStudent([27]), { course: { sources: [aSource(onDay(39))] } }, 12],
    ['read more than 48 hours ago', aStudent([27]), { course: { sources: [aSource(onDay(39) - 1)] } }, 'source-stale'],
    [
      'the source never answered and failed',
      aStudent([]),
      { course: { sources: [aSource(0, { okAt: undefined, failedBecause: 'no' })] } },
      'source-failed',
    ],
    [
      'one of two sources never answered: not waited for',
      aStudent([40]),
      { course: { sources: [aSource(onDay(41)), aSource(0, { source: 'caliper', okAt: undefined })] } },
      1,
    ],
    [
      'one of two sources fell silent',
      aStudent([27]),
      { course: { sources: [aSource(onDay(41)), aSource(onDay(30), { source: 'caliper' })] } },
      'source-stale',
    ],
    [
      'access times are hidden',
      aStudent([]),
      { course: { sources: [aSource(onDay(41), { source: 'moodle', withheld: 'access-hidden' })] } },
      'access-hidden',
    ],
    ['nothing is connected', aStudent([]), { course: { sources: [] } }, 'no-source'],
    [
      'the whole time was a pause',
      aStudent([], { pauses: [{ from: dayName(0), to: dayName(60), kind: 'placement' }] }),
      {},
      'exempt',
    ],
  ])('%s', (_, student, situation, expected) => {
    expect(measure('recency', student, situation)).toBe(expected);
  });

  test('does not change by the hour in which the clocks change', () => {
    // The clocks go back on 25 October 2026, day 34 of the course.
    for (const hour of [0, 1, 2, 3, 23]) {
      const at = courseAt(aCourse(onDay(36)), onDay(36));
      const student = aStudent([], { lastAccessAt: onDay(34, hour) });
      expect(
        indicatorOf('recency').measure(studentAt(student, at), at, { activePeople: 0, activeDays: 0 }),
      ).toMatchObject({ value: 2 });
    }
  });
});

describe('relative-activity', () => {
  // Nine others with seven active days each in the window of days 28 to 41.
  const others = classmates(9, 41);
  test.each<[string, StudentFacts, Parameters<typeof measure>[2], number | string]>([
    ['as active as the others', aStudent(days(28, 40, 2)), { others }, 1],
    ['not active', aStudent([]), { others }, 0],
    ['the first day of the window counts', aStudent([28]), { others }, 1 / 7],
    ['the day before it does not', aStudent([27]), { others }, 0],
    ['eight others are enough', aStudent([]), { others: classmates(8, 41) }, 0],
    ['seven are not', aStudent([]), { others: classmates(7, 41) }, 'group-too-small'],
    ['oneself is not among the others', aStudent([41]), { others: classmates(7, 41) }, 'group-too-small'],
    [
      'people who are not active are not compared with',
      aStudent([]),
      { others: [...classmates(7, 41), aStudent([], { personId: 'x' })] },
      'group-too-small',
    ],
    ['on the 13th day', aStudent([]), { day: 12, others: classmates(9, 12) }, 'too-early'],
    ['on the 14th day', aStudent([]), { day: 13, others: classmates(9, 13) }, 0],
    [
      'joined for half of the window: seven days count double',
      aStudent([36, 38, 40], { joinedAt: onDay(35) }),
      { others },
      6 / 7,
    ],
    ['joined for less than half of it', aStudent([38], { joinedAt: onDay(36) }), { others }, 'joined-recently'],
    [
      'in a pause for more than half of it',
      aStudent([], { pauses: [{ from: dayName(30), to: dayName(38), kind: 'placement' }] }),
      { others },
      'exempt',
    ],
    ['a vacation moves the window back', aStudent(days(14, 26, 2)), { course: vacation, others }, 1],
  ])('%s', (_, student, situation, expected) => {
    const value = measure('relative-activity', student, situation);
    if (typeof expected === 'number') expect(value).toBeCloseTo(expected);
    else expect(value).toBe(expected);
  });
});

describe('own-trend', () => {
  test.each<[string, StudentFacts, Parameters<typeof measure>[2], number | string]>([
    ['the same as usual', aStudent(days(0, 41, 2)), {}, 1],
    ['half of it', aStudent([...days(0, 27, 2), ...days(28, 41, 4)]), {}, 8 / 14],
    ['nothing lately', aStudent(days(0, 27, 2)), {}, 0],
    ['four active days before are a baseline', aStudent([1, 2, 3, 4, 30]), {}, 0.5],
    ['three are not', aStudent([1, 2, 3, 30]), {}, 'no-baseline'],
    ['on the 41st day', aStudent(days(0, 40)), { day: 40 }, 'too-early'],
    ['joined in the last of the weeks before', aStudent(days(21, 41), { joinedAt: onDay(21) }), {}, 'joined-recently'],
    [
      'a pause lately',
      aStudent(days(0, 27), { pauses: [{ from: dayName(28), to: dayName(41), kind: 'placement' }] }),
      {},
      'exempt',
    ],
  ])('%s', (_, student, situation, expected) => {
    const value = measure('own-trend', student, situation);
    if (typeof expected === 'number') expect(value).toBeCloseTo(expected);
    else expect(value).toBe(expected);
  });
});

describe('submissions', () => {
  const course = { assessments: [{ id: 'a', title: 'Essay', kind: 'assignment' as const, dueAt: onDay(30) }] };
  const now = onDay(41);
  const dueAt = (time: number) => ({ assessments: [{ ...course.assessments[0]!, dueAt: time }] });
  test.each<[string, Partial<StudentFacts>, Partial<CourseFacts>, number | string]>([
    ['handed in', { submissions: [{ assessmentId: 'a', submittedAt: onDay(29) }] }, course, 0],
    ['handed in late', { submissions: [{ assessmentId: 'a', submittedAt: onDay(33) }] }, course, 0],
    ['not handed in', { submissions: [] }, course, 1],
    ['due a moment ago', { submissions: [] }, dueAt(now - 1), 1],
    ['due at this very moment', { submissions: [] }, dueAt(now), 'nothing-due'],
    ['due in the future', { submissions: [] }, dueAt(now + 1), 'nothing-due'],
    [
      'due after the last reading',
      { submissions: [] },
      { ...dueAt(now - 1), sources: [aSource(now - 2)] },
      'nothing-due',
    ],
    [
      'an extension that still runs',
      { submissions: [{ assessmentId: 'a', extendedTo: onDay(45) }] },
      course,
      'nothing-due',
    ],
    ['an extension that is over', { submissions: [{ assessmentId: 'a', extendedTo: onDay(35) }] }, course, 1],
    ['excused', { submissions: [{ assessmentId: 'a', isExcused: true }] }, course, 'exempt'],
    [
      'excused by an accepted correction',
      { submissions: [], corrections: [{ about: 'excused', assessmentId: 'a' }] },
      course,
      'exempt',
    ],
    [
      'handed in by an accepted correction',
      { submissions: [], corrections: [{ about: 'submission', assessmentId: 'a', submittedAt: onDay(30) }] },
      course,
      0,
    ],
    ['due before joining', { submissions: [], joinedAt: onDay(31) }, course, 'exempt'],
    ['due on the day of joining', { submissions: [], joinedAt: onDay(30) }, course, 1],
    [
      'due in a pause',
      { submissions: [], pauses: [{ from: dayName(29), to: dayName(31), kind: 'other' }] },
      course,
      'exempt',
    ],
    [
      'due in a pause of the course',
      { submissions: [] },
      { ...course, pauses: [{ from: dayName(30), to: dayName(30), label: 'Strike' }] },
      'exempt',
    ],
    [
      'two sources, one of which saw it',
      { submissions: [{ assessmentId: 'a' }, { assessmentId: 'a', submittedAt: onDay(29) }] },
      course,
      0,
    ],
    ['nobody reads submissions', {}, course, 'no-source'],
    [
      'without a due time',
      { submissions: [] },
      { assessments: [{ id: 'a', title: 'Essay', kind: 'assignment' }] },
      'no-dates',
    ],
  ])('%s', (_, student, facts, expected) => {
    expect(measure('submissions', aStudent([], student), { course: facts })).toBe(expected);
  });
});

describe('attendance', () => {
  const session = (day: number, wasAttended: boolean, isExcused = false) => ({
    sessionId: String(day),
    at: onDay(day),
    wasAttended,
    isExcused,
  });
  test.each<[string, Partial<StudentFacts>, number | string]>([
    ['half of four', { sessions: [session(20, true), session(27, true), session(34, false), session(41, false)] }, 0.5],
    [
      'three recorded are too few',
      { sessions: [session(27, true), session(34, false), session(41, false)] },
      'too-little',
    ],
    ['none recorded', { sessions: [] }, 'nothing-due'],
    ['all excused', { sessions: [20, 27, 34, 41].map((day) => session(day, false, true)) }, 'exempt'],
    [
      'an excused one is left out',
      {
        sessions: [
          session(20, true),
          session(27, true),
          session(30, false, true),
          session(34, true),
          session(41, false),
        ],
      },
      0.75,
    ],
    [
      'one more than four weeks ago does not count',
      { sessions: [session(13, false), session(20, true), session(27, true), session(34, true), session(41, true)] },
      1,
    ],
    [
      'a session to come does not count',
      { sessions: [session(20, true), session(27, true), session(34, true), session(41, true), session(48, false)] },
      1,
    ],
    [
      'present in one of two registers is present',
      { sessions: [session(20, false), session(20, true), session(27, true), session(34, true), session(41, true)] },
      1,
    ],
    [
      'a correction counts',
      {
        sessions: [20, 27, 34, 41].map((day) => session(day, false)),
        corrections: [{ about: 'attendance', sessionId: '20' }],
      },
      0.25,
    ],
    ['nobody records', {}, 'no-source'],
  ])('%s', (_, student, expected) => {
    expect(measure('attendance', aStudent([], student))).toBe(expected);
  });

  test('a session missed in a vacation is left out, one attended counts', () => {
    const sessions = [session(20, true), session(27, false), session(30, true), session(34, true), session(41, false)];
    const vacations = [{ from: dayName(27), to: dayName(30), label: 'Reading week' }];
    const { calendar } = aCourse(0);
    expect(
      measure('attendance', aStudent([], { sessions }), { course: { calendar: { ...calendar, vacations } } }),
    ).toBe(0.75);
  });
});

describe('completion', () => {
  const item = (id: string, day?: number, isTracked = true) => ({
    id,
    title: id,
    kind: 'page',
    isTracked,
    ...(day === undefined ? {} : { expectedBy: onDay(day) }),
  });
  const four = [item('a', 10), item('b', 20), item('b2', 21), item('b3', 22)];
  const course = { items: [...four, item('c', 50), item('d'), item('e', 5, false)] };
  test.each<[string, Partial<StudentFacts>, Partial<CourseFacts>, number | string]>([
    ['one of four expected', { completions: [{ itemId: 'a', completedAt: onDay(9) }] }, course, 0.25],
    ['one of three: too few to be a share', { completions: [] }, { items: four.slice(1) }, 'too-little'],
    ['nothing', { completions: [] }, course, 0],
    ['listed without a time is not complete', { completions: [{ itemId: 'a' }] }, course, 0],
    [
      'what is not expected yet adds nothing',
      {
        completions: [
          { itemId: 'c', completedAt: onDay(9) },
          { itemId: 'a', completedAt: onDay(9) },
        ],
      },
      course,
      0.25,
    ],
    [
      'tracked, and expected by no date',
      { completions: [] },
      { items: [{ id: 'a', title: 'a', kind: 'page', isTracked: true }] },
      'no-dates',
    ],
    [
      'nothing tracked',
      { completions: [] },
      { items: [{ id: 'a', title: 'a', kind: 'page', isTracked: false }] },
      'nothing-due',
    ],
    ['nothing expected yet', { completions: [] }, { items: [item('c', 50)] }, 'nothing-due'],
    ['all expected before joining', { completions: [], joinedAt: onDay(30) }, course, 'exempt'],
    [
      'a correction counts',
      { completions: [], corrections: [{ about: 'completion', itemId: 'b', completedAt: onDay(20) }] },
      course,
      0.25,
    ],
    ['nobody tracks', {}, course, 'no-source'],
    ['not asked of this student', { completions: [], notAsked: ['a', 'b', 'b2', 'b3'] }, course, 'exempt'],
    [
      'not asked, and complete all the same',
      { completions: [{ itemId: 'a', completedAt: onDay(9) }], notAsked: ['a'] },
      course,
      0.25,
    ],
    [
      'work with an agreed later date is not expected before it',
      { completions: [], submissions: [{ assessmentId: 'a', extendedTo: onDay(60) }] },
      course,
      'too-little',
    ],
    [
      'work whose agreed later date has passed is',
      { completions: [], submissions: [{ assessmentId: 'a', extendedTo: onDay(12) }] },
      course,
      0,
    ],
    [
      'work of which nobody is asked',
      { completions: [], submissions: [{ assessmentId: 'a', isExcused: true }] },
      course,
      'too-little',
    ],
  ])('%s', (_, student, facts, expected) => {
    expect(measure('completion', aStudent([], student), { course: facts })).toBe(expected);
  });
});

describe('for the student’s own view', () => {
  const page = (n: number, releasedDay?: number) => ({
    id: `page-${n}`,
    title: `Page ${n}`,
    kind: 'page',
    isTracked: false,
    ...(releasedDay === undefined ? {} : { releasedAt: onDay(releasedDay) }),
  });
  const recordings = [5, 12, 19].map((day) => ({ id: `r${day}`, title: 'Lecture', availableAt: onDay(day) }));
  const assessments = [10, 20, 30].map((day) => ({
    id: `a${day}`,
    title: 'Quiz',
    kind: 'quiz' as const,
    dueAt: onDay(day),
  }));
  const early = [
    { assessmentId: 'a10', submittedAt: onDay(10) - 48 * 3_600_000 },
    { assessmentId: 'a20', submittedAt: onDay(20) - 24 * 3_600_000 },
  ];
  const items = [1, 2, 3, 4].map((n) => ({
    id: `i${n}`,
    title: 'Item',
    kind: 'page',
    isTracked: true,
    expectedBy: onDay(n),
  }));
  const allComplete = items.map(({ id }) => ({ itemId: id, completedAt: onDay(1) }));
  test.each<[IndicatorId, string, StudentFacts, Partial<CourseFacts>, number | string]>([
    [
      'coverage',
      'two of four released',
      aStudent([0, 1]),
      { items: [page(0), page(1), page(2), page(3), page(4, 50)] },
      0.5,
    ],
    ['coverage', 'found by address', aStudent([0]), { items: [{ ...page(9), url: 'page-0' }] }, 1],
    [
      'coverage',
      'a source that does not see objects',
      aStudent([0]),
      { items: [page(0)], sources: [aSource(onDay(41), { source: 'moodle' })] },
      'no-source',
    ],
    ['coverage', 'nothing released', aStudent([0]), {}, 'nothing-due'],
    ['regularity', 'the same each week', aStudent(days(0, 41, 7)), {}, 1],
    ['regularity', 'all in one week', aStudent([0, 1, 2, 3]), {}, 0],
    ['regularity', 'three active days are too few', aStudent([0, 7, 14]), {}, 'too-little'],
    [
      'regularity',
      'joined for three full weeks',
      aStudent(days(21, 41), { joinedAt: onDay(21) }),
      {},
      'joined-recently',
    ],
    ['lead-time', 'the middle of two', aStudent([], { submissions: early }), { assessments }, 36],
    [
      'lead-time',
      'after the due time is below zero',
      aStudent([], { submissions: [{ assessmentId: 'a10', submittedAt: onDay(10) + 3_600_000 }] }),
      { assessments },
      -1,
    ],
    ['lead-time', 'nothing handed in', aStudent([], { submissions: [] }), { assessments }, 'too-little'],
    [
      'lecture-capture',
      'one of three',
      aStudent([], {
        watched: [
          { recordingId: 'r5', at: onDay(6) },
          { recordingId: 'r5', at: onDay(7) },
        ],
      }),
      { recordings },
      1 / 3,
    ],
    [
      'lecture-capture',
      'two recordings are too few',
      aStudent([], { watched: [] }),
      { recordings: recordings.slice(1) },
      'too-little',
    ],
    [
      'lecture-capture',
      'a recording that is not there',
      aStudent([], { watched: [{ recordingId: 'x', at: onDay(6) }] }),
      { recordings },
      0,
    ],
    [
      'stretch',
      'all complete, all a day early',
      aStudent([], { submissions: early, completions: allComplete }),
      { assessments: assessments.slice(0, 2), items },
      1,
    ],
    [
      'stretch',
      'a moment less than a day early',
      aStudent([], {
        submissions: [early[0]!, { assessmentId: 'a20', submittedAt: onDay(20) - 24 * 3_600_000 + 1 }],
        completions: allComplete,
      }),
      { assessments: assessments.slice(0, 2), items },
      0.5,
    ],
    [
      'stretch',
      'one assessment is too few',
      aStudent([], { submissions: early, completions: allComplete }),
      { assessments: assessments.slice(0, 1), items },
      'too-little',
    ],
    [
      'stretch',
      'three activities are too few',
      aStudent([], { submissions: early, completions: allComplete }),
      { assessments, items: items.slice(1) },
      'too-little',
    ],
  ])('%s: %s', (id, _, student, course, expected) => {
    const value = measure(id, student, { course });
    if (typeof expected === 'number') expect(value).toBeCloseTo(expected);
    else expect(value).toBe(expected);
  });
});
