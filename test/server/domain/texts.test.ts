import { describe, expect, test } from 'vitest';
import { checkDraft } from '../../../server/domain/draft-check.ts';
import { evaluationCaution } from '../../../server/domain/evaluation.ts';
import { explainFlag, explainMeasurement, noDataTexts, sayRule } from '../../../server/domain/explanations.ts';
import { fillWords } from '../../../server/domain/fill-words.ts';
import { computeCourse } from '../../../server/domain/compute-course.ts';
import { indicators } from '../../../server/domain/indicators/all.ts';
import { defaultRuleset } from '../../../server/domain/rules.ts';
import { suggestFor } from '../../../server/domain/suggestions.ts';
import { defaultRules } from '../../../server/domain/thresholds.ts';
import { phraseReasons } from '../../../server/domain/reason-phrases.ts';
import type { Measurement } from '../../../server/domain/measurement.ts';
import { sayLead } from '../../../server/domain/say-lead.ts';
import { findForbiddenWords } from '../../../server/domain/words.ts';
import { loadPolicyPack, shippedPackNames } from '../../../server/policy/load-pack.ts';
import { aCourse, aStudent, classmates, days, onDay } from './support/facts.ts';

const now = onDay(48);
const pack = loadPolicyPack('qmul');

/** A course and a student for whom every indicator has something to say. */
const course = aCourse(now, {
  assessments: [
    { id: 'a1', title: 'Essay', kind: 'assignment', dueAt: onDay(20), url: 'https://vle.example/a1' },
    { id: 'a2', title: 'Report', kind: 'assignment', dueAt: onDay(30) },
    { id: 'a3', title: 'Poster', kind: 'assignment', dueAt: onDay(52), url: 'https://vle.example/a3' },
  ],
  items: Array.from({ length: 6 }, (_, n) => ({
    id: `page-${n}`,
    title: `Page ${n}`,
    kind: 'page',
    isTracked: true,
    expectedBy: onDay(7 * n),
  })),
  recordings: [1, 2, 3].map((n) => ({ id: `r${n}`, title: `Lecture ${n}`, availableAt: onDay(n) })),
});
const student = aStudent(days(0, 30, 3), {
  submissions: [{ assessmentId: 'a1', submittedAt: onDay(18) }],
  completions: [{ itemId: 'page-0', completedAt: onDay(1) }],
  sessions: [21, 28, 35, 42].map((day) => ({ sessionId: `s${day}`, at: onDay(day), wasAttended: day < 25 })),
  watched: [{ recordingId: 'r1', at: onDay(3) }],
});
const computed = computeCourse({
  course,
  students: [student, ...classmates(12, 48)],
  ruleset: defaultRuleset(),
  flags: [],
  now,
});
const { measurements } = computed.snapshots[0]!;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

function expectFit(texts: readonly string[]) {
  for (const text of texts) {
    expect(findForbiddenWords(text), text).toEqual([]);
    expect(text).not.toMatch(/[{}]|undefined|NaN|Infinity/);
  }
}

describe('every text that a student or tutor may read', () => {
  test('of the pure core is free of words that must not appear', () => {
    const texts = [
      ...indicators.flatMap((indicator) => textsIn(indicator)),
      ...Object.values(noDataTexts),
      ...defaultRules.map(({ source }) => source),
      evaluationCaution,
    ];
    for (const name of shippedPackNames) {
      const { words } = loadPolicyPack(name);
      expectFit(texts.map((text) => fillWords(text, words)));
    }
  });

  test('of an explanation is filled in, with numbers, for each indicator', () => {
    for (const measurement of measurements) {
      expect(measurement.state, measurement.id).toBe('measured');
      const explanation = explainMeasurement(measurement, { rules: pack.rules, week: 7, words: pack.words });
      expectFit(textsIn(explanation));
      expect(explanation.formula).toMatch(/\d.* = .*\d/);
      expect(explanation.asOf).toBe(now);
    }
  });

  test('is written in sentences of a length that is easy to read', () => {
    for (const { howItIsWorkedOut, whyItMatters, whatItCannotTell, whatWouldChangeIt } of indicators)
      for (const sentence of [howItIsWorkedOut, whyItMatters, whatItCannotTell, whatWouldChangeIt]) {
        expect(sentence).toMatch(/\.$/);
        expect(sentence.split(/\s+/).length).toBeLessThanOrEqual(38);
      }
  });
});

