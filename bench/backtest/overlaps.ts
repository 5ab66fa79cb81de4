import type { BackTest } from '../../server/domain/back-test.ts';
import { indicatorOf } from '../../server/domain/indicators/all.ts';
import { percent } from './chart.ts';
import { drawTable } from './table.ts';

/** How often two rules speak of the same person in the same week, over several courses. */
export function drawOverlaps(tests: readonly BackTest[]): string {
  const pairs = new Map<string, { both: number; either: number }>();
  for (const { a, b, both, either } of tests.flatMap(({ overlaps }) => overlaps)) {
    const name = `${indicatorOf(a).label} / ${indicatorOf(b).label}`;
    const pair = pairs.get(name) ?? { both: 0, either: 0 };
    pairs.set(name, { both: pair.both + both, either: pair.either + either });
  }
  return drawTable(
    ['rules', 'both', 'either', 'share'],
    [...pairs]
      .filter(([, { both }]) => both > 0)
      .map(([name, { both, either }]) => [name, String(both), String(either), percent(both / either)]),
  );
}
