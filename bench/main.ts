import type { Bench, Figure } from './figure.ts';

/** Every bench by the name that `npm run bench -- NAME` takes; each stands in its own file. */
const BENCHES: readonly (() => Promise<Bench>)[] = [
  async () => (await import('./indicators.ts')).indicators,
  async () => (await import('./database.ts')).databaseBench,
  async () => (await import('./xapi.ts')).xapiBench,
  async () => (await import('./refresh.ts')).refreshBench,
  async () => (await import('./launches.ts')).launchBench,
  async () => (await import('./flag-list.ts')).flagListBench,
  async () => (await import('./flag-list-page.ts')).flagListPageBench,
  async () => (await import('./student-pages.ts')).studentPagesBench,
];

function printTable(name: string, figures: readonly Figure[]): void {
  const rows = figures.map(({ figure, value, unit, floor, ratio }) => [
    figure,
    `${value.toPrecision(4)} ${unit}`,
    floor === null ? '' : `${floor} ${unit}`,
    ratio === null ? '' : `${ratio.toFixed(2)} ×`,
  ]);
  const table = [['figure', 'here', 'promised', 'beside it'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  console.log(`\n${name}`);
  for (const row of table)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
}

const wanted = process.argv.slice(2);
const benches = await Promise.all(BENCHES.map((load) => load()));
const known = benches.map(({ name }) => name);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench called ${unknown.join(', ')}; there are: ${known.join(', ') || 'none yet'}.`);
  process.exit(1);
}
for (const bench of benches) {
  if (wanted.length > 0 && !wanted.includes(bench.name)) continue;
  const figures = await bench.run();
  printTable(bench.name, figures);
  for (const figure of figures) console.log(JSON.stringify(figure));
}
