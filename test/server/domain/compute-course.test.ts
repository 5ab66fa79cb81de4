import { describe, expect, test } from 'vitest';
import { computeCourse } from '../../../server/domain/compute-course.ts';
import type { CourseFacts, StudentFacts } from '../../../server/domain/facts.ts';
import { changeFlagState, type Flag } from '../../../server/domain/flags.ts';
import { defaultRuleset } from '../../../server/domain/rules.ts';
import { aCourse, aSource, aStudent, classmates, dayName, days, onDay } from './support/facts.ts';

const now = onDay(41);
const quiet = aStudent(days(0, 20, 2), { personId: 'quiet' });

function compute(students: StudentFacts[], course: CourseFacts = aCourse(now), flags: readonly Flag[] = [], at = now) {
  return computeCourse({ course, students, ruleset: defaultRuleset(), flags, now: at });
}

/** The flags of a course as storage would have them after a computation. */
function store(flags: readonly Flag[], { flagChanges }: ReturnType<typeof compute>): Flag[] {
  const byKey = new Map(flags.map((flag) => [`${flag.personId} ${flag.kind} ${flag.openedAt}`, flag]));
  for (const { flag } of flagChanges) byKey.set(`${flag.personId} ${flag.kind} ${flag.openedAt}`, flag);
  return [...byKey.values()];
}

describe('a flag', () => {
  test('is raised for a student who has been quiet, with its evidence and what is not known', () => {
    const { flagChanges, week } = compute([quiet, ...classmates(12, 41)]);
    expect(week).toBe(6);
    expect(flagChanges).toHaveLength(1);
    const { what, flag } = flagChanges[0]!;
    expect(what).toBe('raised');
    expect(flag).toMatchObject({ personId: 'quiet', kind: 'support', state: 'open', openedAt: now, rulesetVersion: 1 });
    expect(flag.evidence.reasons.map(({ rule }) => rule.indicator).sort()).toEqual([
      'own-trend',
      'recency',
      'relative-activity',
    ]);
    expect(flag.evidence.notKnown).toContainEqual({ indicator: 'submissions', reason: 'no-source' });
  });

  test('is not raised twice: the same computation again changes nothing', () => {
    const students = [quiet, ...classmates(12, 41)];
    const first = compute(students);
    const flags = store([], first);
    expect(compute(students, aCourse(now), flags).flagChanges).toEqual([]);
    const later = onDay(42);
    expect(compute(students, aCourse(later), flags, later).flagChanges).toEqual([]);
  });

  test('settles by itself while nobody has taken it up, and is only marked once somebody has', () => {
    const later = onDay(48);
    const back = aStudent([...days(0, 20, 2), ...days(42, 48)], { personId: 'quiet' });
    const students = [back, ...classmates(12, 48)];
    const flags = store([], compute([quiet, ...classmates(12, 41)]));
    expect(compute(students, aCourse(later), flags, later).flagChanges).toMatchObject([
      {
        what: 'settled',
        flag: { state: 'resolved', clearedAt: later, history: [{}, { by: 'data', reason: 'engaging-again' }] },
      },
    ]);

    const taken = changeFlagState(flags[0]!, { to: 'acting' }, 'tutor-1', now + 1);
    if (!taken.ok) throw new Error('not taken');
    const changes = compute(students, aCourse(later), [taken.flag], later).flagChanges;
    expect(changes).toMatchObject([{ what: 'cleared', flag: { state: 'acting', clearedAt: later } }]);
  });

  test('that staff closed does not come back with the same evidence, and does with new', () => {
    const students = [quiet, ...classmates(12, 44)];
    const [flag] = store([], compute(students));
    const closed = changeFlagState(flag!, { to: 'dismissed', reason: 'known-circumstances' }, 'tutor-1', now + 1);
    if (!closed.ok) throw new Error('not closed');
    const later = onDay(44);
    expect(compute(students, aCourse(later), [closed.flag], later).flagChanges).toEqual([]);

    const withDue = aCourse(later, {
      assessments: [{ id: 'a1', title: 'Essay', kind: 'assignment', dueAt: onDay(42) }],
    });
    const all = students.map((student) => ({
      ...student,
      submissions: student.personId === 'quiet' ? [] : [{ assessmentId: 'a1', submittedAt: onDay(41) }],
    }));
    expect(compute(all, withDue, [closed.flag], later).flagChanges).toMatchObject([
      { what: 'raised', flag: { openedAt: later, follows: now } },
    ]);
  });

  test.each<[string, Partial<CourseFacts>, Partial<StudentFacts>]>([
    ['when the source failed', { sources: [aSource(now, { failedBecause: 'timeout', okAt: now - 3_600_000 })] }, {}],
    ['when the source is stale', { sources: [aSource(onDay(36))] }, {}],
    ['when no source speaks of presence', { sources: [] }, {}],
    ['when the feed had a gap', { sources: [aSource(now, { gaps: [{ from: dayName(21), to: dayName(41) }] })] }, {}],
    ['while the student is in a pause', {}, { pauses: [{ from: dayName(20), to: dayName(50), kind: 'placement' }] }],
    ['when the tutor took the weeks out', { pauses: [{ from: dayName(21), to: dayName(41), label: 'strike' }] }, {}],
    ['for someone who has left', {}, { leftAt: onDay(30) }],
  ])('is not raised %s', (_, course, student) => {
    const { flagChanges } = compute([{ ...quiet, ...student }, ...classmates(12, 41)], aCourse(now, course));
    expect(flagChanges).toEqual([]);
  });

  test('is raised for nobody by a rule that more than half of the class meets; the tutor is told', () => {
    const quietOnes = Array.from({ length: 7 }, (_, n) => aStudent(days(0, 20, 2), { personId: `quiet-${n}` }));
    const { flagChanges, notices } = compute([...quietOnes, ...classmates(6, 40)]);
    expect(flagChanges).toEqual([]);
    expect(notices).toContainEqual(
      expect.objectContaining({
        about: 'whole-class',
        students: 7,
        measured: 13,
        rule: expect.objectContaining({ indicator: 'recency' }),
      }),
    );
  });
});
