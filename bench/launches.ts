import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jwtVerify } from 'jose';
import mongoose from 'mongoose';
import pLimit from 'p-limit';
import { createPublicKey } from 'node:crypto';
import { connectDatabase } from '../server/database/connect.ts';
import { openDatabase, uriFor } from '../server/database/open-database.ts';
import { startLtiIssuer, type LtiIssuer } from '../test/support/lti-issuer.ts';
import { beginLogin, goodClaims, registerIssuer, sendLaunch, type Begun } from '../test/support/lti-tool.ts';
import type { Bench, Figure } from './figure.ts';
import { argumentsFor } from './own-process.ts';

/** A server runs for weeks: both are measured once their code is compiled, which takes this one, of more layers, longer. */
const warmUpRounds = 5;
/** The two servers take turns, so that whatever else the machine does slows both. */
const rounds = 4;
const launchesPerRound = Number(process.env['BENCH_LAUNCHES'] ?? 300);
const atOnce = 16;
const perSecond = 50;
const seconds = 10;

interface Server {
  readonly url: string;
  /** Seconds of one core that the process has used so far. */
  coreSeconds(): Promise<number>;
  stop(): Promise<void>;
}

async function startServer(kind: 'waymark' | 'stock', uri: string, issuer: LtiIssuer): Promise<Server> {
  const child = spawn(process.execPath, [...argumentsFor('bench/launch-server'), kind, uri, issuer.issuer], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: line.toString().trim(),
    async coreSeconds() {
      child.stdin.write('?');
      const [answer] = (await once(child.stdout, 'data')) as [Buffer];
      return Number(answer.toString());
    },
    async stop() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

interface Spent {
  seconds: number;
  coreSeconds: number;
  launches: number;
}

/** Login and launch each timed; signing between them is the platform's work and is not counted. */
async function runLaunches(server: Server, issuer: LtiIssuer, count: number, spent: Spent): Promise<void> {
  const coreAtStart = await server.coreSeconds();
  const limit = pLimit(atOnce);
  const all = <Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>) =>
    Promise.all(items.map((item) => limit(() => work(item))));
  const startedAt = performance.now();
  const begun = await all(Array.from({ length: count }), () => beginLogin(server, issuer));
  const loggedInAt = performance.now();
  const tokens = await all(begun, async (login) => ({ login, token: await sign(server, issuer, login) }));
  const signedAt = performance.now();
  await all(tokens, ({ login, token }) => launch(server, login, token));
  spent.seconds += (loggedInAt - startedAt + (performance.now() - signedAt)) / 1000;
  spent.coreSeconds += (await server.coreSeconds()) - coreAtStart;
  spent.launches += count;
}

const byClock = ({ launches, seconds }: Spent) => launches / seconds;
const byCore = ({ launches, coreSeconds }: Spent) => launches / coreSeconds;

function sign(server: Server, issuer: LtiIssuer, login: Begun): Promise<string> {
  const sub = String(Math.floor(Math.random() * 300));
  return issuer.sign({ ...goodClaims(server, issuer, login.nonce), sub });
}

async function launch(server: Server, login: Begun, token: string): Promise<void> {
  const response = await sendLaunch(server, login, token);
  await response.arrayBuffer();
  if (response.status !== 303 && response.status !== 302) throw new Error(`A launch answered ${response.status}.`);
}

/** As many launches a second as a busy hour has, whether or not the last ones are done. */
async function steadyP95(server: Server, issuer: LtiIssuer): Promise<number> {
  const took: number[] = [];
  const running: Promise<void>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    running.push(
      (async () => {
        const login = await beginLogin(server, issuer);
        const token = await sign(server, issuer, login);
        const startedAt = performance.now();
        await launch(server, login, token);
        took.push(performance.now() - startedAt);
      })(),
    );
    await sleep(1000 / perSecond);
  }
  await Promise.all(running);
  took.sort((a, b) => a - b);
  return took[Math.floor(took.length * 0.95)]!;
}

async function bareVerificationsPerSecond(issuer: LtiIssuer): Promise<number> {
  const key = createPublicKey({ key: issuer.keys.jwk as never, format: 'jwk' });
  const token = await issuer.sign(goodClaims({ url: 'http://localhost' }, issuer, 'n'));
  const startedAt = performance.now();
  let count = 0;
  while (performance.now() - startedAt < 2_000) {
    await jwtVerify(token, key, { algorithms: ['RS256'] });
    count += 1;
  }
  return count / ((performance.now() - startedAt) / 1000);
}

async function run(): Promise<readonly Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-bench-'));
  const database = await openDatabase({ mongodbUri: process.env['MONGODB_URI'], dataDir });
  const uri = uriFor(database.uri, 'bench_launches');
  const stockUri = uriFor(database.uri, 'bench_launches_stock');
  const connection = await connectDatabase(uri);
  const issuer = await startLtiIssuer();
  await registerIssuer(issuer);
  const nothing = (): Spent => ({ seconds: 0, coreSeconds: 0, launches: 0 });
  const spent = { waymark: nothing(), stock: nothing() };
  try {
    const servers = {
      stock: await startServer('stock', stockUri, issuer),
      waymark: await startServer('waymark', uri, issuer),
    };
    for (let round = -warmUpRounds; round < rounds; round += 1) {
      const isWarm = round >= 0;
      await runLaunches(servers.stock, issuer, launchesPerRound, isWarm ? spent.stock : nothing());
      await runLaunches(servers.waymark, issuer, launchesPerRound, isWarm ? spent.waymark : nothing());
    }
    await servers.stock.stop();
    const p95 = await steadyP95(servers.waymark, issuer);
    await servers.waymark.stop();
    const bare = await bareVerificationsPerSecond(issuer);
    return [
      {
        figure: 'logins with launches by one core, beside stock ltijs 5.9',
        value: byCore(spent.waymark),
        unit: '/s',
        floor: null,
        ratio: byCore(spent.waymark) / byCore(spent.stock),
      },
      { figure: 'the same, stock ltijs 5.9', value: byCore(spent.stock), unit: '/s', floor: null, ratio: null },
      {
        figure: 'logins with launches by the clock, beside stock ltijs 5.9',
        value: byClock(spent.waymark),
        unit: '/s',
        floor: null,
        ratio: byClock(spent.waymark) / byClock(spent.stock),
      },
      { figure: 'the same, stock ltijs 5.9', value: byClock(spent.stock), unit: '/s', floor: null, ratio: null },
      { figure: 'bare RS256 verification', value: bare, unit: '/s', floor: null, ratio: null },
      { figure: `p95 of a launch at ${perSecond} a second`, value: p95, unit: 'ms', floor: 25, ratio: null },
    ];
  } finally {
    await issuer.close();
    await mongoose.connection.dropDatabase();
    await mongoose.connection.useDb('bench_launches_stock').dropDatabase();
    await connection.close();
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

export const launchBench: Bench = { name: 'launches', run };
