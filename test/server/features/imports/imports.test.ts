import express from 'express';
import mongoose from 'mongoose';
import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ImportList } from '../../../../server/contracts/imports.ts';
import { connectDatabase } from '../../../../server/database/connect.ts';
import { AuditModel } from '../../../../server/database/models/audit.ts';
import { CourseModel } from '../../../../server/database/models/course.ts';
import { FreshnessModel } from '../../../../server/database/models/freshness.ts';
import { ImportModel } from '../../../../server/database/models/import.ts';
import { PersonModel } from '../../../../server/database/models/person.ts';
import { RawEventModel } from '../../../../server/database/models/raw-event.ts';
import { RollUpModel } from '../../../../server/database/models/roll-up.ts';
import { StudentRecordModel } from '../../../../server/database/models/student-record.ts';
import { createVault } from '../../../../server/database/vault.ts';
import type { Role } from '../../../../server/domain/vocabulary.ts';
import { createImportsRouter } from '../../../../server/features/imports/router.ts';
import { authenticate } from '../../../../server/http/authenticate.ts';
import { handleErrors } from '../../../../server/http/error-handler.ts';
import { createSessionTokens } from '../../../../server/http/session-token.ts';
import { loadPolicyPack } from '../../../../server/policy/load-pack.ts';
import { useDatabase } from '../../../support/database.ts';
import { makeWorkbook } from '../../../support/workbook.ts';
import { seedCourse, type SeededCourse } from '../../../support/seeded-course.ts';

const database = useDatabase();
const now = () => new Date('2026-11-23T12:00:00Z');
const log = pino({ level: 'silent' });
const tokens = createSessionTokens({ secret: 's'.repeat(40), issuer: 'http://localhost' });
let connection: Awaited<ReturnType<typeof connectDatabase>>;
let seeded: SeededCourse;
let app: express.Express;

beforeAll(async () => {
  connection = await connectDatabase(database.uri);
  app = express();
  app.use(authenticate(tokens, now));
  const vault = createVault([{ id: 'k0', secret: new Uint8Array(32) }]);
  app.use(createImportsRouter({ vault, log, now, tokens, pack: loadPolicyPack('qmul') }));
  app.use(handleErrors(log));
});
afterAll(() => connection.close());
beforeEach(async () => {
  seeded = await seedCourse({ students: ['3', '4'], staff: ['43'] });
  for (const [sub, number] of [
    ['3', '260001007'],
    ['4', '260001014'],
  ] as const) {
    await PersonModel.updateOne({ _id: seeded.people.get(sub) }, { $set: { sourcedId: number } });
  }
});

async function as(role: Role, sub = '43') {
  const { token } = await tokens.issue(
    {
      sessionId: new mongoose.Types.ObjectId().toHexString(),
      platformId: seeded.platformId,
      courseId: seeded.courseId,
      personId: seeded.people.get(sub)!,
      role,
    },
    now(),
  );
  return { Authorization: `Bearer ${token}` };
}

async function send(path: string, file: string | Buffer, fields: Record<string, string> = {}, role: Role = 'tutor') {
  let sending = request(app)
    .post(path)
    .set(await as(role));
  for (const [name, value] of Object.entries({ kind: 'attendance', ...fields })) sending = sending.field(name, value);
  return sending.attach('file', Buffer.from(file), 'register.csv');
}

const register = `Student ID;Date;Session;Status
260001007;20/11/2026 10:00;Lecture 8;Present
260001014;20/11/2026 10:00;Lecture 8;Absent
260009999;20/11/2026 10:00;Lecture 8;Present
`;
const recordOf = (sub: string) =>
  StudentRecordModel.findOne({ courseId: seeded.courseId, personId: seeded.people.get(sub) }).lean();
const counted = async () => {
  const rollUps = await RollUpModel.find({ courseId: seeded.courseId }).lean();
  const counts = rollUps.flatMap(({ days }) => days.flatMap((day) => Object.values(day.counts)));
  return counts.reduce((a, b) => a + b, 0);
};
async function takeBack(importId: string): Promise<void> {
  const response = await request(app)
    .post(`/imports/${importId}/undo`)
    .set(await as('tutor'));
  expect(response.status).toBe(200);
}
const stored = () => RawEventModel.countDocuments({ courseId: seeded.courseId });

