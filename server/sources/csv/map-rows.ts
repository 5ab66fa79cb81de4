import { createHash } from 'node:crypto';
import type { ColumnMapping, ImportField, ImportKind, ImportProblem } from '../../contracts/imports.ts';
import { startOfDay } from '../../domain/days.ts';
import { personRef, type CourseRef, type PersonRef, type SourceEvent } from '../source-event.ts';
import { fieldsOfKind, personFields } from './columns.ts';
import type { Cell, Table } from './read-table.ts';

export interface MappedRows {
  readonly events: readonly SourceEvent[];
  readonly problems: readonly ImportProblem[];
}

/**
 * Turns the rows of a file, all of one course, into events, and lists every problem by row. Times without a zone are times
 * of `timeZone`. The same row always makes the same event, so that a file that is read twice counts once.
 */
export function mapRows(
  table: Table,
  kind: ImportKind,
  mapping: ColumnMapping,
  { course, timeZone, now }: { course: CourseRef; timeZone: string; now: number },
): MappedRows {
  const problems = checkMapping(table, kind, mapping);
  if (problems.length > 0) return { events: [], problems };
  const position = (field: ImportField) => {
    const name = mapping[field];
    return name === undefined ? -1 : table.columns.indexOf(name);
  };
  const events: SourceEvent[] = [];
  for (const { number, cells } of table.rows) {
    const cellOf = (field: ImportField): Cell => cells[position(field)] ?? '';
    const complain = (field: ImportField, message: string) =>
      problems.push({ row: number, ...(mapping[field] !== undefined && { column: mapping[field] }), message });
    const before = problems.length;
    for (const field of Object.keys(mapping) as ImportField[]) {
      if (looksLikeFormula(cellOf(field))) complain(field, 'This looks like a formula. Save the file with its values.');
    }
    const person = readPerson(cellOf);
    if (!person) complain(personFields.find((field) => mapping[field]) ?? 'studentId', 'No student is named.');
    const at = readTime(cellOf('at'), timeZone);
    if (at === undefined) complain('at', 'This is not a date. Use 2026-11-23 or 23/11/2026, with or without 14:05.');
    else if (at > now + 3_600_000) complain('at', 'This lies in the future.');
    else if (at < Date.UTC(2000, 0, 1)) complain('at', 'This lies before the year 2000.');
    const status = kind === 'attendance' ? readStatus(cellOf('status')) : undefined;
    if (kind === 'attendance' && !status) complain('status', 'This is none of present, late, absent, excused.');
    const title = asText(cellOf('session')).slice(0, 200);
    if (kind === 'lecture-capture' && !title) complain('session', 'No recording is named.');
    if (problems.length > before || !person || at === undefined) continue;
    events.push(toEvent(kind, { person, at, title, status, course }));
  }
  return { events, problems };
}

function checkMapping(table: Table, kind: ImportKind, mapping: ColumnMapping): ImportProblem[] {
  const problems: ImportProblem[] = [];
  for (const name of Object.values(mapping)) {
    if (!table.columns.includes(name)) problems.push({ row: 0, column: name, message: 'The file has no such column.' });
  }
  if (!personFields.some((field) => mapping[field])) {
    problems.push({ row: 0, message: 'Choose the column that names the student: number, e-mail or user name.' });
  }
  for (const field of fieldsOfKind[kind].needs) {
    if (!mapping[field]) problems.push({ row: 0, message: `Choose the column for: ${sayField[field]}.` });
  }
  return problems;
}

const sayField: Readonly<Record<ImportField, string>> = {
  studentId: 'student number',
  email: 'e-mail',
  username: 'user name',
  at: 'date',
  session: 'session or title',
  status: 'attendance',
  course: 'course',
};

interface ReadRow {
  readonly person: PersonRef;
  readonly at: number;
  readonly title: string;
  readonly status: Status | undefined;
  readonly course: CourseRef;
}

function toEvent(kind: ImportKind, { person, at, title, status, course }: ReadRow): SourceEvent {
  const sessionId = title ? `${kind}:${title}:${at}` : `${kind}:${at}`;
  const recordingId = `${kind}:${title}`;
  // The status is no part of it: a register that is corrected and read again corrects the session.
  const id = createHash('sha256')
    .update(JSON.stringify([kind, person, course, at, title]))
    .digest('hex')
    .slice(0, 40);
  const isActive = kind !== 'attendance' || status === 'present';
  return {
    id,
    person,
    course,
    at,
    ...(isActive && { activity: { eventId: `file:${id}`, kind, at, source: 'file' as const, objectId: sessionId } }),
    ...(kind === 'attendance' && {
      session: { sessionId, at, wasAttended: status === 'present', ...(status === 'excused' && { isExcused: true }) },
    }),
    ...(kind === 'lecture-capture' && { recording: { recordingId, title, watchedAt: at } }),
  };
}

function readPerson(cellOf: (field: ImportField) => Cell): PersonRef | undefined {
  const [studentId, email, username] = personFields.map((field) => asText(cellOf(field)));
  if (studentId) return personRef('sourcedId', studentId);
  if (email) return personRef('email', email);
  return username ? personRef('username', username) : undefined;
}

type Status = 'present' | 'absent' | 'excused';
const statusWords: Readonly<Record<Status, readonly string[]>> = {
  present: ['present', 'attended', 'yes', 'y', 'true', '1', 'x', 'p', 'late', 'l', '✓', 'online'],
  absent: ['absent', 'no', 'n', 'false', '0', 'a', 'missed', 'not attended', 'unexcused'],
  excused: ['excused', 'authorised', 'authorized', 'authorised absence', 'e', 'ea', 'aa', 'approved'],
};

function readStatus(cell: Cell): Status | undefined {
  const word = asText(cell).toLowerCase();
  return (Object.keys(statusWords) as Status[]).find((status) => statusWords[status].includes(word));
}

/** Milliseconds since the epoch; undefined for what is no date. Days come first, as in the UK: 3/11 is 3 November. */
function readTime(cell: Cell, timeZone: string): number | undefined {
  // A spreadsheet's date has no zone; the reader gives it as if it were UTC.
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? undefined : toZone(cell.toISOString(), timeZone);
  if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(cell)) {
    const at = Date.parse(cell);
    return Number.isNaN(at) ? undefined : at;
  }
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2}))?/.exec(cell);
  if (iso) return toZone(join(iso[1]!, iso[2]!, iso[3]!, iso[4], iso[5]), timeZone);
  const british = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})(?:,?\s+(\d{1,2}):(\d{2}))?/.exec(cell);
  if (!british) return undefined;
  const year = british[3]!.length === 2 ? `20${british[3]}` : british[3]!;
  return toZone(join(year, british[2]!, british[1]!, british[4], british[5]), timeZone);
}

function join(year: string, month: string, day: string, hour = '12', minute = '00'): string {
  const two = (part: string) => part.padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:00.000Z`;
}

function toZone(isoAsUtc: string, timeZone: string): number | undefined {
  const asUtc = Date.parse(isoAsUtc);
  // Dates such as 31 February roll over silently; they are mistakes.
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 10) !== isoAsUtc.slice(0, 10)) return undefined;
  const day = isoAsUtc.slice(0, 10);
  return startOfDay(day, timeZone) + (asUtc - Date.parse(`${day}T00:00:00.000Z`));
}

function asText(cell: Cell): string {
  return cell instanceof Date ? cell.toISOString() : cell;
}

function looksLikeFormula(cell: Cell): boolean {
  return typeof cell === 'string' && /^[=@]|^[+-](?![\d.,\s:]*$)/.test(cell);
}
