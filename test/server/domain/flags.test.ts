import { describe, expect, test } from 'vitest';
import { computeCourse } from '../../../server/domain/compute-course.ts';
import { changeFlagState, type Flag } from '../../../server/domain/flags.ts';
import type { CourseFacts, StudentFacts } from '../../../server/domain/facts.ts';
import { defaultRuleset, validateRules, type Rule } from '../../../server/domain/rules.ts';
import { flagReasons, flagStates, type FlagReason, type FlagState } from '../../../server/domain/vocabulary.ts';
import { aCourse, aStudent, classmates, days, onDay } from './support/facts.ts';

const now = onDay(41);
const students = [aStudent(days(0, 20, 2), { personId: 'quiet' }), ...classmates(12, 41)];
const { flagChanges } = computeCourse({ course: aCourse(now), students, ruleset: defaultRuleset(), flags: [], now });
const flag = flagChanges[0]!.flag;
const inState = (state: FlagState): Flag => ({ ...flag, state });

describe('what staff may do with a flag', () => {
  test.each<[FlagState, FlagState, FlagReason | undefined, string | undefined]>([
    ['open', 'discussing', undefined, undefined],
    ['open', 'acting', undefined, undefined],
    ['open', 'resolved', 'engaging-again', undefined],
    ['open', 'resolved', undefined, 'reason'],
    ['open', 'resolved', 'still-a-concern', 'reason'],
    ['open', 'dismissed', 'known-circumstances', undefined],
    ['open', 'dismissed', undefined, 'reason'],
    ['open', 'open', undefined, 'to'],
    ['discussing', 'open', undefined, undefined],
    ['discussing', 'acting', undefined, undefined],
    ['discussing', 'dismissed', 'no-action-needed', undefined],
    ['acting', 'discussing', undefined, undefined],
    ['acting', 'open', undefined, 'to'],
    ['acting', 'resolved', 'support-in-place', undefined],
    ['resolved', 'open', 'still-a-concern', undefined],
    ['resolved', 'open', undefined, 'reason'],
    ['resolved', 'acting', undefined, 'to'],
    ['dismissed', 'open', 'still-a-concern', undefined],
    ['dismissed', 'resolved', 'engaging-again', 'to'],
  ])('from %s to %s because %s: field at fault %s', (from, to, reason, fault) => {
    const result = changeFlagState(inState(from), { to, reason }, 'tutor-1', now + 1);
    if (fault !== undefined) {
      expect(result).toMatchObject({ ok: false, fields: { [fault]: expect.any(String) as string } });
      return;
    }
    expect(result).toMatchObject({ ok: true, flag: { state: to } });
    if (result.ok) expect(result.flag.history.at(-1)).toMatchObject({ at: now + 1, by: 'tutor-1', from, to });
  });

  test('leaves the evidence as it was, whatever happens', () => {
    for (const from of flagStates)
      for (const to of flagStates)
        for (const reason of [undefined, ...flagReasons]) {
          const result = changeFlagState(inState(from), { to, reason }, 'tutor-1', now + 1);
          if (result.ok) expect(result.flag.evidence).toBe(flag.evidence);
        }
  });
});

describe('what the data do with a flag', () => {
  const run = (flags: Flag[], at: number, rules: readonly Rule[] = defaultRuleset().rules, version = 1) =>
    computeCourse({
      course: aCourse(at),
      students: [students[0]!, ...classmates(12, at === now ? 41 : 60)],
      ruleset: { version, rules },
      flags,
      now: at,
    });

  test('rules that change close it and say so, not that the student came back', () => {
    const stricter = defaultRuleset().rules.map((rule) => ({ ...rule, fromWeek: 12 }));
    expect(run([flag], onDay(43), stricter, 2).flagChanges).toMatchObject([
      {
        what: 'settled',
        flag: { state: 'resolved', rulesetVersion: 1, history: [{}, { reason: 'rules-no-longer-apply' }] },
      },
    ]);
  });

  test('after the course nothing is raised, settled or reopened', () => {
    const later = onDay(12 * 7 + 3);
    expect(run([flag], later).flagChanges).toEqual([]);
    expect(run([], later).flagChanges).toEqual([]);
  });

  test('one that cleared and comes back within a week stays closed, and follows after it', () => {
    const cleared = (at: number): Flag => ({
      ...flag,
      state: 'resolved',
      clearedAt: at,
      history: [...flag.history, { at, by: 'data', from: 'open', to: 'resolved' }],
    });
    const at = onDay(56);
    expect(run([cleared(at - 7 * 86_400_000 + 1)], at).flagChanges).toEqual([]);
    expect(run([cleared(at - 7 * 86_400_000)], at).flagChanges).toMatchObject([
      { what: 'raised', flag: { follows: flag.openedAt } },
    ]);
  });
});

