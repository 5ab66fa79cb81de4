import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectDatabase } from '../../server/database/connect.ts';
import { ImportModel } from '../../server/database/models/import.ts';
import { PersonModel } from '../../server/database/models/person.ts';
import { RawEventModel } from '../../server/database/models/raw-event.ts';
import { RollUpModel } from '../../server/database/models/roll-up.ts';
import { StudentRecordModel } from '../../server/database/models/student-record.ts';
import { useDatabase } from '../support/database.ts';
import { seedCourse, type SeededCourse } from '../support/seeded-course.ts';

const database = useDatabase();
let connection: Awaited<ReturnType<typeof connectDatabase>>;
let seeded: SeededCourse;
let folder: string;
beforeAll(async () => {
  connection = await connectDatabase(database.uri);
  folder = await mkdtemp(join(tmpdir(), 'waymark-import-'));
  seeded = await seedCourse({ students: ['3', '4'] });
  await PersonModel.updateOne({ _id: seeded.people.get('3') }, { $set: { sourcedId: '260001007' } });
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await connection.close();
});

/** Runs a command-line program as a nightly job would. */
function run(program: string, ...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const env = { ...process.env, MONGODB_URI: database.uri, WAYMARK_SECRET: 's'.repeat(40), WAYMARK_DATA_DIR: folder };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', program, ...args], { env }, (error, out, err) => {
      resolve({ status: error ? Number(error.code) : 0, out, err });
    });
  });
}
const importing = (...args: string[]) => run('server/import-cli.ts', ...args);
async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}
const sessions = async () =>
  (await StudentRecordModel.findOne({ courseId: seeded.courseId, personId: seeded.people.get('3') }).lean())?.sessions;

it('takes a nightly drop in, once, says what it holds, and can be asked only to look', async () => {
  const good = await write(
    'register.csv',
    'Student ID,Date,Session,Status\n260001007,20/11/2025 10:00,Lecture 8,Present\n260009999,20/11/2025 10:00,Lecture 8,Absent\n',
  );
  const looked = await importing('--kind', 'attendance', '--course', 'EDU101', '--check', good);
  expect(looked).toMatchObject({ status: 0, err: '' });
  expect(looked.out).toContain('2 rows of 2 people, 1 not in the course yet; nothing written.');
  expect(await sessions()).toBeUndefined();
  const first = await importing('--kind', 'attendance', '--course', 'EDU101', good);
  expect(first).toMatchObject({ status: 0, err: '' });
  await importing('--kind', 'attendance', '--course', seeded.courseId, good);
  expect(await sessions()).toHaveLength(1);
  const [rollUp] = await RollUpModel.find({ courseId: seeded.courseId }).lean();
  expect(rollUp?.days).toEqual([{ day: '2025-11-20', source: 'file', counts: { attendance: 1 } }]);
}, 120_000);

it('refuses a file with problems, says each by row, takes the other in, and ends with status 1', async () => {
  const before = await RawEventModel.countDocuments({});
  const wrong = await write(
    'wrong.csv',
    'Student ID,Date,Session,Status\n260001007,20/11/2025,B,Perhaps\n,soon,B,Present\n',
  );
  const fine = await write('fine.csv', 'Student ID,Date,Session,Status\n260001007,21/11/2025 10:00,Lecture 9,Late\n');
  const { status, err, out } = await importing('--kind', 'attendance', '--course', 'EDU101', wrong, fine);
  expect(status).toBe(1);
  expect(err).toMatch(/wrong\.csv: row 2, Status: .*present, late/);
  expect(err).toMatch(/wrong\.csv: row 3, Student ID: No student/);
  expect(err).toMatch(/wrong\.csv: row 3, Date: .*not a date/);
  expect(out).toContain('1 row');
  expect(await RawEventModel.countDocuments({})).toBe(before + 1);
}, 120_000);

