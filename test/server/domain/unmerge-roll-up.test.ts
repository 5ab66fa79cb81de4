import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Activity } from '../../../server/domain/activity.ts';
import { mergeRollUp } from '../../../server/domain/roll-up.ts';
import { unmergeRollUp, voidInRollUp } from '../../../server/domain/unmerge-roll-up.ts';
import { activityKinds, sourceIds } from '../../../server/domain/vocabulary.ts';
import { onDay, zone } from './support/facts.ts';

const nothingKept: ReadonlySet<string> = new Set();

/** Events of one week; each with an object of its own, as what is kept of shared ones is the caller's to say. */
const someActivities = fc
  .uniqueArray(
    fc.record({
      eventId: fc.string({ minLength: 1, maxLength: 12 }),
      kind: fc.constantFrom(...activityKinds),
      at: fc.integer({ min: onDay(35, 0), max: onDay(42, 0) - 1 }),
      source: fc.constantFrom(...sourceIds),
    }),
    { selector: ({ eventId }) => eventId, minLength: 2, maxLength: 30 },
  )
  .map((all): Activity[] => all.map((activity) => ({ ...activity, objectId: `o-${activity.eventId}` })));

const split = someActivities.chain((all) =>
  fc.record({
    all: fc.constant(all),
    kept: fc.subarray(all, { minLength: 1, maxLength: all.length - 1 }),
    order: fc.shuffledSubarray(all, { minLength: all.length }),
    cut: fc.nat(all.length),
  }),
);

test('what is taken out leaves what would be there without it, and may come again', () => {
  fc.assert(
    fc.property(split, ({ all, kept }) => {
      const gone = all.filter((activity) => !kept.includes(activity));
      const whole = mergeRollUp(undefined, all, zone).rollUp;
      const left = unmergeRollUp(whole, gone, zone, nothingKept);
      expect(left).toEqual(mergeRollUp(undefined, kept, zone).rollUp);
      expect(unmergeRollUp(left, gone, zone, nothingKept)).toBe(left);
      expect(mergeRollUp(left, gone, zone).rollUp).toEqual(whole);
    }),
  );
});

test('what is voided is not counted, whether the voiding comes before, between or after, and however often', () => {
  fc.assert(
    fc.property(split, ({ all, kept, order, cut }) => {
      const gone = all.filter((activity) => !kept.includes(activity));
      const { days, objects } = mergeRollUp(undefined, kept, zone).rollUp;
      const first = order.slice(0, cut);
      const begun = first.length > 0 ? mergeRollUp(undefined, first, zone).rollUp : undefined;
      const voided = voidInRollUp(begun, gone, zone, nothingKept);
      const after = mergeRollUp(voided, order, zone).rollUp;
      expect(after).toMatchObject({ days, objects });
      expect(voidInRollUp(after, gone, zone, nothingKept)).toBe(after);
      expect(mergeRollUp(after, all, zone)).toEqual({ rollUp: after, added: 0 });
    }),
  );
});

test('an object that other activity touched stays', () => {
  const activity = (eventId: string): Activity => ({
    eventId,
    kind: 'view',
    at: onDay(0),
    source: 'xapi',
    objectId: 'p',
  });
  const { rollUp } = mergeRollUp(undefined, [activity('a'), activity('b')], zone);
  expect(voidInRollUp(rollUp, [activity('a')], zone, new Set(['p'])).objects).toEqual(['p']);
  expect(voidInRollUp(rollUp, [activity('a'), activity('b')], zone, nothingKept).objects).toEqual([]);
  expect(() => voidInRollUp(undefined, [], zone, nothingKept)).toThrow(RangeError);
});
