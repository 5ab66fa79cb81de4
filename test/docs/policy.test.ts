import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** docs/policy.md says which tests show what the policies ask for: it must name every row, and tests that are there. */

const rowIds = [
  ...Array.from({ length: 12 }, (_, index) => `ST${index + 1}`),
  ...Array.from({ length: 15 }, (_, index) => `TU${index + 1}`),
  ...Array.from({ length: 14 }, (_, index) => `IN${index + 1}`),
];

const rows = readFileSync('docs/policy.md', 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, id, , shownBy] = line.split('|').map((cell) => cell.trim());
    return id && /^(ST|TU|IN)\d+$/.test(id) ? [{ id, tests: readTests(shownBy ?? '') }] : [];
  });

function readTests(cell: string): { file: string; title: string }[] {
  return cell.split('<br>').flatMap((entry) => {
    const [, file, title] = /^`([^`]+)`: (.+)$/.exec(entry.trim()) ?? [];
    return file && title ? [{ file, title }] : [];
  });
}

test('every row of the policies is there, once', () => {
  expect(rows.map(({ id }) => id)).toEqual(rowIds);
});

test.each(rows)('$id is shown by tests that exist under these names', ({ tests }) => {
  expect(tests.length).toBeGreaterThan(0);
  for (const { file, title } of tests) {
    expect(existsSync(file), file).toBe(true);
    const titles = [...readFileSync(file, 'utf8').matchAll(/\b(?:it|test)\b[^'"`]*(['"`])(.+?)\1,/g)].map(
      ([, , name]) => name,
    );
    expect(titles, `${file}: ${title}`).toContain(title);
  }
});
