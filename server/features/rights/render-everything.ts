import { escapeHtml } from '../../http/escape-html.ts';
import type { Everything } from './collect-everything.ts';
import { contents, style } from './html.ts';
import { renderMeasured } from './render-measured.ts';
import { renderWritten } from './render-written.ts';
import { sayingsOf } from './sayings.ts';

/** A page for reading and printing: no scripts, nothing from elsewhere, every text escaped. */
export function renderEverything(everything: Everything, words: Readonly<Record<string, string>>): string {
  const { about } = everything;
  const sayings = sayingsOf(everything, words);
  const sections = [...renderMeasured(everything, sayings), ...renderWritten(everything, sayings)];
  return `<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>What Waymark holds about you</title><style>${style}</style></head>
<body><main><h1>What Waymark holds about you</h1>
<p>${escapeHtml(about.covers)} Made on ${escapeHtml(sayings.moment(Date.parse(about.madeAt)))}.</p>
<p>${escapeHtml(about.questions)}</p>
${contents(sections.map(({ title }) => title))}
${sections.map(({ html }) => html).join('\n')}
</main></body></html>
`;
}
