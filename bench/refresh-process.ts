import { pino } from 'pino';
import { connectDatabase } from '../server/database/connect.ts';
import { createVault } from '../server/database/vault.ts';
import { defaultRuleset } from '../server/domain/rules.ts';
import { refreshCourse } from '../server/refresh/refresh-course.ts';
import { createMoodleClient } from '../server/sources/moodle/client.ts';

/** One refresh in a process of its own, so that its memory is its own: prints what it took as one line of JSON. */
const [, , uri = '', courseId = '', secret = '', rosterUrl = '', nowText = ''] = process.argv;
await connectDatabase(uri);
let peak = 0;
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
const now = new Date(nowText);
const deps = {
  vault: createVault([{ id: 'k0', secret: new TextEncoder().encode(secret) }]),
  log: pino({ level: 'silent' }),
  now: () => now,
  defaultRuleset: defaultRuleset(),
  readRoster: async () => (await (await fetch(rosterUrl)).json()) as never,
  createMoodleClient,
};
const startedAt = performance.now();
const result = await refreshCourse(courseId, deps);
const ms = performance.now() - startedAt;
const againAt = performance.now();
const again = await refreshCourse(courseId, deps);
const againMs = performance.now() - againAt;
clearInterval(watch);
console.log(JSON.stringify({ ms, againMs, peakMb: peak / 1024 / 1024, result, again }));
process.exit(0);