describe('a register with semicolons and dates as people write them', () => {
  it('is shown first, guesses its columns, and writes nothing until it is imported', async () => {
    const preview = await send('/imports/preview', register);
    expect(preview.status).toBe(200);
    expect(preview.body).toMatchObject({
      mapping: { studentId: 'Student ID', at: 'Date', session: 'Session', status: 'Status' },
      rows: 3,
      people: 3,
      peopleNotFound: 1,
      problems: [],
      mayImport: true,
    });
    expect(await stored()).toBe(0);
  });

  it('becomes attendance, absence is no activity, and the same file a second time counts once', async () => {
    expect((await send('/imports', register)).status).toBe(201);
    const at = Date.parse('2026-11-20T10:00:00Z');
    expect((await recordOf('3'))?.sessions).toEqual([
      { sessionId: `attendance:Lecture 8:${at}`, at, wasAttended: true },
    ]);
    expect((await recordOf('4'))?.sessions?.[0]?.wasAttended).toBe(false);
    expect(await RollUpModel.countDocuments({ courseId: seeded.courseId })).toBe(1);
    await send('/imports', register);
    expect((await recordOf('3'))?.sessions).toHaveLength(1);
    const [rollUp] = await RollUpModel.find({ courseId: seeded.courseId }).lean();
    expect(rollUp?.days).toEqual([{ day: '2026-11-20', source: 'file', counts: { attendance: 1 } }]);
  });

  it('is taken back whole, and the audit names both deeds', async () => {
    const { body } = await send('/imports', register);
    const [first] = body.imports as { id: string; state: string; importedBy: string }[];
    expect(first).toMatchObject({ state: 'done', importedBy: 'Person 43' });
    const undone = await request(app)
      .post(`/imports/${first!.id}/undo`)
      .set(await as('tutor'));
    expect(undone.body.imports[0].state).toBe('undone');
    expect(await stored()).toBe(0);
    expect((await recordOf('3'))?.sessions).toEqual([]);
    const [rollUp] = await RollUpModel.find({ courseId: seeded.courseId }).lean();
    expect(rollUp).toMatchObject({ days: [], objects: [], seen: [] });
    const deeds = await AuditModel.find({ courseId: seeded.courseId }).lean();
    expect(deeds.map(({ deed }) => deed).sort()).toEqual(['imported-file', 'undid-import']);
    // And it may come again.
    await send('/imports', register);
    expect((await recordOf('3'))?.sessions).toHaveLength(1);
  });

  it('says of what its files speak, and no more once they are taken back', async () => {
    const spoken = async () =>
      (await FreshnessModel.findOne({ courseId: seeded.courseId, source: 'file' }).lean())?.speaksOf;
    const first = ((await send('/imports', register)).body as ImportList).imports[0]!;
    const views = 'Student ID,Date,Recording\n260001007,20/11/2026 10:00,Week 8\n';
    const second = ((await send('/imports', views, { kind: 'lecture-capture' })).body as ImportList).imports[0]!;
    expect((await spoken())?.toSorted()).toEqual(['attendance', 'lecture-capture']);
    await takeBack(first.id);
    expect(await spoken()).toEqual(['lecture-capture']);
    await takeBack(second.id);
    expect(await spoken()).toBeUndefined();
  });

  it('is corrected by a later file, and taking that one back brings back what was there', async () => {
    await send('/imports', register);
    const corrected = register
      .replace('260001007;20/11/2026 10:00;Lecture 8;Present', '260001007;20/11/2026 10:00;Lecture 8;Absent')
      .replace('260001014;20/11/2026 10:00;Lecture 8;Absent', '260001014;20/11/2026 10:00;Lecture 8;Excused');
    const { body } = await send('/imports', corrected);
    expect((await recordOf('3'))?.sessions).toMatchObject([{ wasAttended: false }]);
    expect((await recordOf('4'))?.sessions).toMatchObject([{ wasAttended: false, isExcused: true }]);
    expect(await counted()).toBe(0);
    await takeBack((body as ImportList).imports[0]!.id);
    expect((await recordOf('3'))?.sessions).toMatchObject([{ wasAttended: true }]);
    expect((await recordOf('4'))?.sessions?.[0]?.isExcused).toBeUndefined();
    expect(await counted()).toBe(1);
    expect(await stored()).toBe(3);
  });

  it('keeps what another import also holds when one is taken back', async () => {
    const first = ((await send('/imports', register)).body as ImportList).imports[0]!;
    const second = ((await send('/imports', register)).body as ImportList).imports[0]!;
    await takeBack(first.id);
    expect((await recordOf('3'))?.sessions).toHaveLength(1);
    expect(await counted()).toBe(1);
    await takeBack(second.id);
    expect((await recordOf('3'))?.sessions).toEqual([]);
    expect(await counted()).toBe(0);
    expect(await stored()).toBe(0);
    // The same session by another name of the student.
    await send('/imports', register);
    const byMail = 'E-mail,Date,Session,Status\nperson3@example.invalid,20/11/2026 10:00,Lecture 8,Absent\n';
    const third = ((await send('/imports', byMail)).body as ImportList).imports[0]!;
    expect((await recordOf('3'))?.sessions).toMatchObject([{ wasAttended: false }]);
    await takeBack(third.id);
    expect((await recordOf('3'))?.sessions).toMatchObject([{ wasAttended: true }]);
  });

  it('stopped on the way says so, may be taken back, and may be imported again', async () => {
    const { body } = await send('/imports', register);
    const { id } = (body as ImportList).imports[0]!;
    const died = { state: 'writing', done: 1, aliveAt: new Date(now().getTime() - 10 * 60_000) };
    await ImportModel.updateOne({ _id: id }, { $set: died });
    const again = (await send('/imports', register)).body as ImportList;
    expect(again.imports.map(({ isInterrupted }) => isInterrupted).sort()).toEqual([false, true]);
    expect((await recordOf('3'))?.sessions).toHaveLength(1);
    await takeBack(id);
    expect((await recordOf('3'))?.sessions).toHaveLength(1);
    expect(await counted()).toBe(1);
  });

  it('takes back the recordings that only it knew of', async () => {
    const views = 'Student ID,Date,Recording\n260001007,20/11/2026 10:00,Week 8\n260001014,21/11/2026 10:00,Week 8\n';
    const { body } = await send('/imports', views, { kind: 'lecture-capture' });
    const recordings = async () => (await CourseModel.findById(seeded.courseId).lean())?.recordings ?? [];
    expect(await recordings()).toMatchObject([{ title: 'Week 8' }]);
    expect((await recordOf('3'))?.watched).toHaveLength(1);
    await takeBack((body as ImportList).imports[0]!.id);
    expect(await recordings()).toEqual([]);
    expect((await recordOf('3'))?.watched).toEqual([]);
  });

  it('leaves out what it says of other courses, whoever sends it, and says how much that is', async () => {
    const other = await seedCourse({
      platformId: seeded.platformId,
      contextId: 'other',
      students: ['3'],
      label: 'LAW9',
    });
    const naming = (...courses: readonly string[]) =>
      register
        .trim()
        .split('\n')
        .map((line, index) => `${line};${['Module', ...courses][index]}\n`)
        .join('');
    const file = naming('edu101', 'LAW9', '');
    const preview = await send('/imports/preview', file);
    expect(preview.body).toMatchObject({ rows: 2, rowsElsewhere: 1, mayImport: true });
    expect((await send('/imports', file)).status).toBe(201);
    expect(await stored()).toBe(2);
    expect(await RawEventModel.countDocuments({ courseId: other.courseId })).toBe(0);
    // A row is the same row whether or not it names its course.
    await send('/imports', register);
    expect((await recordOf('3'))?.sessions).toHaveLength(1);
    // The columns of that one had no course among them; the next file is not misread for it.
    expect((await send('/imports/preview', file)).body).toMatchObject({ rows: 2, rowsElsewhere: 1 });

    const none = naming('LAW9', 'LAW9', 'LAW9');
    const mapping = JSON.stringify(preview.body.mapping);
    expect((await send('/imports/preview', none, { mapping })).body).toMatchObject({
      rows: 0,
      rowsElsewhere: 3,
      mayImport: false,
    });
    const refused = await send('/imports', none, { mapping });
    expect(refused.status).toBe(422);
    expect(refused.body.error.message).toBe('No row of this file is about this course.');
  });

  it('remembers columns that were chosen by hand', async () => {
    const odd = register.replace('Student ID', 'Nummer').replace('Status', 'Stand');
    const mapping = JSON.stringify({ studentId: 'Nummer', at: 'Date', session: 'Session', status: 'Stand' });
    expect((await send('/imports/preview', odd)).body.mayImport).toBe(false);
    expect((await send('/imports', odd, { mapping })).status).toBe(201);
    expect((await send('/imports/preview', odd)).body).toMatchObject({ mayImport: true });
  });
});