describe('a flag about coursework that has not been seen', () => {
  const rules: Rule[] = [{ indicator: 'submissions', comparison: '>=', threshold: 1, fromWeek: 2, strength: 'strong' }];
  const assessments = [{ id: 'essay', title: 'Essay', kind: 'assignment' as const, dueAt: onDay(30) }];
  const computeWith = (change: Partial<StudentFacts>, flags: Flag[], course: Partial<CourseFacts> = {}) =>
    computeCourse({
      course: aCourse(now, { assessments, ...course }),
      students: [
        aStudent(days(0, 41, 2), { personId: 'late', submissions: [], ...change }),
        ...classmates(12, 41).map((student) => ({
          ...student,
          submissions: [{ assessmentId: 'essay', submittedAt: onDay(29) }],
        })),
      ],
      ruleset: { version: 1, rules },
      flags,
      now,
    }).flagChanges;
  const raised = computeWith({}, []).map((change) => change.flag);
  const at = (state: FlagState) => [{ ...raised[0]!, state }];

  test.each<[string, Partial<StudentFacts>, Partial<CourseFacts>, FlagReason | 'stays']>([
    ['the essay came in', { submissions: [{ assessmentId: 'essay', submittedAt: onDay(40) }] }, {}, 'engaging-again'],
    ['excused', { corrections: [{ about: 'excused', assessmentId: 'essay' }] }, {}, 'known-circumstances'],
    ['an extension', { submissions: [{ assessmentId: 'essay', extendedTo: onDay(50) }] }, {}, 'known-circumstances'],
    ['another date for all', {}, { assessments: [{ ...assessments[0]!, dueAt: onDay(50) }] }, 'known-circumstances'],
    [
      'a due time that could not be read',
      { submissions: [{ assessmentId: 'essay', isDueUnknown: true }] },
      {},
      'stays',
    ],
    ['coursework that is not read any more', { submissions: undefined }, {}, 'stays'],
  ])('after %s: %s', (_, change, course, reason) => {
    expect(raised).toHaveLength(1);
    const settled = { what: 'settled', flag: { state: 'resolved', history: [{}, { by: 'data', reason }] } };
    expect(computeWith(change, at('open'), course)).toMatchObject(reason === 'stays' ? [] : [settled]);
    // What staff have taken up stays theirs.
    const cleared = { what: 'cleared', flag: { state: 'acting', clearedAt: now } };
    expect(computeWith(change, at('acting'), course)).toMatchObject(reason === 'stays' ? [] : [cleared]);
  });
});

describe('rules that somebody proposes', () => {
  const rule: Rule = { indicator: 'recency', comparison: '>=', threshold: 14, fromWeek: 2, strength: 'strong' };
  test.each<[string, Rule[], string[]]>([
    ['the defaults', [...defaultRuleset().rules], []],
    ['none at all', [], []],
    ['a threshold below the range', [{ ...rule, threshold: 2 }], ['rules.0.threshold']],
    ['a threshold above the range', [{ ...rule, threshold: 61 }], ['rules.0.threshold']],
    ['half a day', [{ ...rule, threshold: 14.5 }], ['rules.0.threshold']],
    ['no number', [{ ...rule, threshold: Number.NaN }], ['rules.0.threshold']],
    ['the wrong side', [{ ...rule, comparison: '<' }], ['rules.0.comparison']],
    ['week 0', [{ ...rule, fromWeek: 0 }], ['rules.0.fromWeek']],
    ['an end before the beginning', [{ ...rule, toWeek: 1 }], ['rules.0.toWeek']],
    ['the same twice', [rule, { ...rule, threshold: 21 }], ['rules.1.indicator']],
    ['once strong and once supporting', [rule, { ...rule, strength: 'supporting', threshold: 7 }], []],
    ['a view-only indicator', [{ ...rule, indicator: 'regularity' }], ['rules.0.indicator']],
  ])('%s', (_, rules, fields) => {
    expect(Object.keys(validateRules(rules))).toEqual(fields);
  });
});
