import { randomBytes } from 'node:crypto';
import express, { type Express } from 'express';
import mongoose from 'mongoose';
import { pino } from 'pino';
import { createApp } from '../../server/app.ts';
import { connectDatabase } from '../../server/database/connect.ts';
import { CourseModel } from '../../server/database/models/course.ts';
import { EnrolmentModel } from '../../server/database/models/enrolment.ts';
import { FreshnessModel } from '../../server/database/models/freshness.ts';
import { PersonModel } from '../../server/database/models/person.ts';
import { PlatformModel } from '../../server/database/models/platform.ts';
import { RollUpModel } from '../../server/database/models/roll-up.ts';
import { startSession } from '../../server/database/models/session.ts';
import { StudentRecordModel, type StudentRecord } from '../../server/database/models/student-record.ts';
import { createVault } from '../../server/database/vault.ts';
import type { Deps } from '../../server/deps.ts';
import { addDays, isoWeekOf, startOfDay } from '../../server/domain/days.ts';
import type { Role } from '../../server/domain/vocabulary.ts';
import { createDashboardRouter } from '../../server/features/dashboard/router.ts';
import { createReflectionsRouter } from '../../server/features/reflections/router.ts';
import { createRightsRouter } from '../../server/features/rights/router.ts';
import { createSessionTokens } from '../../server/http/session-token.ts';
import { loadPolicyPack } from '../../server/policy/load-pack.ts';
import { recomputeCourse } from '../../server/refresh/recompute-course.ts';
import { keepSessions } from './keep-sessions.ts';

const zone = 'Europe/London';
const hourMs = 3_600_000;

export interface StudentApp {
  readonly app: Express;
  readonly deps: Deps;
  readonly clock: { now: Date };
  readonly logged: string[];
  close(): Promise<void>;
}

/** The student's pages on a database, at a moment in the ninth week of an autumn term. */
export async function startStudentApp(uri: string, { clientDir }: { clientDir?: string } = {}): Promise<StudentApp> {
  const database = await connectDatabase(uri);
  await keepSessions();
  const clock = { now: new Date('2026-11-25T15:00:00Z') };
  const logged: string[] = [];
  const deps: Deps = {
    vault: createVault([{ id: 'test', secret: randomBytes(32) }]),
    pack: loadPolicyPack('qmul'),
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    now: () => clock.now,
    tokens: createSessionTokens({ secret: randomBytes(32).toString('hex'), issuer: 'https://waymark.example' }),
  };
  const app = createApp({
    deps,
    isHttps: false,
    trustedProxies: 0,
    clientDir,
    lti: { router: express.Router(), frameAncestors: () => Promise.resolve([]) },
    feeds: [],
    features: [createDashboardRouter(deps), createReflectionsRouter(deps), createRightsRouter(deps)],
  });
  return { app, deps, clock, logged, close: () => database.close() };
}

/** One who came in: for supertest `.set(person.auth)`, and for the browser a launch code. */
export interface Member {
  readonly personId: string;
  readonly auth: { Authorization: string };
  startsSession(): Promise<string>;
}

export interface LivedCourse {
  readonly courseId: string;
  readonly platformId: string;
  add(role: Role, name: string): Promise<Member>;
  /** Days are counted back from the test's today; each holds a few views of different things. */
  wasActive(personId: string, daysAgo: readonly number[]): Promise<void>;
  has(personId: string, record: Partial<StudentRecord>): Promise<void>;
  compute(): Promise<void>;
}

export const today = '2026-11-25';

/** A day before today at noon, in milliseconds. */
export function noonOf(daysAgo: number): number {
  return startOfDay(addDays(today, -daysAgo), zone) + 12 * hourMs;
}

