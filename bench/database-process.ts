import { readFileSync } from 'node:fs';
import mongoose from 'mongoose';
import { openDatabase } from '../server/database/open-database.ts';
import { sampleRollUp, upsertSamples, weekOfCourse } from './sample-roll-ups.ts';
import type { SampleRollUps } from './sample-roll-ups.ts';

/** The embedded database in a process of its own: loads roll-ups, or reads some, and prints what memory that took. */
const [dataDir = '', countText = '', action = ''] = process.argv.slice(2);
const count = Number(countText);

function residentMegabytes(): Record<'VmRSS' | 'RssAnon' | 'RssFile', number> {
  const status = readFileSync('/proc/self/status', 'latin1');
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024;
  return { VmRSS: of('VmRSS'), RssAnon: of('RssAnon'), RssFile: of('RssFile') };
}

const openedAt = performance.now();
const database = await openDatabase({ dataDir });
const opened = performance.now() - openedAt;
const client = await mongoose.mongo.MongoClient.connect(database.uri);
const rollUps: SampleRollUps = client.db().collection('rollups');
let most = residentMegabytes();
const watch = setInterval(() => {
  const now = residentMegabytes();
  if (now.VmRSS > most.VmRSS) most = now;
}, 100);
const startedAt = performance.now();
if (action === 'load') {
  await rollUps.createIndex({ courseId: 1, week: 1, personId: 1 });
  await upsertSamples(rollUps, 0, count);
} else {
  for (let i = 0; i < 20; i++) await rollUps.find(weekOfCourse(i, i)).toArray();
  for (let i = 0; i < 5000; i++) await rollUps.findOne({ _id: sampleRollUp((i * 9973) % count)._id });
}
const ms = performance.now() - startedAt;
clearInterval(watch);
console.log(JSON.stringify({ ms, opened, most, atEnd: residentMegabytes() }));
await client.close();
await database.close();
