import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fillWords } from '../../../server/domain/fill-words.ts';
import { findForbiddenWords } from '../../../server/domain/words.ts';
import { InvalidPolicyPack, loadPolicyPack, shippedPackNames } from '../../../server/policy/load-pack.ts';
import { textsOf } from '../../../server/policy/schema.ts';

const directory = mkdtempSync(join(tmpdir(), 'packs-'));
afterAll(() => rmSync(directory, { recursive: true }));

function write(name: string, content: unknown): string {
  const file = join(directory, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe.each(shippedPackNames)('the pack %s', (name) => {
  const pack = loadPolicyPack(name);

  test('is fit to use, and cannot be changed while running', () => {
    expect(pack.id).toBe(name);
    expect(Object.isFrozen(pack.routes.crisis.contacts)).toBe(true);
  });

  test('has words for every place it leaves open, and none that must not appear', () => {
    const filledPerStudent = { name: '', sender: '', courseTitle: '', observation: '', nextStep: '' };
    for (const { text } of textsOf(pack)) {
      expect(fillWords(text, pack.words, filledPerStudent)).not.toMatch(/[{}]/);
      expect(findForbiddenWords(text)).toEqual([]);
    }
  });

  test('puts the informal route before the formal one, and reaches emergency numbers', () => {
    expect(pack.routes.complaints[0]?.name).toMatch(/first$/);
    expect(pack.routes.crisis.contacts.map(({ phone }) => phone)).toEqual(['999', '111', '116 123']);
  });

  test('offers a draft for support, for stretch and for following up', () => {
    const kinds = pack.messages.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['support', 'stretch', 'follow-up']));
    for (const { body } of pack.messages)
      expect(body).toMatch(/\{name\}[\s\S]*\{observation\}[\s\S]*\{nextStep\}[\s\S]*\{sender\}/);
  });
});

test('the packs speak the words and categories of their own policies', () => {
  const labels = (name: string) => loadPolicyPack(name).actionCategories.map(({ label }) => label);
  expect(labels('aston')).toEqual(['Diagnostic', 'Instructional', 'Coaching and mentoring', 'Referral', 'Review']);
  expect(labels('qmul')).toEqual(['Instructional', 'Supportive', 'Referral', 'Review']);
  expect(loadPolicyPack('qmul')).toMatchObject({
    mayAddCategories: true,
    requiresColleagueDiscussion: true,
    words: { action: 'LEA action', course: 'module', adviser: 'advisor' },
  });
});

describe('an institution’s own file', () => {
  test('may begin with a shipped pack and hold only what differs', () => {
    const file = write('own.json', {
      extends: 'qmul',
      id: 'our-place',
      words: { course: 'unit', courses: 'units' },
      routes: { support: { url: 'https://support.example.ac.uk/' } },
    });
    const pack = loadPolicyPack(file);
    expect(pack).toMatchObject({
      id: 'our-place',
      words: { course: 'unit', action: 'LEA action' },
      routes: { support: { url: 'https://support.example.ac.uk/' } },
    });
    expect(pack.routes.complaints).toHaveLength(2);
  });

  test.each<[string, unknown, RegExp]>([
    ['that is not there', undefined, /the file cannot be read/],
    ['that is not JSON', '{ "id": ', /the file is not JSON/],
    ['that is a list', [], /must hold one JSON object/],
    ['that extends nothing known', { extends: 'atlantis' }, /extends: must be one of qmul/],
    ['with a field that nobody knows', { extends: 'qmul', colour: 'red' }, /colour/],
    [
      'with a script for an address',
      { extends: 'qmul', routes: { support: { url: 'javascript:alert(1)' } } },
      /routes\.support\.url/,
    ],
    [
      'with a rule out of range',
      {
        extends: 'qmul',
        rules: [{ indicator: 'recency', comparison: '>=', threshold: 0, fromWeek: 2, strength: 'strong' }],
      },
      /rules\[0\]\.threshold: Choose a threshold from 3 to 60/,
    ],
    [
      'with a rule on a view-only indicator',
      {
        extends: 'qmul',
        rules: [{ indicator: 'regularity', comparison: '<', threshold: 0.5, fromWeek: 2, strength: 'strong' }],
      },
      /rules\[0\]\.indicator/,
    ],
    [
      'with a word that must not appear',
      { extends: 'qmul', expectations: { intro: 'For students at risk.' } },
      /expectations\.intro: the words “at risk” must not appear/,
    ],
    [
      'with the same category twice',
      {
        extends: 'qmul',
        actionCategories: [
          { id: 'a', label: 'A', description: 'A' },
          { id: 'a', label: 'B', description: 'B' },
        ],
      },
      /actionCategories: the same id twice/,
    ],
  ])('%s is refused with the path and the reason', (name, content, reason) => {
    const file =
      content === undefined ? join(directory, 'missing.json') : write(`${name.replaceAll(' ', '-')}.json`, content);
    expect(() => loadPolicyPack(file)).toThrow(InvalidPolicyPack);
    expect(() => loadPolicyPack(file)).toThrow(reason);
    expect(() => loadPolicyPack(file)).toThrow(file);
  });

  test('a name that is no pack and no file is refused with the names there are', () => {
    expect(() => loadPolicyPack('oxford')).toThrow(/choose qmul, aston, gloucestershire, jisc/);
  });
});
