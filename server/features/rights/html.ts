import type { ActivityKind } from '../../domain/vocabulary.ts';
import { escapeHtml } from '../../http/escape-html.ts';

/** The pieces of which the readable download is made; whatever is put into them comes out as plain letters. */

export const style =
  'body{font:1rem/1.5 system-ui,sans-serif;margin:0;color:#1c2733;overflow-wrap:break-word}' +
  'main{max-width:56rem;margin:0 auto;padding:1.5rem 1rem 3rem}h1,h2,h3{line-height:1.25;text-wrap:balance}' +
  'h2{margin:2.5rem 0 .75rem;padding-bottom:.25rem;border-bottom:2px solid #0b5a70}h3{margin:1.5rem 0 .5rem}p{max-width:68ch}' +
  'a{color:#0b5a70}nav ul{list-style:none;padding:0;columns:17rem}nav a{display:inline-block;padding:.2rem 0}' +
  'table{border-collapse:collapse;width:100%;margin:0 0 1rem}th,td{text-align:start;vertical-align:top;padding:.4rem .75rem .4rem 0;border-bottom:1px solid #c9d1d9}' +
  'dl{margin:0 0 1rem}dt{font-weight:600}dd{margin:0 0 .5rem;white-space:pre-line}.own{white-space:pre-wrap}.wide{overflow-x:auto}' +
  '@media (max-width:40rem){thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}table,tbody,tr,td{display:block}tr{padding:.5rem 0;border-bottom:1px solid #c9d1d9}td{padding:0;border:0}td:empty{display:none}td::before{content:attr(data-column) ": ";font-weight:600}}' +
  '@media (min-width:40rem){dl{display:grid;grid-template-columns:14rem 1fr;gap:.25rem 1rem}dd{margin:0}}' +
  '@media print{body{font-size:10pt}main{max-width:none;padding:0}nav{display:none}h2,h3{break-after:avoid}tr,dt,dd,.own{break-inside:avoid}.wide{overflow:visible}a{color:inherit}}';

export interface Section {
  readonly title: string;
  readonly html: string;
}

export function section(title: string, content: string | readonly string[]): Section {
  const parts = (typeof content === 'string' ? [content] : content).filter((part) => part !== '');
  const html = `<section id="${idOf(title)}"><h2>${escapeHtml(title)}</h2>${parts.length > 0 ? parts.join('') : '<p>Nothing is held.</p>'}</section>`;
  return { title, html };
}

/** Links to each section by its title. */
export function contents(titles: readonly string[]): string {
  const links = titles.map((title) => `<li><a href="#${idOf(title)}">${escapeHtml(title)}</a></li>`);
  return `<nav aria-label="Contents"><ul>${links.join('')}</ul></nav>`;
}

function idOf(title: string): string {
  return title.toLowerCase().replace(/[^a-z]+/g, '-');
}

export function written(text: string | undefined, by: string): string {
  return text ? `<h3>${escapeHtml(by)}</h3><p class="own">${escapeHtml(text)}</p>` : '';
}

export function pairs(rows: readonly (readonly [string, string | undefined])[]): string {
  const known = rows.filter(([, value]) => value);
  return `<dl>${known.map(([label, value]) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value ?? '')}</dd>`).join('')}</dl>`;
}

/** On a narrow screen its rows stand below each other, each cell with its column's name; the roles keep it a table then. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const columns = head.map((cell) => `<th role="columnheader" scope="col">${escapeHtml(cell)}</th>`);
  const cells = (row: readonly string[]) =>
    row.map((cell, place) => `<td role="cell" data-column="${escapeHtml(head[place] ?? '')}">${escapeHtml(cell)}</td>`);
  const lines = rows.map((row) => `<tr role="row">${cells(row).join('')}</tr>`);
  return `<div class="wide"><table role="table"><thead role="rowgroup"><tr role="row">${columns.join('')}</tr></thead><tbody role="rowgroup">${lines.join('')}</tbody></table></div>`;
}

/** A word of the closed sets as a person reads it. */
export function say(code: string): string {
  return code.replaceAll('-', ' ');
}

/** How often each kind of thing was done: `opened: 3, handed in: 1`. */
export function counts(of: Readonly<Partial<Record<ActivityKind, number>>>): string {
  return (Object.entries(of) as [ActivityKind, number][])
    .map(([kind, count]) => `${doneWords[kind]}: ${count}`)
    .join(', ');
}

const doneWords: Readonly<Record<ActivityKind, string>> = {
  presence: 'visits',
  view: 'opened',
  submission: 'handed in',
  // A feed tells of each question that was answered, too: it is no count of attempts.
  'quiz-attempt': 'steps in quizzes',
  'forum-post': 'forum posts',
  completion: 'steps finished',
  attendance: 'sessions attended',
  'lecture-capture': 'recordings watched',
  meeting: 'meetings',
  'co-curricular': 'other university activities',
};
