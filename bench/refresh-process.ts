import { pino } from 'pino';
import { connectDatabase } from '../server/database/connect.ts';
import { createVault } from '../server/database/vault.ts';
import { defaultRuleset } from '../server/domain/rules.ts';
import { createOutbound } from '../server/outbound/outbound.ts';
import { refreshCourse } from '../server/refresh/refresh-course.ts';
import { createMoodleClient, type MoodleConnectionOptions } from '../server/sources/moodle/client.ts';

/** One refresh in a process of its own, so that its memory is its own: prints what it took as one line of JSON. */
const [, , uri = '', courseId = '', secret = '', rosterUrl = '', nowText = ''] = process.argv;
await connectDatabase(uri);
let peak = 0;
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
const now = new Date(nowText);
const outbound = createOutbound({ isProduction: false, allowedHosts: [] });
const deps = {
  vault: createVault([{ id: 'k0', secret: new TextEncoder().encode(secret) }]),
  log: pino({ level: 'silent' }),
  now: () => now,
  defaultRuleset: defaultRuleset(),
  readRoster: async () => (await (await fetch(rosterUrl)).json()) as never,
  createMoodleClient: (options: MoodleConnectionOptions) => createMoodleClient({ ...options, outbound }),
};
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const result = await refreshCourse(courseId, deps);
const ms = performance.now() - startedAt;
const { user, system } = process.cpuUsage(cpuBefore);
const cpuMs = (user + system) / 1000;
const againAt = performance.now();
const again = await refreshCourse(courseId, deps);
const againMs = performance.now() - againAt;
clearInterval(watch);
console.log(JSON.stringify({ ms, cpuMs, againMs, peakMb: peak / 1024 / 1024, result, again }));
process.exit(0);
