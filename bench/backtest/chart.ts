import { baseRateOf, precisionOf, recallOf, type Score } from './score.ts';

export interface Panel {
  readonly name: string;
  readonly points: readonly { readonly week: number; readonly score: Score }[];
}

const columns = 5;
const width = 190;
const height = 150;
const plot = { left: 40, top: 26, width: 138, height: 92 };

/** Precision, recall and base rate by week, a panel for each presentation. Told apart by dash and mark, not by colour. */
export function drawChart(panels: readonly Panel[], title: string): string {
  const rows = Math.ceil(panels.length / columns);
  const total = { width: columns * width, height: rows * height + 56 };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total.width} ${total.height}" width="${total.width}" height="${total.height}" role="img" aria-labelledby="title desc" font-family="sans-serif" font-size="10">`,
    `<title id="title">${title}</title>`,
    `<desc id="desc">${panels.map(describe).join(' ')}</desc>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="10" y="18" font-size="13" font-weight="bold">${title}</text>`,
    legend(),
    ...panels.map((panel, index) =>
      drawPanel(panel, (index % columns) * width, 50 + Math.floor(index / columns) * height),
    ),
    '</svg>\n',
  ].join('\n');
}

const series = [
  { name: 'precision', of: precisionOf, dash: '', colour: '#0b4f6c', mark: 'circle' },
  { name: 'recall', of: recallOf, dash: '6 3', colour: '#9a3412', mark: 'square' },
  { name: 'base rate', of: baseRateOf, dash: '1 3', colour: '#525252', mark: '' },
] as const;

function legend(): string {
  return series
    .map(({ name, dash, colour, mark }, index) => {
      const x = 10 + index * 130;
      return `<line x1="${x}" y1="34" x2="${x + 34}" y2="34" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>${drawMark(mark, x + 17, 34, colour)}<text x="${x + 40}" y="38">${name}</text>`;
    })
    .join('');
}

function drawMark(mark: string, x: number, y: number, colour: string): string {
  if (mark === 'circle') return `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>`;
  return mark === 'square' ? `<rect x="${x - 3}" y="${y - 3}" width="6" height="6" fill="${colour}"/>` : '';
}

function drawPanel({ name, points }: Panel, left: number, top: number): string {
  const xOf = (week: number) => left + plot.left + ((week - 2) / 6) * plot.width;
  const yOf = (share: number) => top + plot.top + (1 - share) * plot.height;
  const grid = [0, 0.5, 1].map(
    (share) =>
      `<line x1="${xOf(2)}" x2="${xOf(8)}" y1="${yOf(share)}" y2="${yOf(share)}" stroke="#d4d4d4"/><text x="${xOf(2) - 6}" y="${yOf(share) + 3}" text-anchor="end">${share * 100} %</text>`,
  );
  const weeks = points.map(
    ({ week }) =>
      `<text x="${xOf(week)}" y="${yOf(0) + 13}" text-anchor="middle">${week === 2 ? `week 2` : week}</text>`,
  );
  const lines = series.map(({ of, dash, colour, mark }) => {
    const known = points.filter(({ score }) => Number.isFinite(of(score)));
    const places = known.map(({ week, score }) => ({ x: xOf(week), y: yOf(of(score)) }));
    const path = places.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>${places.map(({ x, y }) => drawMark(mark, x, y, colour)).join('')}`;
  });
  return `<text x="${left + plot.left}" y="${top + 16}" font-weight="bold">${name}</text>${grid.join('')}${weeks.join('')}${lines.join('')}`;
}

function describe({ name, points }: Panel): string {
  const parts = points.map(
    ({ week, score }) => `week ${week} precision ${percent(precisionOf(score))}, recall ${percent(recallOf(score))}`,
  );
  return `${name}: ${parts.join('; ')}.`;
}

export function percent(share: number): string {
  return Number.isFinite(share) ? `${Math.round(share * 100)} %` : '–';
}
