import { describe, expect, test } from 'vitest';
import { noDataTexts } from '../../../server/domain/explanations.ts';
import { fillWords } from '../../../server/domain/fill-words.ts';
import { indicators } from '../../../server/domain/indicators/all.ts';
import { findForbiddenWords } from '../../../server/domain/words.ts';
import { fillPack } from '../../../server/policy/fill-pack.ts';
import { loadPolicyPack, shippedPackNames } from '../../../server/policy/load-pack.ts';
import { textsOf } from '../../../server/policy/schema.ts';
import { readingAge } from '../../support/reading-age.ts';
import { textsInCode } from '../../support/texts-in-code.ts';

/** Not for anybody’s eyes but a programmer’s: the list of the words itself, what a database driver is told, the log. */
const isForProgrammers = ({ file, text }: { file: string; text: string }) =>
  /server\/(domain\/words|database\/embedded\/.*|lti\/assets\/script)\.ts$/.test(file) ||
  ['request failed', 'a job failed'].includes(text);

const written = [...textsInCode('server'), ...textsInCode('client')]
  .filter((each) => !isForProgrammers(each))
  // Names of parts of a page are not read.
  .map(({ text, ...where }) => ({ ...where, text: text.replace(/<[^>]*>/g, ' ') }));

test('no text of server or client has a word that must not appear: screens, pages, drafts, e-mails, errors', () => {
  expect(written.length).toBeGreaterThan(1_000);
  const found = written.flatMap(({ file, line, text }) =>
    findForbiddenWords(text).map((word) => `${file}:${line}: ${word}`),
  );
  expect(found).toEqual([]);
});

test('the search finds texts in strings, in templates and between tags', () => {
  const files = new Set(written.map(({ file }) => file));
  for (const file of [
    'server/lti/login.ts',
    'server/domain/explanations.ts',
    'server/policy/packs/qmul.ts',
    'client/text/student.ts',
    'client/text/fairness.ts',
  ])
    expect(files).toContain(file);
});

describe('texts read at the age of twelve to fourteen', () => {
  const oldest = 14;

  test.each(shippedPackNames)('in the explanation of each indicator, in the words of %s', (name) => {
    const { words } = loadPolicyPack(name);
    for (const { id, whyItMatters, howItIsWorkedOut, whatWouldChangeIt, whatItCannotTell } of indicators) {
      const texts = [whyItMatters, howItIsWorkedOut, whatWouldChangeIt, whatItCannotTell];
      for (const text of texts)
        expect(readingAge(fillWords(text, words)), `${id}: ${text}`).toBeLessThanOrEqual(oldest);
    }
  });

  test('where there is no figure', () => {
    const { words } = loadPolicyPack('qmul');
    for (const text of Object.values(noDataTexts))
      expect(readingAge(fillWords(text, words)), text).toBeLessThanOrEqual(oldest);
  });

  test.each(shippedPackNames)('in what the pack %s tells students', (name) => {
    const { expectations, routes, optOut, services, reflectionPrompts, messages } = fillPack(loadPolicyPack(name));
    for (const passage of [expectations, routes, optOut, services, reflectionPrompts, messages]) {
      const text = textsOf(passage)
        .map((each) => each.text)
        .filter((each) => each.split(/\s+/).length > 5)
        .join(' ');
      expect(readingAge(text), text.slice(0, 60)).toBeLessThanOrEqual(oldest);
    }
  });

  test('as the measure says: a picture book, a novel, a treaty', () => {
    expect(readingAge('The cat sat on the mat. It was a fat cat.')).toBeLessThan(8);
    expect(readingAge('She looked at the letter for a while before she opened it.')).toBeLessThan(14);
    expect(
      readingAge('The contracting parties undertake to facilitate the harmonisation of administrative provisions.'),
    ).toBeGreaterThan(20);
  });
});

describe('the words of an institution come from its pack', () => {
  /** Words that one pack brings and another does not: no other text may have them. */
  const own = /\b(QMplus|LEA|interventions?|advisors?|personal tutors?|modules?|programme directors?)\b/i;
  // Where a threshold comes from is a citation; the platform’s own menus and registration files speak its own words.
  const speaksOfPlatforms = /^server\/(policy\/packs\/|domain\/thresholds\.ts|lti\/|sources\/|.*-cli\.ts)/;

  test('and from no text of server or client', () => {
    const found = written
      .filter(({ file, text }) => !speaksOfPlatforms.test(file) && own.test(text))
      .map(({ file, line, text }) => `${file}:${line}: ${text}`);
    expect(found).toEqual([]);
  });
});
