import type { ImportField, ImportKind } from '../../server/contracts/imports.ts';

export const imports = {
  nav: 'Import files',
  title: 'Import files',
  lead: 'Bring in attendance, recordings, meetings or other activity from a CSV file or a spreadsheet. You see every row that needs another look before anything is saved.',
  kind: 'What the file holds',
  kinds: {
    attendance: 'Attendance',
    'lecture-capture': 'Recordings watched',
    meeting: 'Meetings with staff',
    'co-curricular': 'Co-curricular activity',
  } satisfies Record<ImportKind, string>,
  file: 'File',
  fileHint: 'CSV or XLSX, up to 10 MB. The file itself is not kept.',
  check: 'Check the file',
  checking: 'Checking…',
  save: 'Import all rows',
  saving: 'Importing…',
  columns: 'Which column holds what',
  noColumn: 'Not in this file',
  fields: {
    studentId: 'Student number',
    email: 'E-mail',
    username: 'User name',
    at: 'Date and time',
    session: 'Session or title',
    status: 'Attendance',
    course: '{Course}',
  } satisfies Record<ImportField, string>,
  found: (rows: number, people: number) =>
    `${rows.toLocaleString('en-GB')} ${rows === 1 ? 'row' : 'rows'} about ${people.toLocaleString('en-GB')} ${people === 1 ? 'person' : 'people'}.`,
  waiting: (people: number) =>
    `${people} of them ${people === 1 ? 'is' : 'are'} not in this {course} yet. Their rows wait, and count once they appear in it.`,
  elsewhere: (rows: number) =>
    `${rows === 1 ? 'One row names' : `${rows.toLocaleString('en-GB')} rows name`} another {course} and ${rows === 1 ? 'is' : 'are'} left out.`,
  noneHere:
    'No row names this {course}. Where that column holds something else, choose “Not in this file” for “{Course}”.',
  ready: 'Every row can be read.',
  notReady: 'Some rows need another look. Nothing has been saved.',
  row: 'Row',
  column: 'Column',
  problem: 'What needs a look',
  wholeFile: 'Whole file',
  more: 'There are more than are listed here.',
  done: 'The file has been imported. Figures follow within a minute.',
  undone: 'Taken back. Figures follow within a minute.',
  earlier: 'Earlier imports',
  none: 'Nothing has been imported yet.',
  undo: 'Take back',
  undoFor: (fileName: string) => `Take back everything from ${fileName}`,
  states: {
    writing: 'Being imported',
    done: 'Imported',
    undoing: 'Being taken back',
    undone: 'Taken back',
    failed: 'Not imported',
  },
  interrupted: 'Interrupted: take it back, or import the file again',
  by: (name: string, when: string) => `by ${name}, ${when}`,
  progress: (done: number, rows: number) =>
    `${done.toLocaleString('en-GB')} of ${rows.toLocaleString('en-GB')} ${rows === 1 ? 'row' : 'rows'}`,
};
