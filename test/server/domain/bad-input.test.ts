import fc from 'fast-check';
import { expect, test } from 'vitest';
import { computeCourse } from '../../../server/domain/compute-course.ts';
import { courseAt } from '../../../server/domain/course-at.ts';
import { addDays, toDay } from '../../../server/domain/days.ts';
import type { CourseFacts, StudentFacts } from '../../../server/domain/facts.ts';
import type { Flag } from '../../../server/domain/flags.ts';
import { groupByWeek, mergeRollUp } from '../../../server/domain/roll-up.ts';
import { defaultRuleset } from '../../../server/domain/rules.ts';
import { seeStudent } from '../../../server/domain/seen-student.ts';
import type { IndicatorId } from '../../../server/domain/vocabulary.ts';
import { aCourse, aStudent, classmates, dayName, days, onDay } from './support/facts.ts';

const now = onDay(55);
const others = classmates(11, 55);
const someDays = fc.uniqueArray(fc.integer({ min: 0, max: 55 }), { maxLength: 30 });

function compute(student: StudentFacts, course: CourseFacts = aCourse(now), flags: readonly Flag[] = []) {
  return computeCourse({ course, students: [student, ...others], ruleset: defaultRuleset(), flags, now });
}

test('an event counts on the day that its own clock showed, in any zone, through both changes of the clock', () => {
  // London: back on 25 October 2026, forward on 28 March 2027; the other zones on other days or never.
  const around = fc.integer({ min: Date.UTC(2026, 8, 21), max: Date.UTC(2027, 3, 10) });
  const zones = fc.constantFrom(
    'Europe/London',
    'America/New_York',
    'Asia/Kolkata',
    'Pacific/Auckland',
    'Pacific/Chatham',
  );
  fc.assert(
    fc.property(fc.uniqueArray(around, { minLength: 1, maxLength: 20 }), zones, (moments, timeZone) => {
      const activities = moments.map((at) => ({
        eventId: String(at),
        kind: 'view' as const,
        at,
        source: 'xapi' as const,
      }));
      const rollUps = [...groupByWeek(activities, timeZone)]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, group]) => mergeRollUp(undefined, group, timeZone).rollUp);
      const calendar = { timeZone, firstDay: '2026-09-21', lastDay: '2027-04-12', vacations: [] };
      const at = courseAt({ ...aCourse(now), calendar }, Date.UTC(2027, 3, 12));
      const shown = new Intl.DateTimeFormat('sv-SE', { timeZone });
      expect(
        seeStudent({ personId: 'someone', rollUps, pauses: [], corrections: [] }, at).activeDays.map(toDay),
      ).toEqual([...new Set(moments.map((moment) => shown.format(moment)))].sort());
    }),
  );
});

test('whatever arrives after a withdrawal raises nothing, measures nothing and moves nobody else', () => {
  const quiet = aStudent(days(0, 15, 2), { personId: 'quiet' });
  const { flagChanges } = compute(quiet);
  const open = flagChanges.map(({ flag }) => flag);
  expect(open).toHaveLength(1);
  fc.assert(
    fc.property(someDays, fc.integer({ min: 16, max: 55 }), (active, left) => {
      const gone = (on: readonly number[]) =>
        compute(aStudent(on, { personId: 'quiet', leftAt: onDay(left) }), undefined, open);
      const withActivity = gone([...active].sort((a, b) => a - b));
      expect(withActivity.flagChanges.map(({ what, flag }) => [what, flag.state, flag.history.at(-1)?.reason])).toEqual(
        [['settled', 'resolved', 'left-course']],
      );
      const { measurements } = withActivity.snapshots[0]!;
      expect(measurements.every(({ state }) => state === 'noData')).toBe(true);
      expect(withActivity.snapshots.slice(1)).toEqual(gone([]).snapshots.slice(1));
    }),
  );
});

test('days on which a student could not act never count against them', () => {
  const valueOf = (pauses: StudentFacts['pauses'], active: readonly number[], id: IndicatorId) => {
    const { snapshots } = compute(aStudent(active, { pauses }));
    const measurement = snapshots[0]!.measurements.find((each) => each.id === id)!;
    return measurement.state === 'measured' ? measurement.value : undefined;
  };
  fc.assert(
    fc.property(
      someDays,
      fc.integer({ min: 0, max: 55 }),
      fc.integer({ min: 0, max: 20 }),
      (unsorted, from, length) => {
        const active = [...unsorted].sort((a, b) => a - b);
        const pause = [
          { from: dayName(from), to: addDays(dayName(from), length), kind: 'authorised-absence' as const },
        ];
        const change = (id: IndicatorId) => {
          const [without, paused] = [valueOf([], active, id), valueOf(pause, active, id)];
          return without === undefined || paused === undefined ? 0 : paused - without;
        };
        expect(change('recency')).toBeLessThanOrEqual(0);
        expect(change('relative-activity')).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});

test.each<[string, number, boolean]>([
  ['half of the class', 12, true],
  ['one more than half of it', 13, false],
])('a rule that %s meets flags: %s of 24', (_, quietPeople, isRaised) => {
  const students = [
    ...Array.from({ length: quietPeople }, (__, n) => aStudent(days(0, 35, 2), { personId: `quiet-${n}` })),
    ...classmates(24 - quietPeople, 55),
  ];
  const { flagChanges, notices } = computeCourse({
    course: aCourse(now),
    students,
    ruleset: { version: 1, rules: defaultRuleset().rules.filter(({ indicator }) => indicator === 'recency') },
    flags: [],
    now,
  });
  expect(flagChanges.length > 0).toBe(isRaised);
  expect(notices.some(({ about }) => about === 'whole-class')).toBe(!isRaised);
});
