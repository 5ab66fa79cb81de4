import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadPolicyPack, shippedPackNames } from '../../../server/policy/load-pack.ts';

/** `npm run policy`, as whoever writes a pack of their own runs it. */

const folder = mkdtempSync(join(tmpdir(), 'policy-'));
afterAll(() => rmSync(folder, { recursive: true }));

function policy(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', 'server/policy-cli.ts', ...args], (error, out, err) =>
      resolve({ status: error ? Number(error.code) : 0, out, err }),
    );
  });
}

function write(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

test('check says that a pack can be used, how, and which addresses are still open', async () => {
  const [own, shared] = await Promise.all([
    policy('check', 'server/policy/own-pack.example.json'),
    policy('check', 'jisc'),
  ]);
  expect([own.status, own.err]).toEqual([0, '']);
  expect(own.out).toContain(
    '(Our University) can be used. Set WAYMARK_POLICY_PACK=server/policy/own-pack.example.json.',
  );
  expect(own.out).not.toContain('routes.questions');
  expect(shared.out).toContain('routes.support');
});

test('show prints a pack that is a start for one’s own: what it prints can be used as it is', async () => {
  const shown = await policy('show', 'aston');
  expect(shown.status).toBe(0);
  const copy = write('copy.json', shown.out);
  expect(loadPolicyPack(copy)).toEqual(loadPolicyPack('aston'));
  expect((await policy('check', copy)).status).toBe(0);
});

const changed = (change: object) => ({ extends: 'qmul', ...change });
const [crisis] = loadPolicyPack('qmul').routes.crisis.contacts;

test.each<[string, unknown, RegExp]>([
  ['a word left out', changed({ words: { course: '' } }), /^ {2}- words\.course: /m],
  ['a name that means nothing', changed({ optOuts: {} }), /the pack: .*optOuts/],
  [
    'a plain http address',
    changed({ routes: { support: { name: 'x', description: 'x', url: 'http://x.example' } } }),
    /routes\.support\.url: /,
  ],
  [
    'a script for an address',
    changed({ routes: { questions: { url: 'javascript:alert(1)' } } }),
    /routes\.questions\.url: /,
  ],
  ['no way out of a crisis', changed({ routes: { crisis: { contacts: [] } } }), /routes\.crisis\.contacts: /],
  [
    'a telephone number with words',
    changed({ routes: { crisis: { contacts: [{ ...crisis, phone: 'ask Jo' }] } } }),
    /routes\.crisis\.contacts\[0\]\.phone: /,
  ],
  [
    'two categories of one id',
    changed({ actionCategories: [1, 2].map(() => ({ id: 'a', label: 'A', description: 'A' })) }),
    /actionCategories: the same id twice/,
  ],
  [
    'a rule beyond its indicator',
    changed({ rules: [{ indicator: 'recency', comparison: '>=', threshold: -3, fromWeek: 2, strength: 'strong' }] }),
    /rules\[0\]\.threshold: /,
  ],
  ['a retention of no time', changed({ retention: { rawEventDays: 0 } }), /retention\.rawEventDays: /],
  [
    'words that must not appear',
    changed({ principles: ['We find the failing students.'] }),
    /principles\[0\]: .*must not appear/,
  ],
  [
    'a place in a text that nothing fills',
    changed({ expectations: { intro: 'Welcome to the {modul}.' } }),
    /expectations\.intro: nothing fills \{modul\}/,
  ],
  [
    'a place that is filled in messages only',
    changed({ confidentiality: 'Dear {name}' }),
    /confidentiality: .*\{name\}/,
  ],
  ['a word made of another', changed({ words: { course: '{school}' } }), /words\.course: nothing fills \{school\}/],
  [
    'an error of shape, and another of words',
    changed({ retention: { rawEventDays: 0 }, principles: ['We find the failing students.'] }),
    /retention\.rawEventDays: [\s\S]*principles\[0\]: .*must not appear/,
  ],
  ['a start that does not exist', { extends: 'oxford' }, /extends: must be one of qmul, aston/],
  ['no JSON', '{ "extends": ', /the file is not JSON/],
  ['a list', [], /the file must hold one JSON object/],
])('check refuses a pack with %s, with the path and the reason', async (name, content, problem) => {
  const file = write(`${name.replaceAll(/\W+/g, '-')}.json`, content);
  const { status, out, err } = await policy('check', file);
  expect([status, out]).toEqual([1, '']);
  expect(err).toContain(`The policy pack ${file} cannot be used`);
  expect(err).toMatch(problem);
  expect(err).not.toMatch(/^\s+at /m);
});

test('a pack that is not there is named, with those that are; and without an order the usage is shown', async () => {
  const [unknown, missing, nothing, wrong] = await Promise.all([
    policy('check', 'oxbridge'),
    policy('show', join(folder, 'nowhere.json')),
    policy(),
    policy('delete', 'qmul'),
  ]);
  expect([unknown.status, missing.status, nothing.status, wrong.status]).toEqual([1, 1, 2, 2]);
  for (const name of shippedPackNames) expect(unknown.err).toContain(name);
  expect(missing.err).toContain('cannot be read');
  expect(nothing.err).toContain('Usage: npm run policy -- check NAME_OR_FILE');
});

/** Where a shipped pack sends people to, and who states that address. Whoever adds an address adds its source here. */
const statedBy: Readonly<Record<string, string>> = {
  'https://www.qmul.ac.uk/student-experience/': 'Queen Mary, Student Learning Engagement Policy',
  '999': 'the national emergency number',
  '111': 'NHS 111',
  'https://111.nhs.uk/': 'NHS 111',
  '116 123': 'Samaritans',
  'https://www.samaritans.org/': 'Samaritans',
};

function addressesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(addressesOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    (key === 'url' || key === 'phone') && typeof item === 'string' ? [item] : addressesOf(item),
  );
}

test.each(shippedPackNames)('every address and number of the pack %s has a source', (name) => {
  const { sources: _documents, ...rest } = loadPolicyPack(name);
  expect(addressesOf(rest).filter((address) => statedBy[address] === undefined)).toEqual([]);
});
