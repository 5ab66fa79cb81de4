import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Activity } from '../../../server/domain/activity.ts';
import { computeCourse, measureCourse } from '../../../server/domain/compute-course.ts';
import { dayNumber, dayOf } from '../../../server/domain/days.ts';
import type { CourseFacts, DaySpan, StudentFacts } from '../../../server/domain/facts.ts';
import type { Flag } from '../../../server/domain/flags.ts';
import { groupByWeek, mergeRollUp } from '../../../server/domain/roll-up.ts';
import { defaultRuleset } from '../../../server/domain/rules.ts';
import type { IndicatorId } from '../../../server/domain/vocabulary.ts';
import { aCourse, aSource, classmates, dayName, onDay } from './support/facts.ts';

/** Today is day 55: weeks 1 to 8, the clocks having gone back on day 34. */
const today = 55;
const now = onDay(today);
const zones = ['Europe/London', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'];
const others = classmates(11, today);

/** From before the course to after today, so that both lie outside of what may count. */
const aMoment = fc.integer({ min: onDay(-10), max: onDay(today + 5) });
const someActivities = fc.uniqueArray(
  fc.record({
    eventId: fc.uuid(),
    kind: fc.constantFrom('view' as const, 'completion' as const, 'forum-post' as const),
    at: aMoment,
    source: fc.constantFrom('xapi' as const, 'moodle' as const),
    objectId: fc.constantFrom('page-1', 'page-2', undefined),
  }),
  { selector: ({ eventId }) => eventId, maxLength: 40 },
);
const aSpan = fc
  .tuple(fc.integer({ min: 0, max: today }), fc.integer({ min: 0, max: 20 }))
  .map(([from, length]): DaySpan => ({ from: dayName(from), to: dayName(from + length) }));
const aSituation = fc.record({
  joinedAt: fc.option(fc.integer({ min: onDay(-5), max: onDay(50) }), { nil: undefined }),
  leftAt: fc.option(fc.integer({ min: onDay(30), max: onDay(70) }), { nil: undefined, freq: 8 }),
  pauses: fc.array(
    aSpan.map((span) => ({ ...span, kind: 'placement' as const })),
    { maxLength: 2 },
  ),
  submissions: fc.option(fc.constant([{ assessmentId: 'a', submittedAt: onDay(30) }]), { nil: undefined }),
});
const aCalendar = fc.record({
  vacations: fc.array(
    aSpan.map((span) => ({ ...span, label: 'Break' })),
    { maxLength: 2 },
  ),
  zone: fc.constantFrom(...zones),
});

type Situation = Partial<Pick<StudentFacts, 'joinedAt' | 'leftAt' | 'pauses' | 'submissions'>>;

function studentWith(
  activities: readonly Activity[],
  zone: string,
  situation: Situation,
  personId = 'someone',
): StudentFacts {
  const rollUps = [...groupByWeek(activities, zone)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => mergeRollUp(undefined, group, zone).rollUp);
  return { personId, rollUps, pauses: [], corrections: [], ...situation };
}

function courseWith(
  { vacations, zone }: { vacations: CourseFacts['calendar']['vacations']; zone: string },
  change: Partial<CourseFacts> = {},
) {
  const course = aCourse(now, {
    assessments: [{ id: 'a', title: 'Essay', kind: 'assignment', dueAt: onDay(28) }],
    items: [{ id: 'page-1', title: 'Page', kind: 'page', isTracked: false }],
    ...change,
  });
  return { ...course, calendar: { ...course.calendar, timeZone: zone, vacations } };
}

function compute(course: CourseFacts, students: StudentFacts[], flags: readonly Flag[] = []) {
  return computeCourse({ course, students, ruleset: defaultRuleset(), flags, now });
}

describe('whatever the activity, the calendar and the situation', () => {
  test('order and repetition of events change nothing', () => {
    fc.assert(
      fc.property(
        someActivities.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.subarray(all)),
        ),
        aCalendar,
        aSituation,
        ([all, shuffled, again], calendar, situation) => {
          const course = courseWith(calendar);
          const once = compute(course, [studentWith(all, calendar.zone, situation), ...others]);
          const twice = compute(course, [
            studentWith([...again, ...shuffled, ...again], calendar.zone, situation),
            ...others,
          ]);
          expect(twice).toEqual(once);
        },
      ),
    );
  });

  test('the same computation on its own result changes no flag', () => {
    fc.assert(
      fc.property(someActivities, aCalendar, aSituation, (activities, calendar, situation) => {
        const course = courseWith(calendar);
        const students = [studentWith(activities, calendar.zone, situation), ...others];
        const { flagChanges } = compute(course, students);
        expect(
          compute(
            course,
            students,
            flagChanges.map(({ flag }) => flag),
          ).flagChanges,
        ).toEqual([]);
      }),
    );
  });

  test('further activity lately never lowers an indicator of activity, and never raises a flag', () => {
    fc.assert(
      fc.property(
        someActivities,
        fc.integer({ min: 0, max: today }),
        aCalendar,
        aSituation,
        (activities, day, calendar, situation) => {
          const course = courseWith(calendar);
          const at = measureCourse(course, [], now).at;
          const recentFrom = at.recent?.from ?? at.firstDay;
          const added: Activity = {
            eventId: 'added',
            kind: 'view',
            at: onDay(day),
            source: 'xapi',
            objectId: 'page-1',
          };
          const before = compute(course, [studentWith(activities, calendar.zone, situation), ...others]);
          const after = compute(course, [studentWith([...activities, added], calendar.zone, situation), ...others]);
          const change = (id: IndicatorId) => {
            const [a, b] = [before, after].map(({ snapshots }) =>
              snapshots[0]!.measurements.find((each) => each.id === id)!,
            );
            return a!.state === 'measured' && b!.state === 'measured' ? b!.value - a!.value : 0;
          };
          expect(change('recency')).toBeLessThanOrEqual(0);
          expect(change('relative-activity')).toBeGreaterThanOrEqual(0);
          expect(change('coverage')).toBeGreaterThanOrEqual(0);
          // Before the recent window it is the student's own usual that grows.
          if (dayNumber(dayOf(onDay(day), calendar.zone)) < recentFrom) return;
          expect(change('own-trend')).toBeGreaterThanOrEqual(0);
          if (before.flagChanges.length === 0) expect(after.flagChanges).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a gap in a feed never raises a flag', () => {
    fc.assert(
      fc.property(
        someActivities,
        fc.array(aSpan, { minLength: 1, maxLength: 2 }),
        aCalendar,
        aSituation,
        (activities, gaps, calendar, situation) => {
          const whole = compute(courseWith(calendar), [studentWith(activities, calendar.zone, situation), ...others]);
          const isLost = (at: number) =>
            gaps.some(({ from, to }) => dayOf(at, calendar.zone) >= from && dayOf(at, calendar.zone) <= to);
          const received = others.map((other) => ({
            ...other,
            rollUps: other.rollUps.map((rollUp) => ({
              ...rollUp,
              days: rollUp.days.filter(({ day }) => !gaps.some(({ from, to }) => day >= from && day <= to)),
            })),
          }));
          const withGap = compute(courseWith(calendar, { sources: [aSource(now, { gaps })] }), [
            studentWith(
              activities.filter(({ at }) => !isLost(at)),
              calendar.zone,
              situation,
            ),
            ...received,
          ]);
          const raised = (result: typeof whole) =>
            result.flagChanges.map(({ flag }) => `${flag.personId} ${flag.kind}`);
          expect(raised(whole)).toEqual(expect.arrayContaining(raised(withGap)));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('no value is ever anything but a number, and no date in it lies in the future', () => {
    fc.assert(
      fc.property(someActivities, aCalendar, aSituation, (activities, calendar, situation) => {
        const { snapshots } = compute(courseWith(calendar), [
          studentWith(activities, calendar.zone, situation),
          ...others,
        ]);
        for (const { measurements, presence } of snapshots) {
          expect(presence.lastActiveDay ?? '').toSatisfy((day: string) => day <= dayOf(now, calendar.zone));
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