/** A course with deadlines, a reading week and fresh sources, and nobody in it yet. */
export async function makeLivedCourse(deps: Deps, title = 'Introduction to Programming'): Promise<LivedCourse> {
  const platform = await PlatformModel.create({
    name: 'Practice',
    issuer: `https://${randomBytes(4).toString('hex')}.example`,
    clientId: randomBytes(4).toString('hex'),
    authenticationEndpoint: 'https://vle.example/auth',
    tokenEndpoint: 'https://vle.example/token',
    jwksUri: 'https://vle.example/jwks',
  });
  const course = await CourseModel.create({
    platformId: platform._id,
    contextId: randomBytes(4).toString('hex'),
    deploymentId: '1',
    title,
    label: 'ECS401',
    calendar: {
      timeZone: zone,
      firstDay: '2026-09-21',
      lastDay: '2026-12-18',
      vacations: [{ from: '2026-11-02', to: '2026-11-08', label: 'Reading week' }],
    },
    calendarFrom: 'launch',
    assessments: [
      {
        id: 'cw1',
        title: 'Coursework 1: first programs',
        kind: 'assignment',
        dueAt: noonOf(40),
        url: 'https://vle.example/cw1',
      },
      { id: 'quiz1', title: 'Quiz on loops', kind: 'quiz', dueAt: noonOf(26) },
      { id: 'cw2', title: 'Coursework 2: a small game', kind: 'assignment', dueAt: noonOf(9) },
      {
        id: 'cw3',
        title: 'Coursework 3: data and files',
        kind: 'assignment',
        dueAt: noonOf(-5),
        url: 'https://vle.example/cw3',
      },
      { id: 'exam', title: 'Practice exam', kind: 'quiz' },
    ],
    items: Array.from({ length: 12 }, (_, index) => ({
      id: `page${index}`,
      title: `Notes for session ${index + 1}`,
      kind: 'page',
      url: `https://vle.example/page${index}`,
      releasedAt: noonOf(64 - index * 5),
      isTracked: index % 2 === 0,
      expectedBy: noonOf(58 - index * 5),
    })),
    firstLaunchedAt: new Date('2026-09-21T08:00:00Z'),
    lastLaunchedAt: deps.now(),
  });
  const courseId = course._id.toHexString();
  const platformId = platform._id.toHexString();
  await FreshnessModel.create({
    courseId,
    source: 'moodle',
    speaksOf: ['presence', 'submissions', 'completion'],
    triedAt: deps.now(),
    okAt: new Date(deps.now().getTime() - hourMs),
  });
  return {
    courseId,
    platformId,
    async add(role, name) {
      const sub = randomBytes(6).toString('hex');
      const [givenName] = name.split(' ');
      const person = await PersonModel.create({ platformId, sub, name, givenName, email: `${sub}@example.invalid` });
      const personId = person._id.toHexString();
      const sortName = name.split(' ').reverse().join(' ');
      await EnrolmentModel.create({ courseId, personId, role, roleFrom: 'roster', name, sortName });
      const sessionId = new mongoose.Types.ObjectId().toHexString();
      const { token } = await deps.tokens.issue({ platformId, courseId, personId, role, sessionId }, deps.now());
      return {
        personId,
        auth: { Authorization: `Bearer ${token}` },
        async startsSession() {
          const launch = { platformId: platform._id, courseId: course._id, personId: person._id, role };
          return (await startSession(launch, { now: deps.now(), hours: 4 })).code;
        },
      };
    },
    async wasActive(personId, daysAgo) {
      const byWeek = new Map<string, number[]>();
      for (const ago of daysAgo) {
        const week = isoWeekOf(addDays(today, -ago));
        byWeek.set(week, [...(byWeek.get(week) ?? []), ago]);
      }
      await RollUpModel.create(
        [...byWeek].map(([week, days]) => ({
          courseId,
          personId,
          week,
          days: days
            .sort((a, b) => b - a)
            .map((ago) => ({ day: addDays(today, -ago), source: 'moodle' as const, counts: { view: 3 + (ago % 4) } })),
          objects: days.map((ago) => `page${ago % 12}`).sort(),
          seen: [],
        })),
      );
    },
    async has(personId, record) {
      await StudentRecordModel.updateOne({ courseId, personId }, { $set: record }, { upsert: true });
    },
    async compute() {
      await recomputeCourse(courseId, {
        now: deps.now,
        log: deps.log,
        defaultRuleset: { version: 1, rules: deps.pack.rules },
      });
    },
  };
}
