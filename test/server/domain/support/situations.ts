import fc from 'fast-check';
import type { Activity } from '../../../../server/domain/activity.ts';
import type { CourseFacts, DaySpan, StudentFacts, Submission } from '../../../../server/domain/facts.ts';
import { groupByWeek, mergeRollUp } from '../../../../server/domain/roll-up.ts';
import { defaultRuleset, ruleBounds, validateRules, type Rule, type Ruleset } from '../../../../server/domain/rules.ts';
import type { IndicatorId } from '../../../../server/domain/vocabulary.ts';
import { aCourse, aSource, dayName, onDay } from './facts.ts';

/** Whatever a course, its calendar, its class and its rules may be: what properties of the pure core are tried on. */

/** Today is day 55: weeks 1 to 8, London’s clocks having gone back on day 34. */
export const today = 55;
const zones = ['Europe/London', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'];

export const aSpan = fc
  .tuple(fc.integer({ min: -3, max: today }), fc.integer({ min: 0, max: 20 }))
  .map(([from, length]): DaySpan => ({ from: dayName(from), to: dayName(from + length) }));

/** From before the course to after today, so that both lie outside of what may count. */
const aMoment = fc.integer({ min: onDay(-10), max: onDay(today + 5) });

export const someActivities = fc.uniqueArray(
  fc.record({
    eventId: fc.uuid(),
    kind: fc.constantFrom('view' as const, 'completion' as const, 'forum-post' as const, 'presence' as const),
    at: aMoment,
    source: fc.constantFrom('xapi' as const, 'moodle' as const),
    objectId: fc.constantFrom('page-1', 'page-2', undefined),
  }),
  { selector: ({ eventId }) => eventId, maxLength: 40 },
);

const assessments = [12, 28, 47, 60].map((day, n) => ({
  id: `work-${n}`,
  title: `Coursework ${n}`,
  kind: 'assignment' as const,
  dueAt: onDay(day),
}));
const items = Array.from({ length: 6 }, (_, n) => ({
  id: `page-${n}`,
  title: `Page ${n}`,
  kind: 'page',
  isTracked: n !== 5,
  ...(n < 4 ? { expectedBy: onDay(9 * n + 3) } : {}),
}));
const recordings = [2, 9, 16, 58].map((day, n) => ({
  id: `lecture-${n}`,
  title: `Lecture ${n}`,
  availableAt: onDay(day),
}));

const sometimes = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const often = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 8 });

const someSubmissions = fc.subarray(assessments).chain((known) =>
  fc.tuple(
    ...known.map(({ id: assessmentId }): fc.Arbitrary<Submission> =>
      fc.record({
        assessmentId: fc.constant(assessmentId),
        submittedAt: often(aMoment),
        extendedTo: sometimes(fc.integer({ min: onDay(5), max: onDay(70) })),
        isExcused: fc.constantFrom(undefined, undefined, true),
        isDueUnknown: fc.constantFrom(undefined, undefined, undefined, true),
      }),
    ),
  ),
);

const someSessions = fc.subarray([3, 10, 17, 24, 31, 38, 45, 52]).chain((days) =>
  fc.tuple(
    ...days.map((day) =>
      fc.record({
        sessionId: fc.constant(`session-${day}`),
        at: fc.constant(onDay(day)),
        wasAttended: fc.boolean(),
        isExcused: fc.constantFrom(undefined, undefined, true),
      }),
    ),
  ),
);

export const aSituation = fc.record({
  joinedAt: sometimes(fc.integer({ min: onDay(-5), max: onDay(50) })),
  leftAt: fc.option(fc.integer({ min: onDay(30), max: onDay(70) }), { nil: undefined, freq: 1 }),
  lastAccessAt: sometimes(aMoment),
  pauses: fc.array(
    aSpan.map((span) => ({ ...span, kind: 'placement' as const })),
    { maxLength: 2 },
  ),
  submissions: often(someSubmissions),
  completions: often(
    fc
      .subarray(items)
      .chain((done) =>
        fc.tuple(...done.map(({ id: itemId }) => fc.record({ itemId: fc.constant(itemId), completedAt: aMoment }))),
      ),
  ),
  notAsked: sometimes(fc.subarray(items.map(({ id }) => id))),
  sessions: often(someSessions),
  watched: sometimes(
    fc.array(fc.record({ recordingId: fc.constantFrom('lecture-0', 'lecture-1', 'lecture-2'), at: aMoment }), {
      maxLength: 4,
    }),
  ),
  corrections: fc.array(
    fc.oneof(
      fc.integer({ min: 0, max: today }).map((day) => ({ about: 'active-day' as const, day: dayName(day) })),
      fc.constant({ about: 'excused' as const, assessmentId: 'work-1' }),
      fc.constant({ about: 'completion' as const, itemId: 'page-2', completedAt: onDay(30) }),
      fc.constant({ about: 'attendance' as const, sessionId: 'session-45' }),
    ),
    { maxLength: 2 },
  ),
});
export type Situation = Omit<StudentFacts, 'personId' | 'rollUps'>;

