import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../server/database/open-database.ts';
import { startPractice } from '../test/practice-vle/with-waymark.ts';
import { launchForCode } from '../test/support/start-waymark.ts';

/**
 * `npm run demo`: Waymark with its embedded database beside the practice VLE, and one link to open. Everything lives in a
 * folder of its own and goes when the demo ends, because the course moves along with today.
 */
async function demo(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-demo-'));
  const database = await openDatabase({ mongodbUri: process.env['MONGODB_URI'], dataDir });
  const practice = await startPractice({
    databaseUri: database.uri,
    hasJobs: true,
    registersItself: true,
    port: await freePort(3000),
    vle: { port: await freePort(8000) },
    env: {
      WAYMARK_SECRET: randomBytes(32).toString('hex'),
      WAYMARK_POLICY_PACK: process.env['WAYMARK_POLICY_PACK'] ?? 'qmul',
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
      ...(!database.isEmbedded && { MONGODB_URI: database.uri }),
    },
    clientDir: join(import.meta.dirname, '../client'),
  });

  const stop = async () => {
    await practice.close();
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());

  console.log(`
  Waymark is ready. Open

      ${practice.vle.url}/

  and choose whose eyes to look through: a student, a tutor or the administrator. Ctrl-C ends the demo and clears it away.
`);
  const startedAt = performance.now();
  // What is sent about a course that has never opened Waymark is not kept: a tutor of each opens it first.
  for (const course of [practice.vle.course, practice.vle.otherCourse]) {
    const tutor = [...course.enrolments.values()].find(({ role }) => role === 'editingteacher');
    if (!tutor) continue;
    const login = practice.vle.startLaunch({ tool: practice.tool, personId: tutor.person.id, course });
    await launchForCode(practice.url, login, practice.tool.loginUrl);
  }
  const sent = await practice.vle.pushLog(practice.feed);
  const other = await practice.vle.pushLog(practice.feed, { course: practice.vle.otherCourse });
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`  The VLE has sent its log: ${sent + other} events in ${seconds.toFixed(0)} s.`);
}

/** The wanted port, or any other where it is taken. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(0));
    probe.listen(wanted, '127.0.0.1', () => probe.close(() => resolve(wanted)));
  });
}

await demo();
