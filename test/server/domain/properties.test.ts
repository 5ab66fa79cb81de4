import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Activity } from '../../../server/domain/activity.ts';
import { computeCourse, measureCourse, type ComputedCourse } from '../../../server/domain/compute-course.ts';
import { dayNumber, dayOf } from '../../../server/domain/days.ts';
import type { CourseFacts, StudentFacts } from '../../../server/domain/facts.ts';
import type { Flag } from '../../../server/domain/flags.ts';
import { defaultRuleset, type Ruleset } from '../../../server/domain/rules.ts';
import type { IndicatorId } from '../../../server/domain/vocabulary.ts';
import { classmates, onDay } from './support/facts.ts';
import {
  aClass,
  aRuleset,
  aSetting,
  aSituation,
  aSpan,
  classOf,
  someActivities,
  studentWith,
  today,
  withGaps,
  type Setting,
} from './support/situations.ts';

function compute(
  { now }: Pick<Setting, 'now'>,
  course: CourseFacts,
  students: readonly StudentFacts[],
  { ruleset = defaultRuleset(), flags = [] }: { ruleset?: Ruleset; flags?: readonly Flag[] } = {},
) {
  return computeCourse({ course, students, ruleset, flags, now });
}

const raised = ({ flagChanges }: ComputedCourse) =>
  flagChanges.filter(({ what }) => what === 'raised').map(({ flag }) => `${flag.personId} ${flag.kind}`);

function valueOf({ snapshots }: ComputedCourse, id: IndicatorId): number | undefined {
  const measurement = snapshots[0]!.measurements.find((each) => each.id === id)!;
  return measurement.state === 'measured' ? measurement.value : undefined;
}

/** The same things in another order, some of them twice. */
const shuffledAndRepeated = <Item>(all: readonly Item[]) =>
  fc
    .tuple(fc.shuffledSubarray([...all], { minLength: all.length }), fc.subarray([...all]))
    .map(([shuffled, again]) => [...again, ...shuffled, ...again]);

const listsOf = ({ submissions, completions, sessions, watched }: Partial<StudentFacts>) => ({
  submissions,
  completions,
  sessions,
  watched,
});