describe('what is refused or found out, row by row, with nothing written', () => {
  it.each([
    ['a date that is none', '260001007;31/02/2026;A;Present', /not a date/],
    ['a date in the future', '260001007;01/02/2027;A;Present', /future/],
    ['a date of 1970', '260001007;01/01/1970;A;Present', /before the year 2000/],
    ['a status that nobody knows', '260001007;20/11/2026;A;maybe', /present, late, absent/],
    ['nobody named', ';20/11/2026;A;Present', /No student/],
    ['a formula', '260001007;20/11/2026;=HYPERLINK("http://x");Present', /formula/],
  ])('%s', async (_name, row, words) => {
    const file = `Student ID;Date;Session;Status\n${row}\n`;
    const preview = await send('/imports/preview', file);
    expect(preview.body.mayImport).toBe(false);
    expect(preview.body.problems[0]).toMatchObject({ row: 2, message: expect.stringMatching(words) as string });
    const refused = await send('/imports', `${register}${row}\n`);
    expect(refused.status).toBe(422);
    expect(refused.body.error.message).toMatch(/Row 5/);
    expect(await stored()).toBe(0);
  });

  it.each([
    ['UTF-16 with a mark', Buffer.from(`\ufeff${register}`, 'utf16le')],
    ['UTF-16 without one', Buffer.from(register, 'utf16le')],
    ['Windows line ends and a mark', Buffer.from(`\ufeff${register.replaceAll('\n', '\r\n')}`)],
    ['tabs', Buffer.from(register.replaceAll(';', '\t'))],
  ])('%s is read all the same', async (_name, bytes) => {
    expect((await send('/imports/preview', bytes)).body).toMatchObject({ rows: 3, mayImport: true });
  });

  it('a real workbook is read, dates and numbers as a spreadsheet holds them', async () => {
    const workbook = makeWorkbook([
      ['Student ID', 'Date', 'Session', 'Status'],
      [260001007, new Date('2026-11-20T10:00:00Z'), 'Lecture 8', 'Present'],
      ['260001014', '20/11/2026 10:00', 'Lecture 8', 'Absent'],
    ]);
    const preview = await send('/imports/preview', workbook);
    expect(preview.body).toMatchObject({ rows: 2, people: 2, peopleNotFound: 0, problems: [], mayImport: true });
    expect((await send('/imports', workbook)).status).toBe(201);
    const at = Date.parse('2026-11-20T10:00:00Z');
    expect((await recordOf('3'))?.sessions).toEqual([
      { sessionId: `attendance:Lecture 8:${at}`, at, wasAttended: true },
    ]);
    expect((await recordOf('4'))?.sessions).toMatchObject([{ at, wasAttended: false }]);
    // The same register as text is the same register.
    await send('/imports', register);
    expect((await recordOf('3'))?.sessions).toHaveLength(1);
    const wrong = makeWorkbook([
      ['Student ID', 'Date', 'Session', 'Status'],
      [260001007, 'soon', 'Lecture 8', 'Present'],
    ]);
    expect((await send('/imports/preview', wrong)).body.problems).toMatchObject([{ row: 2, column: 'Date' }]);
  });

  it('a row far below the table does no harm', async () => {
    const blank = Array.from({ length: 60_000 }, () => ['', '', '', ''] as const);
    const workbook = makeWorkbook([
      ['Student ID', 'Date', 'Session', 'Status'],
      ['260001007', '20/11/2026 10:00', 'Lecture 8', 'Present'],
      ...blank,
      ['260001014', '20/11/2026 10:00', 'Lecture 8', 'Absent'],
    ]);
    expect((await send('/imports/preview', workbook)).body).toMatchObject({ rows: 2, problems: [], mayImport: true });
  });

  const header = ['Student ID', 'Date', 'Session', 'Status'];
  it.each([
    ['an empty file', Buffer.alloc(0), /empty/],
    ['a spreadsheet of the old kind', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /\.xls\b.*\.xlsx/],
    ['one that unpacks to far more than it is', makeWorkbook([[...header, 'x'.repeat(70_000_000)]]), /more than 64 MB/],
    [
      'one whose last cell makes it larger than any memory',
      makeWorkbook([header], '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
      /reaches far beyond its table/,
    ],
    [
      'one that says less than it holds',
      makeWorkbook([[...header, 'x'.repeat(1_000)]], '', { sizeOf: () => 10 }),
      /could not be read/,
    ],
    ['a broken spreadsheet', Buffer.from('PK\u0003\u0004 nothing'), /spreadsheet/],
    ['a picture', Buffer.from([0x89, 0x50, 0x00, 0x00, 0x01, 0x02, 0x00]), /neither/],
    ['more than 10 MB', Buffer.alloc(11 * 1024 * 1024, 'a'), /10 MB/],
  ])('%s', async (_name, bytes, words) => {
    const response = await send('/imports/preview', bytes);
    expect(response.status).toBe(422);
    expect(response.body.error.message).toMatch(words);
  });

  it('is for tutors, and another course has no such import', async () => {
    expect((await send('/imports/preview', register, {}, 'assistant')).status).toBe(403);
    expect((await send('/imports', register, {}, 'student')).status).toBe(403);
    const { body } = await send('/imports', register);
    seeded = await seedCourse({ staff: ['43'] });
    const foreign = await request(app)
      .post(`/imports/${body.imports[0].id}/undo`)
      .set(await as('tutor'));
    expect(foreign.status).toBe(404);
  });
});
