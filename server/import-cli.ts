import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, parseConfig } from './config.ts';
import { importKinds, type ImportKind } from './contracts/imports.ts';
import { connectDatabase, isId } from './database/connect.ts';
import { CourseModel } from './database/models/course.ts';
import { openDatabase } from './database/open-database.ts';
import { InvalidInput } from './errors.ts';
import { importFile, previewImport } from './ingest/import-file.ts';
import { loadPolicyPack } from './policy/load-pack.ts';

const usage = `npm run import -- --kind ${importKinds.join('|')} --course COURSE [--check] FILE…

Takes files of one course in, each whole or not at all; the same file twice counts once. COURSE is the course's code, its id
on the platform, or its id here. --check only says what is wrong, row by row. Ends with status 1 where a file was refused.`;

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { kind: { type: 'string' }, course: { type: 'string' }, check: { type: 'boolean' } },
});
const kind = importKinds.find((candidate) => candidate === values.kind);
if (!kind || !values.course || files.length === 0) {
  console.error(usage);
  process.exit(2);
}
process.exitCode = await run(kind, values.course, files, values.check ?? false);

async function run(kind: ImportKind, courseName: string, names: readonly string[], isCheck: boolean): Promise<number> {
  try {
    const config = parseConfig(process.env);
    const { retention } = loadPolicyPack(config.policyPack);
    const server = await openDatabase({ mongodbUri: config.mongodbUri, dataDir: config.dataDir });
    const database = await connectDatabase(server.uri);
    try {
      const courseId = await findCourse(courseName);
      let refused = 0;
      for (const name of names) {
        if (!(await takeIn(name, { courseId, kind, isCheck, keptDays: retention.rawEventDays }))) refused += 1;
      }
      return refused > 0 ? 1 : 0;
    } finally {
      await database.close();
      await server.close();
    }
  } catch (error) {
    console.error(error instanceof ConfigError || error instanceof InvalidInput ? error.message : describe(error));
    return 1;
  }
}

async function findCourse(name: string): Promise<string> {
  const named = [{ label: name }, { contextId: name }, { sourcedId: name }, ...(isId(name) ? [{ _id: name }] : [])];
  const [course, another] = await CourseModel.find({ $or: named }, { _id: 1 }).limit(2).lean();
  if (!course) throw new InvalidInput({}, `Waymark knows no course called ${name}.`);
  if (another) throw new InvalidInput({}, `Several courses are called ${name}; use the id of one.`);
  return course._id.toHexString();
}

async function takeIn(
  name: string,
  { courseId, kind, isCheck, keptDays }: { courseId: string; kind: ImportKind; isCheck: boolean; keptDays: number },
): Promise<boolean> {
  const now = () => new Date();
  const file = { courseId, kind, fileName: basename(name), bytes: await readFile(name) };
  try {
    const preview = await previewImport(file, now());
    for (const { row, column, message } of preview.problems) {
      console.error(`${name}: row ${row}${column ? `, ${column}` : ''}: ${message}`);
    }
    if (!preview.mayImport) return false;
    const waiting = preview.peopleNotFound > 0 ? `, ${preview.peopleNotFound} not in the course yet` : '';
    if (isCheck) console.log(`${name}: ${preview.rows} rows of ${preview.people} people${waiting}; nothing written.`);
    else {
      const { rows } = await importFile(file, { now, keptDays });
      console.log(`${name}: ${rows} rows of ${preview.people} people${waiting}.`);
    }
    return true;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    console.error(`${name}: ${error.message}`);
    return false;
  }
}

function describe(error: unknown): string {
  return `The import could not run: ${error instanceof Error ? error.message : 'unknown error'}`;
}