/** Noon, midnight, or any other moment of today. */
const aNow = fc.constantFrom(0, 12, 23.9).map((hour) => onDay(today, hour));

/** A course as its sources and its calendar may be; the gaps of a feed are for the tests to put in. */
export const aSetting = fc
  .record({
    vacations: fc.array(
      aSpan.map((span) => ({ ...span, label: 'Break' })),
      { maxLength: 2 },
    ),
    pauses: fc.array(
      aSpan.map((span) => ({ ...span, label: 'Strike' })),
      { maxLength: 1 },
    ),
    timeZone: fc.constantFrom(...zones),
    now: aNow,
  })
  .map((setting) => ({ ...setting, course: courseIn(setting) }));
export interface Setting {
  readonly timeZone: string;
  readonly now: number;
  readonly course: CourseFacts;
}

function courseIn({
  vacations,
  pauses,
  timeZone,
  now,
}: {
  vacations: CourseFacts['calendar']['vacations'];
  pauses: CourseFacts['pauses'];
  timeZone: string;
  now: number;
}): CourseFacts {
  const course = aCourse(now, { assessments, items, recordings, pauses });
  return { ...course, calendar: { ...course.calendar, timeZone, vacations } };
}

/** The same course, with nothing received in some spans. */
export function withGaps({ course, now }: Setting, gaps: readonly DaySpan[]): CourseFacts {
  return { ...course, sources: [aSource(now, { gaps })] };
}

/** The rules of the packs, or any that staff may set. */
export const aRuleset: fc.Arbitrary<Ruleset> = fc.oneof(
  fc.constant(defaultRuleset()),
  fc
    .array(
      fc.constantFrom(...(Object.keys(ruleBounds) as IndicatorId[])).chain((indicator): fc.Arbitrary<Rule> => {
        const bounds = ruleBounds[indicator]!;
        return fc.record({
          indicator: fc.constant(indicator),
          comparison: fc.constantFrom(...bounds.comparisons),
          threshold: fc
            .double({ min: bounds.from, max: bounds.to, noNaN: true })
            .map((threshold) => (bounds.isWhole ? Math.round(threshold) : threshold)),
          fromWeek: fc.integer({ min: 1, max: 8 }),
          strength: fc.constantFrom('strong' as const, 'supporting' as const),
        });
      }),
      { maxLength: 6 },
    )
    .filter((rules) => Object.keys(validateRules(rules)).length === 0)
    .map((rules) => ({ version: 3, rules })),
);

/** Somebody else of the class: how often they come, and from which day on they no longer do. */
interface Classmate {
  readonly every: number;
  readonly until: number;
}

export const aClass = fc.array(
  fc.record({
    every: fc.integer({ min: 1, max: 20 }),
    until: fc.oneof(fc.constant(today), fc.integer({ min: 0, max: today })),
  }),
  { minLength: 0, maxLength: 14 },
);

function activitiesOfClassmate({ every, until }: Classmate, person: number): Activity[] {
  const activities: Activity[] = [];
  for (let day = person % every; day <= until; day += every)
    activities.push({ eventId: `other-${person}-${day}`, kind: 'view', at: onDay(day, 9), source: 'xapi' });
  return activities;
}

export function studentWith(
  activities: readonly Activity[],
  timeZone: string,
  situation: Partial<Situation> = {},
  personId = 'someone',
): StudentFacts {
  const rollUps = [...groupByWeek(activities, timeZone)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => mergeRollUp(undefined, group, timeZone).rollUp);
  return { personId, rollUps, pauses: [], corrections: [], ...situation };
}

export function classOf(classmates: readonly Classmate[], timeZone: string): StudentFacts[] {
  return classmates.map((each, n) => studentWith(activitiesOfClassmate(each, n), timeZone, {}, `other-${n}`));
}