describe('whatever the activity, the calendar, the class, the rules and the situation', () => {
  test('order and repetition of events, records and people change nothing', () => {
    fc.assert(
      fc.property(
        someActivities.chain((all) => fc.tuple(fc.constant(all), shuffledAndRepeated(all))),
        aSituation.chain((situation) => {
          const lists = Object.entries(listsOf(situation)).filter(([, list]) => list !== undefined);
          return fc
            .tuple(...lists.map(([name, list]) => shuffledAndRepeated<unknown>(list!).map((again) => [name, again])))
            .map((again) => [situation, { ...situation, ...(Object.fromEntries(again) as typeof situation) }] as const);
        }),
        aSetting,
        aClass,
        aRuleset,
        ([all, again], [situation, messy], setting, others, ruleset) => {
          const { course, timeZone } = setting;
          const group = classOf(others, timeZone);
          const once = compute(setting, course, [studentWith(all, timeZone, situation), ...group], { ruleset });
          const twice = compute(setting, course, [...group.toReversed(), studentWith(again, timeZone, messy)], {
            ruleset,
          });
          const inOrder = ({ snapshots, flagChanges, ...rest }: ComputedCourse) => ({
            ...rest,
            snapshots: snapshots.toSorted((a, b) => (a.personId < b.personId ? -1 : 1)),
            flagChanges: flagChanges.toSorted((a, b) => (a.flag.personId < b.flag.personId ? -1 : 1)),
          });
          expect(inOrder(twice)).toEqual(inOrder(once));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('the same computation on its own result changes no flag, whoever has closed it meanwhile', () => {
    fc.assert(
      fc.property(
        someActivities,
        aSetting,
        aSituation,
        aClass,
        aRuleset,
        fc.constantFrom('open' as const, 'discussing' as const, 'acting' as const, 'dismissed' as const),
        (activities, setting, situation, others, ruleset, state) => {
          const { course, timeZone, now } = setting;
          const students = [studentWith(activities, timeZone, situation), ...classOf(others, timeZone)];
          const flags = compute(setting, course, students, { ruleset }).flagChanges.map(({ flag }) => ({
            ...flag,
            state,
          }));
          const later = { ...setting, now: now + 60_000 };
          for (const moment of [setting, later])
            expect(compute(moment, { ...course }, students, { ruleset, flags }).flagChanges).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('further activity lately never lowers an indicator of activity, and never raises a flag', () => {
    const others = classmates(11, today);
    fc.assert(
      fc.property(
        someActivities,
        fc.integer({ min: 0, max: today }),
        aSetting,
        aSituation,
        aRuleset,
        (activities, day, setting, situation, ruleset) => {
          const { course, timeZone, now } = setting;
          const at = measureCourse(course, [], now).at;
          const recentFrom = at.recent?.from ?? at.firstDay;
          const added: Activity = {
            eventId: 'added',
            kind: 'view',
            at: onDay(day),
            source: 'xapi',
            objectId: 'page-1',
          };
          const [before, after] = [activities, [...activities, added]].map((own) =>
            compute(setting, course, [studentWith(own, timeZone, situation), ...others], { ruleset }),
          ) as [ComputedCourse, ComputedCourse];
          const change = (id: IndicatorId) => {
            const [a, b] = [valueOf(before, id), valueOf(after, id)];
            return a === undefined || b === undefined ? 0 : b - a;
          };
          expect(change('recency')).toBeLessThanOrEqual(0);
          expect(change('relative-activity')).toBeGreaterThanOrEqual(0);
          expect(change('coverage')).toBeGreaterThanOrEqual(0);
          for (const id of ['submissions', 'attendance', 'completion', 'lead-time', 'lecture-capture'] as const)
            expect(change(id)).toBe(0);
          // Before the recent window it is the student's own usual that grows.
          if (dayNumber(dayOf(onDay(day), timeZone)) < recentFrom) return;
          expect(change('own-trend')).toBeGreaterThanOrEqual(0);
          // Somebody back from a quiet spell may be offered more where they were offered support.
          const support = (result: ComputedCourse) => raised(result).filter((each) => each.endsWith('support'));
          expect(support(before)).toEqual(expect.arrayContaining(support(after)));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('handing in, completing, attending and watching never lower what they count', () => {
    fc.assert(
      fc.property(someActivities, aSetting, aSituation, aClass, (activities, setting, situation, others) => {
        const { course, timeZone } = setting;
        const group = classOf(others, timeZone);
        const { submissions = [], completions = [], sessions = [], watched = [] } = situation;
        const more = {
          ...situation,
          ...(situation.submissions && {
            submissions: [...submissions, { assessmentId: 'work-0', submittedAt: onDay(11) }],
          }),
          ...(situation.completions && { completions: [...completions, { itemId: 'page-0', completedAt: onDay(2) }] }),
          ...(situation.sessions && {
            sessions: [...sessions, { sessionId: 'session-52', at: onDay(52), wasAttended: true }],
          }),
          ...(situation.watched && { watched: [...watched, { recordingId: 'lecture-2', at: onDay(20) }] }),
        };
        const [before, after] = [situation, more].map((own) =>
          compute(setting, course, [studentWith(activities, timeZone, own), ...group]),
        ) as [ComputedCourse, ComputedCourse];
        for (const [id, better] of [
          ['submissions', -1],
          ['attendance', 1],
          ['completion', 1],
          ['lecture-capture', 1],
        ] as const) {
          const [a, b] = [valueOf(before, id), valueOf(after, id)];
          if (a !== undefined && b !== undefined) expect((b - a) * better).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a gap in a feed never raises a flag', () => {
    fc.assert(
      fc.property(
        someActivities,
        fc.array(aSpan, { minLength: 1, maxLength: 2 }),
        aSetting,
        aSituation,
        aClass,
        aRuleset,
        (activities, gaps, setting, situation, others, ruleset) => {
          const { course, timeZone } = setting;
          const isLost = (day: string) => gaps.some(({ from, to }) => day >= from && day <= to);
          const everybody = [studentWith(activities, timeZone, situation), ...classOf(others, timeZone)];
          const received = everybody.map((student) => ({
            ...student,
            rollUps: student.rollUps.map((rollUp) => ({
              ...rollUp,
              days: rollUp.days.filter(({ day }) => !isLost(day)),
            })),
          }));
          const whole = raised(compute(setting, course, everybody, { ruleset }));
          const withGap = raised(compute(setting, withGaps(setting, gaps), received, { ruleset }));
          expect(whole).toEqual(expect.arrayContaining(withGap));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('no value is ever anything but a number, and no date in it lies in the future', () => {
    fc.assert(
      fc.property(someActivities, aSetting, aSituation, aClass, (activities, setting, situation, others) => {
        const { course, timeZone, now } = setting;
        const { snapshots } = compute(setting, course, [
          studentWith(activities, timeZone, situation),
          ...classOf(others, timeZone),
        ]);
        for (const { measurements, presence } of snapshots) {
          expect(presence.lastActiveDay ?? '').toSatisfy((day: string) => day <= dayOf(now, timeZone));
          for (const measurement of measurements) {
            if (measurement.state === 'noData') continue;
            expect(Number.isFinite(measurement.value)).toBe(true);
            expect(Object.values(measurement.inputs).every(Number.isFinite)).toBe(true);
            expect(measurement.asOf).toBeLessThanOrEqual(now);
          }
        }
      }),
    );
  });
});
