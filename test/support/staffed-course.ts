import { randomBytes } from 'node:crypto';
import express, { type Express, type Router } from 'express';
import mongoose from 'mongoose';
import pino from 'pino';
import { createApp } from '../../server/app.ts';
import { connectDatabase } from '../../server/database/connect.ts';
import { CourseModel } from '../../server/database/models/course.ts';
import { EnrolmentModel } from '../../server/database/models/enrolment.ts';
import { FlagModel } from '../../server/database/models/flag.ts';
import { GuidanceAcknowledgementModel } from '../../server/database/models/guidance-acknowledgement.ts';
import { PersonModel } from '../../server/database/models/person.ts';
import { PlatformModel } from '../../server/database/models/platform.ts';
import { startSession } from '../../server/database/models/session.ts';
import { createVault } from '../../server/database/vault.ts';
import type { Deps } from '../../server/deps.ts';
import type { Flag } from '../../server/domain/flags.ts';
import type { IndicatorId, Role } from '../../server/domain/vocabulary.ts';
import { createSessionTokens } from '../../server/http/session-token.ts';
import { loadPolicyPack } from '../../server/policy/load-pack.ts';
import { keepSessions } from './keep-sessions.ts';

/** A clock that a test can move. */
export interface Clock {
  now: Date;
}

export const dayMs = 86_400_000;

/** Connects, and makes an app of the given features with the pack named; nothing of LTI, no feeds. */
export async function startApp(
  uri: string,
  createFeatures: (deps: Deps) => Router[],
  { pack = 'qmul', clientDir }: { pack?: string; clientDir?: string } = {},
): Promise<{ app: Express; deps: Deps; clock: Clock; close: () => Promise<void> }> {
  const database = await connectDatabase(uri);
  await keepSessions();
  const clock: Clock = { now: new Date('2026-11-23T10:00:00Z') };
  const deps: Deps = {
    vault: createVault([{ id: 'test', secret: randomBytes(32) }]),
    pack: loadPolicyPack(pack),
    log: pino({ level: 'silent' }),
    now: () => clock.now,
    tokens: createSessionTokens({ secret: 'for-tests-only-0123456789-abcdef', issuer: 'https://waymark.test' }),
  };
  const app = createApp({
    deps,
    isHttps: false,
    trustedProxies: 0,
    clientDir,
    lti: { router: express.Router(), frameAncestors: () => Promise.resolve([]) },
    feeds: [],
    features: createFeatures(deps),
  });
  return { app, deps, clock, close: () => database.close() };
}

export interface StaffedCourse {
  readonly courseId: string;
  readonly platformId: string;
  /** Adds a person in a role; staff have acknowledged the guidance unless asked otherwise. */
  add(role: Role, name: string, options?: PersonOptions): Promise<TestPerson>;
  /** Raises a flag on a student. */
  flag(personId: string, options?: FlagOptions): Promise<string>;
}

interface PersonOptions {
  readonly hasReadGuidance?: boolean;
  readonly hasOptedOut?: boolean;
  readonly groups?: readonly string[];
  readonly email?: string;
}

export interface TestPerson {
  readonly personId: string;
  readonly name: string;
  readonly token: string;
  /** For supertest: `.set(person.auth)`. */
  readonly auth: { Authorization: string };
  /** Launches as this person; returns the one-time code for `/app/#code=…`. */
  launch(): Promise<string>;
}

interface FlagOptions {
  readonly kind?: Flag['kind'];
  readonly state?: Flag['state'];
  readonly openedDaysAgo?: number;
  readonly reasons?: readonly { indicator: IndicatorId; value: number; strength: 'strong' | 'supporting' }[];
}

