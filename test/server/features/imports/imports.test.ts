import express from 'express';
import mongoose from 'mongoose';
import { pino } from 'pino';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectDatabase } from '../../../../server/database/connect.ts';
import { AuditModel } from '../../../../server/database/models/audit.ts';
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

  it.each([
    ['an empty file', Buffer.alloc(0), /empty/],
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
