import { expect, it } from 'vitest';
import { student } from '../../client/text/student.ts';
import { viewText } from '../../client/text/student-view.ts';
import { findForbiddenWords } from '../../server/domain/words.ts';
import { flagReasons, goalKinds, goalOutcomes, requestStates, requestTopics } from '../../server/domain/vocabulary.ts';

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

it('never judges, orders or foretells', () => {
  for (const text of textsOf([student, viewText])) expect([text, findForbiddenWords(text)]).toEqual([text, []]);
});

it('has a word for everything a student can be shown', () => {
  expect(Object.keys(viewText.flagReasons).sort()).toEqual([...flagReasons].sort());
  expect(Object.keys(student.goals.kinds).sort()).toEqual([...goalKinds].sort());
  expect(Object.keys(student.goals.outcomes).sort()).toEqual([...goalOutcomes].sort());
  expect(Object.keys(student.support.states).sort()).toEqual([...requestStates].sort());
  expect(Object.keys(student.support.topics).sort()).toEqual([...requestTopics].sort());
});