describe('an explanation', () => {
  const explain = (id: string) =>
    explainMeasurement(
      measurements.find((each) => each.id === id)!,
      { rules: pack.rules, week: 7, words: pack.words },
    );

  test('says the formula with the student’s own numbers, the threshold, and whether it is met', () => {
    expect(explain('recency')).toMatchObject({
      formula: '18 days, none left out = 18 days',
      rules: [{ text: '14 days or more, from teaching week 2', holds: true, applies: true, strength: 'strong' }],
      howItIsWorkedOut: expect.stringContaining('in this module'),
    });
    expect(explain('submissions')).toMatchObject({ formula: '2 due − 1 handed in = 1' });
    expect(explain('attendance')).toMatchObject({ formula: '1 ÷ 4 = 25 %' });
    expect(explain('coverage').rules).toEqual([]);
  });

  test.each([
    ['attendance', 0.5, '50 %', false],
    ['attendance', 0.4968, '49.6 %', true],
    ['attendance', 0.494, '49 %', true],
    ['relative-activity', 0.2999, '29.9 %', true],
    ['relative-activity', 0.301, '30.1 %', false],
    ['relative-activity', 2.22, '222 %', false],
  ] as const)('never rounds %s of %d onto a threshold that it is under or over', (id, value, result, holds) => {
    const measurement = { ...measurements.find((each) => each.id === id)!, state: 'measured' as const, value };
    const explained = explainMeasurement(measurement as Measurement, { rules: pack.rules, week: 7, words: pack.words });
    expect(explained).toMatchObject({ result, rules: [{ holds }] });
  });

  test.each([
    [-328, 'about 14 days after the due time'],
    [-48, '2 days after the due time'],
    [-47.9, 'about 48 hours after the due time'],
    [-1, '1 hour after the due time'],
    [-0.4, 'less than an hour after the due time'],
    [0, 'right at the due time'],
    [0.4, 'less than an hour before the due time'],
    [12, '12 hours before the due time'],
    [47, '47 hours before the due time'],
    [48, '2 days before the due time'],
    [100, 'about 4 days before the due time'],
  ])('of %d hours to spare reads %s', (hours, said) => {
    expect(sayLead(hours)).toBe(said);
  });

  test('of handing in late says days after the due time everywhere, never hours below zero', () => {
    const measurement = {
      id: 'lead-time' as const,
      state: 'measured' as const,
      value: -328,
      inputs: { handedIn: 3, shortest: -500, longest: 30 },
      evidence: [],
      restsOn: ['moodle' as const],
      asOf: now,
    };
    const rule = {
      indicator: 'lead-time',
      comparison: '<',
      threshold: 12,
      fromWeek: 4,
      strength: 'supporting',
    } as const;
    const explained = explainMeasurement(measurement, { rules: [rule], week: 7, words: pack.words });
    expect(explained).toMatchObject({
      result: 'about 14 days after the due time',
      formula:
        'the middle of 3, from about 21 days after the due time to 30 hours before the due time = about 14 days after the due time',
      inputs: [
        { label: 'Assessments handed in', value: '3' },
        { label: 'The latest', value: 'about 21 days after the due time' },
        { label: 'The earliest', value: '30 hours before the due time' },
      ],
      rules: [{ text: 'under 12 hours before the due time, from teaching week 4' }],
    });
    expect(phraseReasons({ reasons: [{ rule, measurement }] })).toBe('Hands in about 14 days after the due time');
    expect(textsIn(explained).join(' ')).not.toMatch(/[-−]\d/);
  });

  test('of missing data says why, and never as something the student did', () => {
    const explanation = explainMeasurement(
      { id: 'attendance', state: 'noData', reason: 'no-source' },
      { rules: pack.rules, week: 7, words: pack.words },
    );
    expect(explanation).toMatchObject({
      result: 'No figure',
      noData: { text: 'Waymark is told nothing about this in this module.' },
    });
    expect(explanation.formula).toBeUndefined();
    expect(explanation.rules[0]?.holds).toBeUndefined();
  });

  test('of a flag reads the same after the rules have changed, and says what is not known', () => {
    const { flag } = computed.flagChanges.find((change) => change.flag.personId === 'someone')!;
    const explained = explainFlag(flag, pack.words);
    expectFit(textsIn(explained));
    expect(explained.summary).toContain('days since last seen');
    expect(explained.reasons.every(({ formula }) => formula !== undefined)).toBe(true);
    expect(explained.together).toContain('enough by itself');
    expect(explained.notTheWholePicture).toContain('QMplus');
  });

  test.each<[string, readonly number[], RegExp, string]>([
    ['one reason', [0], /this stood out: days since last seen\.$/, 'This is set to be enough by itself.'],
    [
      'two reasons',
      [0, 1],
      /these stood out: days since last seen and active days beside the class\.$/,
      'One of these is set to be enough by itself.',
    ],
  ])('of a flag with %s counts them as people do, and says of each figure what would change it', (_, of, sum, why) => {
    const { flag } = computed.flagChanges.find((change) => change.flag.personId === 'someone')!;
    const reasons = of.map((place) => flag.evidence.reasons[place]!);
    const explained = explainFlag({ ...flag, evidence: { ...flag.evidence, reasons } }, pack.words);
    expect(explained.summary).toMatch(sum);
    expect(explained.together).toBe(why);
    expect(explained.whatWouldChangeIt).toMatch(/^Days since last seen: Opening anything in the module /);
    expect(explained.whatWouldChangeIt).toMatch(
      /The flag closes by itself when these figures no longer call for it\.$/,
    );
    expect(explainFlag({ ...flag, state: 'acting' }, pack.words).whatWouldChangeIt).not.toContain('closes by itself');
  });

  test('of a rule that holds only because of days without data says so, and does not call it met', () => {
    const quiet = measurements.find(({ id }) => id === 'recency')!;
    const explained = explainMeasurement({ ...quiet, atBest: 5 } as Measurement, {
      rules: pack.rules,
      week: 7,
      words: pack.words,
    });
    expect(explained.rules).toMatchObject([
      { text: '14 days or more, from teaching week 2 (days we know nothing of count in your favour)', holds: false },
    ]);
  });

  test('of days since a visit before the course says from when they were counted', () => {
    const early = computeCourse({
      course,
      students: [aStudent([-9])],
      ruleset: defaultRuleset(),
      flags: [],
      now: onDay(5),
    }).snapshots[0]!.measurements.find(({ id }) => id === 'recency')!;
    const explained = explainMeasurement(early, { rules: pack.rules, week: 1, words: pack.words });
    expect(explained.formula).toBe('6 days, none left out = 6 days');
    expect(explained.evidence.slice(0, 2)).toEqual([
      { label: 'Last seen in the module', value: '12 September' },
      { label: 'Counted from', value: '21 September' },
    ]);
  });

  test('of a rule names its weeks', () => {
    expect(sayRule({ ...pack.rules[0]!, toWeek: 9 })).toBe('14 days or more, in teaching weeks 2 to 9');
  });
});