it('takes a drop of many courses in, each row where it belongs, whole or not at all', async () => {
  const { platformId } = seeded;
  const law = await seedCourse({ platformId, contextId: 'law', label: 'LAW9', students: ['3'] });
  await seedCourse({ platformId, contextId: 'first', label: 'TWICE' });
  await seedCourse({ platformId, contextId: 'second', label: 'TWICE' });
  const rowsOf = (courseId: string) => RawEventModel.countDocuments({ courseId });
  const [before, ofLaw] = [await rowsOf(seeded.courseId), await rowsOf(law.courseId)];
  const row = (course: string, day = '22/11/2025', status = 'Present') =>
    `260001007,${day} 10:00,Drop,${status},${course}\n`;
  const header = 'Nummer,Date,Session,Status,Module\n';
  const columns = ['studentId=Nummer', 'at=Date', 'session=Session', 'status=Status', 'course=Module'];
  const named = columns.flatMap((column) => ['--column', column]);
  const drop = await write(
    'drop.csv',
    `${header}${row('EDU101')}${row('LAW9')}${row('NONE')}${row('law', '23/11/2025')}`,
  );

  const wrong = await write(
    'drop-wrong.csv',
    `${header}${row('EDU101')}${row('LAW9', 'soon')}${row('')}${row('TWICE')}`,
  );
  const refused = await importing('--kind', 'attendance', ...named, wrong);
  expect(refused.status).toBe(1);
  expect(refused.err).toMatch(/drop-wrong\.csv: row 3, Date: This is not a date/);
  expect(refused.err).toMatch(/drop-wrong\.csv: row 4, Module: No course is named/);
  expect(refused.err).toMatch(/drop-wrong\.csv: row 5, Module: Several courses are called TWICE/);
  expect([await rowsOf(seeded.courseId), await rowsOf(law.courseId)]).toEqual([before, ofLaw]);

  const taken = await importing('--kind', 'attendance', ...named, drop);
  expect(taken).toMatchObject({ status: 0, err: '' });
  expect(taken.out).toContain(
    '3 rows of 2 people in 2 courses; 1 rows about courses that never opened Waymark were left out (NONE).',
  );
  expect([await rowsOf(seeded.courseId), await rowsOf(law.courseId)]).toEqual([before + 1, ofLaw + 2]);
  // The columns are remembered, and the same drop counts once.
  expect(await importing('--kind', 'attendance', drop)).toMatchObject({ status: 0 });
  expect([await rowsOf(seeded.courseId), await rowsOf(law.courseId)]).toEqual([before + 1, ofLaw + 2]);
  const imports = await ImportModel.find({ fileName: 'drop.csv' }).lean();
  expect(imports.map(({ courseId, rows }) => [String(courseId), rows]).slice(0, 2)).toEqual([
    [seeded.courseId, 1],
    [law.courseId, 2],
  ]);
  const strange = await importing('--kind', 'attendance', await write('strange.csv', `${header}${row('NONE')}`));
  expect(strange.status).toBe(1);
  expect(strange.err).toMatch(/nothing to import; 1 rows about courses .* \(NONE\)/);
}, 120_000);

it('says what it needs, and which course it does not know', async () => {
  const file = await write('any.csv', 'a,b\n1,2\n');
  expect(await importing('--kind', 'attendance')).toMatchObject({ status: 2 });
  expect(await importing('--kind', 'dreams', '--course', 'EDU101', file)).toMatchObject({ status: 2 });
  expect(await importing('--kind', 'attendance', '--column', 'mood=a', file)).toMatchObject({ status: 2 });
  const unnamed = await importing('--kind', 'attendance', file, join(folder, 'nowhere.csv'));
  expect(unnamed.status).toBe(1);
  expect(unnamed.err).toContain('any.csv: No column names the course of each row.');
  expect(unnamed.err).toContain('nowhere.csv: this file could not be opened.');
  const unknown = await importing('--kind', 'attendance', '--course', 'NONE', file);
  expect(unknown.status).toBe(1);
  expect(unknown.err).toContain('knows no course called NONE');
}, 120_000);

it('rebuilds a course’s weekly figures from the command line', async () => {
  await RollUpModel.updateMany({ courseId: seeded.courseId }, { $set: { objects: ['x'] } });
  await RollUpModel.deleteMany({ courseId: seeded.courseId });
  const { status, out, err } = await run('server/db-cli.ts', 'rebuild', 'EDU101');
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toMatch(/1 students? looked at; 1 weekly/);
  expect(await RollUpModel.countDocuments({ courseId: seeded.courseId })).toBe(1);
  expect((await run('server/db-cli.ts', 'rebuild')).status).toBe(2);
}, 120_000);