/** A course with nobody in it yet, in teaching week 9 of the test clock. */
export async function makeCourse(
  deps: Deps,
  { title = 'Introduction to Programming', label = 'ECS401', platformId = newHexId() } = {},
): Promise<StaffedCourse> {
  const now = deps.now();
  await PlatformModel.updateOne(
    { _id: platformId },
    {
      $setOnInsert: {
        name: 'Test platform',
        issuer: `https://${platformId}.test`,
        clientId: platformId,
        authenticationEndpoint: 'https://platform.test/auth',
        tokenEndpoint: 'https://platform.test/token',
        jwksUri: 'https://platform.test/jwks',
      },
    },
    { upsert: true },
  );
  const course = await CourseModel.create({
    platformId,
    contextId: newHexId(),
    deploymentId: '1',
    title,
    label,
    calendar: { timeZone: 'Europe/London', firstDay: '2026-09-28', lastDay: '2026-12-18', vacations: [] },
    calendarFrom: 'launch',
    assessments: [{ id: 'a1', title: 'Coursework 1', kind: 'assignment', dueAt: now.getTime() - 10 * dayMs }],
    firstLaunchedAt: now,
    lastLaunchedAt: now,
  });
  const courseId = course._id.toHexString();
  return {
    courseId,
    platformId,
    async add(role, name, { hasReadGuidance = true, hasOptedOut = false, groups = [], email } = {}) {
      const person = await PersonModel.create({ platformId, sub: newHexId(), name, ...(email && { email }) });
      const personId = person._id.toHexString();
      await EnrolmentModel.create({
        courseId,
        personId,
        role,
        roleFrom: 'roster',
        name,
        sortName: name.split(' ').reverse().join(' '),
        groups: groups.map((group) => ({ id: group, name: group })),
        ...(hasOptedOut && { optedOutAt: now }),
      });
      if (hasReadGuidance && role !== 'student') {
        await GuidanceAcknowledgementModel.create({
          platformId,
          personId,
          version: 'test',
          at: now,
          expiresAt: new Date(now.getTime() + 1000 * dayMs),
        });
      }
      const actor = { platformId, courseId, personId, role, sessionId: newHexId() };
      const { token } = await deps.tokens.issue(actor, deps.now());
      const ids = {
        platformId: new mongoose.Types.ObjectId(platformId),
        courseId: course._id,
        personId: person._id,
      };
      return {
        personId,
        name,
        token,
        auth: { Authorization: `Bearer ${token}` },
        launch: async () => (await startSession({ ...ids, role }, { now: deps.now(), hours: 8 })).code,
      };
    },
    async flag(personId, options = {}) {
      const flag = makeFlag(personId, now.getTime(), options);
      const stored = await FlagModel.create({ ...flag, courseId });
      return stored._id.toHexString();
    },
  };
}

/** A flag as a computation would raise it. */
export function makeFlag(
  personId: string,
  now: number,
  {
    kind = 'support',
    state = 'open',
    openedDaysAgo = 3,
    reasons = [{ indicator: 'recency', value: 17, strength: 'strong' }],
  }: FlagOptions = {},
): Flag {
  const openedAt = now - openedDaysAgo * dayMs;
  return {
    personId,
    kind,
    openedAt,
    state,
    rulesetVersion: 1,
    evidence: {
      at: openedAt,
      week: 8,
      rulesetVersion: 1,
      asOf: openedAt,
      reasons: reasons.map(({ indicator, value, strength }) => ({
        rule: { indicator, comparison: '>=', threshold: 14, fromWeek: 2, strength },
        measurement: {
          id: indicator,
          state: 'measured',
          value,
          inputs: { daysSince: value, daysLeftOut: 0 },
          evidence: [{ label: 'Last seen in the {course}', value: '6 November 2026' }],
          restsOn: ['moodle'],
          asOf: openedAt,
        },
      })),
      notKnown: [{ indicator: 'attendance', reason: 'no-source' }],
      gaps: [],
    },
    further: [],
    history: [{ at: openedAt, by: 'data', to: 'open' }],
  };
}

export function newHexId(): string {
  return new mongoose.Types.ObjectId().toHexString();
}
