import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import mongoose from 'mongoose';
import { connectDatabase } from '../server/database/connect.ts';
import { CourseModel } from '../server/database/models/course.ts';
import { PlatformModel } from '../server/database/models/platform.ts';
import { openDatabase, uriFor } from '../server/database/open-database.ts';
import { createVault } from '../server/database/vault.ts';
import { createPracticeVle } from '../test/practice-vle/practice-vle.ts';
import { seedCourse } from '../test/support/seeded-course.ts';
import type { Bench, Figure } from './figure.ts';
import { argumentsFor } from './own-process.ts';

const SIZES = (process.env['BENCH_SIZES'] ?? '250,500,1000,2000').split(',').map(Number);
const secret = 'x'.repeat(40);
const vault = createVault([{ id: 'k0', secret: new TextEncoder().encode(secret) }]);
const now = new Date();

interface Took {
  ms: number;
  /** Processor time of the refreshing process alone: what other work on the machine takes is not in it. */
  cpuMs: number;
  againMs: number;
  peakMb: number;
  result: { students: number; requests: number; problems: string[] };
  again: { requests: number };
}

/** Makes a practice course in the database named in `uri`, refreshes it twice in a process of its own, and drops it. */
export async function measureRefresh(uri: string, studentCount: number): Promise<Took> {
  const vle = await createPracticeVle({ now, studentCount });
  const database = await connectDatabase(uri);
  const roster = createServer((_request, response) => {
    const students = vle.students.map(({ person }) => ({
      sub: String(person.id),
      name: `${person.givenName} ${person.familyName}`,
      role: 'student',
      isActive: true,
    }));
    response.end(JSON.stringify(students));
  });
  await new Promise<void>((resolve) => roster.listen(0, '127.0.0.1', resolve));
  try {
    const { platformId, courseId } = await seedCourse({ issuer: vle.url, contextId: String(vle.course.id) });
    await CourseModel.updateOne({ _id: courseId }, { $set: { lastLaunchedAt: now } });
    const sealedToken = vault.seal(vle.webServiceToken, `platform:${platformId}:moodle`);
    await PlatformModel.updateOne(
      { _id: platformId },
      { $set: { moodle: { baseUrl: vle.url, sealedToken, functions: [] } } },
    );
    const rosterUrl = `http://127.0.0.1:${(roster.address() as AddressInfo).port}`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...argumentsFor('bench/refresh-process'), uri, courseId, secret, rosterUrl, now.toISOString()],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    return JSON.parse(stdout) as Took;
  } finally {
    roster.close();
    await vle.close();
    await mongoose.connection.dropDatabase();
    await database.close();
  }
}

async function run(): Promise<readonly Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-bench-'));
  const server = await openDatabase({ mongodbUri: process.env['MONGODB_URI'], dataDir });
  const figures: Figure[] = [];
  let before: Took | undefined;
  try {
    for (const size of SIZES) {
      const took = await measureRefresh(uriFor(server.uri, `bench_refresh_${size}_${Date.now().toString(36)}`), size);
      if (took.result.problems.length > 0) console.error(`${size}: ${took.result.problems.join('; ')}`);
      const growth = (now: number, then: number | undefined) => (then === undefined ? null : now / then);
      const name = (what: string) => `${size} students: ${what}`;
      figures.push(
        {
          figure: name('first refresh'),
          value: took.ms / 1000,
          unit: 's',
          floor: null,
          ratio: growth(took.ms, before?.ms),
        },
        {
          figure: name('processor time of the first'),
          value: took.cpuMs / 1000,
          unit: 's',
          floor: null,
          ratio: growth(took.cpuMs, before?.cpuMs),
        },
        {
          figure: name('refresh when nothing changed'),
          value: took.againMs / 1000,
          unit: 's',
          floor: null,
          ratio: null,
        },
        { figure: name('calls of the first'), value: took.result.requests, unit: 'calls', floor: null, ratio: null },
        {
          figure: name('calls when nothing changed'),
          value: took.again.requests,
          unit: 'calls',
          floor: null,
          ratio: null,
        },
        { figure: name('peak memory'), value: took.peakMb, unit: 'MB', floor: size === 2000 ? 300 : null, ratio: null },
      );
      before = took;
    }
  } finally {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
  return figures;
}

export const refreshBench: Bench = { name: 'refresh', run };
