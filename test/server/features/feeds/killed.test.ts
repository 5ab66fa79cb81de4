import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectDatabase } from '../../../../server/database/connect.ts';
import { createFeed } from '../../../../server/database/models/feed.ts';
import { RawEventModel } from '../../../../server/database/models/raw-event.ts';
import { RollUpModel } from '../../../../server/database/models/roll-up.ts';
import { useDatabase } from '../../../support/database.ts';
import { seedCourse } from '../../../support/seeded-course.ts';

const database = useDatabase();
let connection: Awaited<ReturnType<typeof connectDatabase>>;
let child: ChildProcess | undefined;
beforeAll(async () => {
  connection = await connectDatabase(database.uri);
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await connection.close();
});

/** On the same port again; meanwhile somebody's outgoing connection may have been given it for a moment. */
async function startServer(port = 0): Promise<number> {
  for (;;) {
    const started = spawn(
      process.execPath,
      ['--import', 'tsx', 'test/support/feed-server.ts', database.uri, String(port)],
      {
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    child = started;
    const line = await Promise.race([
      once(started.stdout, 'data').then(([data]) => String(data)),
      once(started, 'exit').then(() => undefined),
    ]);
    if (line !== undefined) return Number(line);
    await sleep(200);
  }
}

it('loses nothing and counts nothing twice when the server is killed under load and senders try again', async () => {
  const site = 'http://127.0.0.1:8080';
  const students = Array.from({ length: 30 }, (_, index) => String(index + 3));
  const { platformId, courseId } = await seedCourse({ students });
  const feed = await createFeed({ platformId, kind: 'xapi', name: 'logstore' }, new Date());
  const total = 4_000;
  const statements = Array.from({ length: total }, (_, n) => ({
    actor: { account: { homePage: site, name: students[n % students.length] } },
    verb: { id: 'http://id.tincanapi.com/verb/viewed' },
    object: { id: `${site}/mod/page/view.php?id=${(n * 7) % 50}` },
    context: { contextActivities: { grouping: [{ id: `${site}/course/view.php?id=2` }] } },
    timestamp: new Date(Date.UTC(2026, 9, 5) + n * 60_000).toISOString(),
  }));
  const port = await startServer();
  const batches = Array.from({ length: total / 100 }, (_, index) => statements.slice(index * 100, index * 100 + 100));
  let accepted = 0;
  const queue = batches.values();
  const sender = async () => {
    for (const batch of queue) {
      // As logstore_xapi: again until it hears 200.
      for (;;) {
        const response = await fetch(`http://127.0.0.1:${port}/xapi/statements`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${feed.bearerToken}`,
            'x-experience-api-version': '1.0.3',
          },
          body: JSON.stringify(batch),
        }).catch(() => undefined);
        if (response?.status === 200) break;
        await sleep(50);
      }
      accepted += batch.length;
    }
  };
  const senders = Promise.all(Array.from({ length: 4 }, sender));
  for (let kills = 0; kills < 3; kills += 1) {
    const before = accepted;
    await expect.poll(() => accepted > before + 400 || accepted === total, { timeout: 60_000, interval: 5 }).toBe(true);
    child!.kill('SIGKILL');
    await once(child!, 'exit');
    await startServer(port);
  }
  await senders;
  const counted = async () => {
    const rollUps = await RollUpModel.find({ courseId }).lean();
    return rollUps.flatMap(({ days }) => days.map(({ counts }) => counts.view ?? 0)).reduce((a, b) => a + b, 0);
  };
  // What the killed processes had stored and not merged is merged by the one that runs.
  await expect.poll(counted, { timeout: 60_000, interval: 500 }).toBe(total);
  await sleep(1_500);
  expect(await counted()).toBe(total);
  expect(await RawEventModel.countDocuments({ courseId })).toBe(total);
}, 240_000);
