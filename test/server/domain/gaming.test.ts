import { expect, test } from 'vitest';
import { groupByWeek, mergeRollUp } from '../../../server/domain/roll-up.ts';
import { computeCourse } from '../../../server/domain/compute-course.ts';
import { defaultRuleset } from '../../../server/domain/rules.ts';
import { aCourse, aStudent, classmates, days, onDay, zone } from './support/facts.ts';

/** Clicking a lot gains nothing: days count, not clicks, and no flag hangs on one figure that somebody could lift. */

const now = onDay(41);
const clicking = Array.from({ length: 500 }, (_, index) => ({
  eventId: `click-${index}`,
  kind: 'view' as const,
  at: onDay(40) + index * 1_000,
  source: 'xapi' as const,
  objectId: 'page-1',
}));

function measure(activity: 'one click' | 'many clicks') {
  const before = aStudent(days(0, 20, 2), { personId: 'somebody' });
  const added = activity === 'one click' ? clicking.slice(0, 1) : clicking;
  const rollUps = [...groupByWeek(added, zone)].map(([, group]) => mergeRollUp(undefined, group, zone).rollUp);
  const student = { ...before, rollUps: [...before.rollUps, ...rollUps] };
  const { snapshots, flagChanges } = computeCourse({
    course: aCourse(now),
    students: [student, ...classmates(12, 41)],
    ruleset: defaultRuleset(),
    flags: [],
    now,
  });
  return { own: snapshots.find(({ personId }) => personId === 'somebody')!.measurements, flagChanges };
}

test('five hundred clicks on one day are worth what one is', () => {
  expect(measure('many clicks').own).toEqual(measure('one click').own);
});

test('one click after weeks of quiet resets the days since, and the other measures still hold', () => {
  const { own, flagChanges } = measure('one click');
  expect(own.find(({ id }) => id === 'recency')).toMatchObject({ state: 'measured', value: 1 });
  expect(flagChanges.map(({ flag }) => flag.personId)).toEqual(['somebody']);
  expect(flagChanges[0]!.flag.evidence.reasons.map(({ rule }) => rule.indicator).sort()).toEqual([
    'own-trend',
    'relative-activity',
  ]);
});
