import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Activity } from '../../../server/domain/activity.ts';
import { isoWeekOf, dayOf } from '../../../server/domain/days.ts';
import { groupByWeek, mergeRollUp } from '../../../server/domain/roll-up.ts';
import { activityKinds, sourceIds } from '../../../server/domain/vocabulary.ts';
import { onDay, zone } from './support/facts.ts';

const oneActivity = (change: Partial<Activity> = {}): Activity => ({
  eventId: 'e1',
  kind: 'view',
  at: onDay(0),
  source: 'xapi',
  objectId: 'page-1',
  ...change,
});

/** Events of one week around a clock change; the same id always means the same event. */
const someActivities = fc
  .uniqueArray(
    fc.record({
      eventId: fc.string({ minLength: 1, maxLength: 20 }),
      kind: fc.constantFrom(...activityKinds),
      at: fc.integer({ min: onDay(35, 0), max: onDay(42, 0) - 1 }),
      source: fc.constantFrom(...sourceIds),
      objectId: fc.option(fc.string({ maxLength: 4 }), { nil: undefined }),
    }),
    { selector: (activity) => activity.eventId, minLength: 1, maxLength: 40 },
  )
  .map((activities): Activity[] => activities);

describe('a roll-up', () => {
  test('counts kinds per day and source, and keeps distinct objects', () => {
    const { rollUp, added } = mergeRollUp(
      undefined,
      [
        oneActivity(),
        oneActivity({ eventId: 'e2' }),
        oneActivity({ eventId: 'e3', source: 'moodle', kind: 'submission', objectId: 'assign-1' }),
        oneActivity({ eventId: 'e4', at: onDay(1), objectId: undefined }),
      ],
      zone,
    );
    expect(added).toBe(4);
    expect(rollUp).toMatchObject({
      week: '2026-W39',
      days: [
        { day: '2026-09-21', source: 'moodle', counts: { submission: 1 } },
        { day: '2026-09-21', source: 'xapi', counts: { view: 2 } },
        { day: '2026-09-22', source: 'xapi', counts: { view: 1 } },
      ],
      objects: ['assign-1', 'page-1'],
    });
    expect(rollUp.seen).toHaveLength(4);
  });

  test('is the same in whatever order, in whatever portions and however often its events come', () => {
    fc.assert(
      fc.property(
        someActivities.chain((all) =>
          fc.record({
            all: fc.constant(all),
            shuffled: fc.shuffledSubarray(all, { minLength: all.length }),
            again: fc.subarray(all),
            cut: fc.nat(all.length),
          }),
        ),
        ({ all, shuffled, again, cut }) => {
          const atOnce = mergeRollUp(undefined, all, zone);
          expect(atOnce.added).toBe(all.length);
          const begun = mergeRollUp(undefined, [...shuffled.slice(0, cut), ...again, ...shuffled.slice(0, 1)], zone);
          const finished = mergeRollUp(begun.rollUp, [...shuffled, ...again], zone);
          expect(finished.rollUp).toEqual(atOnce.rollUp);
          expect(begun.added + finished.added).toBe(all.length);
          expect(JSON.stringify(finished.rollUp)).toBe(JSON.stringify(atOnce.rollUp));
          expect(mergeRollUp(finished.rollUp, all, zone)).toEqual({ rollUp: finished.rollUp, added: 0 });
        },
      ),
    );
  });

  test('takes events of its own week only', () => {
    expect(() => mergeRollUp(undefined, [oneActivity(), oneActivity({ eventId: 'x', at: onDay(7) })], zone)).toThrow(
      RangeError,
    );
    expect(() => mergeRollUp(undefined, [], zone)).toThrow(RangeError);
  });
});

test('grouping puts every event in the week of its own time zone', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1e12, max: 4e12 }), { maxLength: 30 }), (times) => {
      const activities = times.map((at, index) => oneActivity({ at, eventId: String(index) }));
      const groups = groupByWeek(activities, zone);
      expect([...groups.values()].flat()).toHaveLength(times.length);
      for (const [week, group] of groups) for (const { at } of group) expect(isoWeekOf(dayOf(at, zone))).toBe(week);
    }),
  );
  expect(groupByWeek([oneActivity({ at: Number.NaN })], zone).size).toBe(0);
});
