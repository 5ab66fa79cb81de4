import { parse } from 'csv-parse/sync';
import { readSheet } from 'read-excel-file/node';
import { checkWorkbook } from './check-workbook.ts';
import { UnreadableFile } from './unreadable-file.ts';

/** A table as a person made it: the names of its columns, and rows with the number under which they see them. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly number: number; readonly cells: readonly Cell[] }[];
}
/** Spreadsheets know dates; texts are trimmed. */
export type Cell = string | Date;

const mostRows = 50_000;
const mostColumns = 100;

/** Reads CSV (commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1252) or the first sheet of an XLSX. Throws UnreadableFile. */
export async function readTable(bytes: Buffer): Promise<Table> {
  if (bytes.byteLength === 0) throw new UnreadableFile('This file is empty.');
  if (bytes.subarray(0, 4).toString('hex') === 'd0cf11e0') {
    throw new UnreadableFile('This is a spreadsheet of the old kind (.xls). Save it as .xlsx or as CSV and try again.');
  }
  const grid = isZip(bytes) ? await readXlsx(bytes) : readCsv(bytes);
  const headerAt = grid.findIndex((cells) => cells.some((cell) => cell !== ''));
  const header = grid[headerAt];
  if (!header) throw new UnreadableFile('This file holds no rows.');
  if (header.length > mostColumns) throw new UnreadableFile(`More than ${mostColumns} columns are more than we read.`);
  const columns = header.map((cell, index) => (typeof cell === 'string' && cell ? cell : `Column ${index + 1}`));
  const rows = grid
    .map((cells, index) => ({ number: index + 1, cells }))
    .slice(headerAt + 1)
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  if (rows.length > mostRows) {
    throw new UnreadableFile(`More than ${mostRows.toLocaleString('en-GB')} rows: please split the file.`);
  }
  return { columns, rows };
}

function isZip(bytes: Buffer): boolean {
  return bytes.subarray(0, 2).toString('latin1') === 'PK';
}

async function readXlsx(bytes: Buffer): Promise<Cell[][]> {
  const checked = checkWorkbook(bytes);
  try {
    const sheet = await readSheet(checked);
    return sheet.map((row) => row.map((cell) => (cell instanceof Date ? cell : String(cell ?? '').trim())));
  } catch {
    throw new UnreadableFile('This spreadsheet could not be read. Save it as .xlsx or as CSV and try again.');
  }
}

function readCsv(bytes: Buffer): Cell[][] {
  const text = decode(bytes);
  if (text.includes('\0')) throw new UnreadableFile('This is neither a CSV file nor a spreadsheet.');
  const firstLine = text.slice(0, Math.max(0, text.search(/\r?\n|$/)));
  const delimiter = [';', '\t', ','].reduce((best, candidate) =>
    firstLine.split(candidate).length > firstLine.split(best).length ? candidate : best,
  );
  try {
    return parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      trim: true,
      skip_empty_lines: false,
    });
  } catch {
    throw new UnreadableFile('This CSV file breaks off or has a quotation mark that does not end.');
  }
}

function decode(bytes: Buffer): string {
  const start = bytes.subarray(0, 2).toString('hex');
  if (start === 'fffe') return bytes.toString('utf16le').slice(1);
  if (start === 'feff') return new TextDecoder('utf-16be').decode(bytes);
  // Without a mark at its beginning, every second byte of a western UTF-16 text is zero.
  if (bytes.length > 3 && bytes[1] === 0 && bytes[3] === 0) return bytes.toString('utf16le');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