describe('suggestions', () => {
  const input = {
    course,
    student,
    measurements,
    services: pack.services,
    words: pack.words,
    dismissed: new Set<string>(),
    now,
  };

  test('are one or two, of different kinds, the same each time, and in fit words', () => {
    const suggestions = suggestFor(input);
    expect(suggestions).toHaveLength(2);
    expect(new Set(suggestions.map(({ kind }) => kind)).size).toBe(2);
    expect(suggestFor(input)).toEqual(suggestions);
    expect(suggestions[0]).toMatchObject({ id: 'due-a3', url: 'https://vle.example/a3' });
    expectFit(textsIn(suggestions));
  });

  test('that were put aside give way to others, and there is always one', () => {
    const dismissed = new Set<string>();
    for (let round = 0; round < 5; round++) {
      const suggestions = suggestFor({ ...input, dismissed });
      for (const { id } of suggestions) {
        expect(dismissed.has(id)).toBe(false);
        dismissed.add(id);
      }
      expectFit(textsIn(suggestions));
    }
    const empty = suggestFor({ ...input, measurements: [], course: aCourse(now), dismissed: new Set() });
    expect(empty).toHaveLength(1);
  });
});

describe('a draft', () => {
  test.each([
    ['You must reply immediately.', ['demanding', 'demanding']],
    ['I am disappointed by your lack of engagement.', ['discouraging', 'discouraging']],
    ['Please engage more and contact the relevant service.', ['vague', 'vague']],
    ['You are falling behind and at risk of failing.', ['discouraging', 'discouraging', 'discouraging']],
    ['Failure to respond may have serious consequences.', ['demanding', 'discouraging']],
    ['Unless you reply you will be removed.', ['demanding', 'discouraging']],
    ['You have let us down.', ['discouraging']],
    ['Our system flagged you as inactive compared to other students.', ['discouraging', 'discouraging']],
    ['I noticed that we have not met since 3 November. Would Tuesday or Thursday suit you for a chat?', []],
    ['', []],
  ])('%j: %j', (draft, kinds) => {
    const remarks = checkDraft(draft);
    expect(remarks.map(({ kind }) => kind)).toEqual(kinds);
    for (const { from, to, phrase, gentler } of remarks) {
      expect(draft.slice(from, to)).toBe(phrase);
      expect(gentler).not.toBe('');
    }
  });

  test('of the packs’ own is free of remarks', () => {
    for (const name of shippedPackNames)
      for (const { subject, body } of loadPolicyPack(name).messages)
        expect(checkDraft(`${subject}\n${body}`), name).toEqual([]);
  });
});
