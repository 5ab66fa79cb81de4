/**
 * A CSV file as spreadsheets read it: UTF-8 with a mark, CRLF, every cell quoted. A cell that a spreadsheet would take for
 * a formula gets an apostrophe in front, since names and notes are typed by people we don't know.
 */
export function toCsv(header: readonly string[], rows: Iterable<readonly (string | number)[]>): string {
  const lines = [header, ...rows].map((cells) => cells.map(toCell).join(','));
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}

function toCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const harmless = /^\s*[=+\-@\t\r|%]/.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}
