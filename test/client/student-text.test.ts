import { expect, it } from 'vitest';
import { student } from '../../client/text/student.ts';
import { reading } from '../../client/text/reading.ts';
import { viewText } from '../../client/text/student-view.ts';
import { unopenedText } from '../../server/contracts/unopened-text.ts';
import { findForbiddenWords } from '../../server/domain/words.ts';
import { readingAge } from '../support/reading-age.ts';
import { textsInCode, textsInFile } from '../support/texts-in-code.ts';
import { flagReasons, goalKinds, goalOutcomes, requestStates, requestTopics } from '../../server/domain/vocabulary.ts';

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** Words of ours, which say nothing to a student: the figures and what is behind them are told in everyday words. */
const ours =
  /\b(data (feed|source)|event feed|feeds?|dated steps|the data|without data|no data|snapshots?|roll-?ups?|rosters?|rulesets?|thresholds?|indicators?|enrolments?|baselines?|entropy|windows? of|analytics engine|sync(ed|hronised)?|payload|endpoint|LTI|API|xAPI|Caliper|NRPS)\b/i;
/** Where a student’s pages have words from beyond their catalogue: explanations, reasons, who looked, the download. */
const folders = ['domain/indicators', 'student-view', 'features/dashboard', 'features/reflections', 'features/rights'];
const files = [
  'domain/explanations',
  'domain/suggestions',
  'domain/say-lead',
  'contracts/reflections',
  'contracts/rights',
];
it('says nothing in words of ours', () => {
  const written = [
    ...folders.flatMap((folder) => textsInCode(`server/${folder}`)),
    ...files.flatMap((file) => textsInFile(`server/${file}.ts`)),
    { text: unopenedText },
    // What a programmer is told is no student’s to read.
  ].filter(({ text }) => !text.startsWith('No indicator'));
  expect(written.length).toBeGreaterThan(200);
  const texts = [...textsOf([student, viewText, reading]), ...written.map(({ text }) => text)];
  expect(texts.filter((text) => ours.test(text))).toEqual([]);
});

it('reads at the age of twelve to fourteen, page by page', () => {
  for (const [page, texts] of Object.entries({ ...student, viewText, reading })) {
    const sentences = textsOf(texts).filter((text) => text.split(/\s+/).length > 5);
    if (sentences.length > 0) expect([page, readingAge(sentences.join(' ')) <= 14]).toEqual([page, true]);
  }
});

it('never judges, orders or foretells', () => {
  for (const text of textsOf([student, viewText, reading]))
    expect([text, findForbiddenWords(text)]).toEqual([text, []]);
});

it('has a word for everything a student can be shown', () => {
  expect(Object.keys(viewText.flagReasons).sort()).toEqual([...flagReasons].sort());
  expect(Object.keys(student.goals.kinds).sort()).toEqual([...goalKinds].sort());
  expect(Object.keys(student.goals.outcomes).sort()).toEqual([...goalOutcomes].sort());
  expect(Object.keys(student.support.states).sort()).toEqual([...requestStates].sort());
  expect(Object.keys(student.support.topics).sort()).toEqual([...requestTopics].sort());
});
