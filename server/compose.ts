import type { Express } from 'express';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { connectDatabase } from './database/connect.ts';
import { CourseModel } from './database/models/course.ts';
import { resealEverything } from './database/reseal.ts';
import { applyRetention } from './database/retention.ts';
import { tellUnopened } from './database/tell-unopened.ts';
import { createVault } from './database/vault.ts';
import type { Deps } from './deps.ts';
import { createAdminRouter } from './features/admin/router.ts';
import { createFeedsRouter } from './features/feeds/router.ts';
import { createDashboardRouter } from './features/dashboard/router.ts';
import { createReflectionsRouter } from './features/reflections/router.ts';
import { createRightsRouter } from './features/rights/router.ts';
import { createLeadRouter } from './features/oversight/lead-router.ts';
import { createImportsRouter } from './features/imports/router.ts';
import { createRefreshRouter } from './features/refresh/router.ts';
import { createFrontPageRouter } from './http/front-page.ts';
import { createSessionTokens } from './http/session-token.ts';
import { NotFound } from './errors.ts';
import { createIntake } from './ingest/intake.ts';
import { createLtiGateway } from './lti/gateway.ts';
import { loadPolicyPack } from './policy/load-pack.ts';
import type { RefreshDeps } from './refresh/deps.ts';
import { createEarlyRefresh } from './refresh/early-refresh.ts';
import { startJobs } from './refresh/jobs.ts';
import { refreshCourse } from './refresh/refresh-course.ts';
import { createOutbound } from './outbound/outbound.ts';
import { createMoodleClient, type MoodleConnectionOptions } from './sources/moodle/client.ts';
import { createTutorRouters } from './tutor-routers.ts';

export interface WaymarkParts {
  readonly config: Config;
  /** A connection string that names a database. */
  readonly databaseUri: string;
  readonly log: Logger;
  readonly now: () => Date;
  /** The built client, where there is one. */
  readonly clientDir?: string | undefined;
  /** Whether this process also refreshes courses on a schedule. */
  readonly hasJobs?: boolean | undefined;
}

export interface Waymark {
  readonly app: Express;
  close(): Promise<void>;
}

/**
 * Puts the whole tool together on a database: what `main.ts` starts and what tests drive over HTTP. Rejects where the
 * database can't be reached or the policy pack has an error.
 */
export async function composeWaymark({
  config,
  databaseUri,
  log,
  now,
  clientDir,
  hasJobs,
}: WaymarkParts): Promise<Waymark> {
  const pack = loadPolicyPack(config.policyPack);
  const database = await connectDatabase(databaseUri);
  const vault = createVault(config.encryptionKeys, { onUnopened: tellUnopened(log) });
  const tokens = createSessionTokens({ secret: config.sessionSecret, issuer: config.publicUrl });
  const deps: Deps = { vault, pack, log, now, tokens };

  const outbound = createOutbound(config);
  const moodleClientFor = (options: MoodleConnectionOptions) => createMoodleClient({ ...options, outbound });

  const refreshDeps: RefreshDeps = {
    vault,
    log,
    now,
    defaultRuleset: { version: 1, rules: pack.rules },
    createMoodleClient: moodleClientFor,
    readRoster: async (courseId) => {
      const course = await CourseModel.findById(courseId, { platformId: 1, membershipsUrl: 1 }).lean();
      if (!course) throw new NotFound();
      return lti.services.readRoster(course);
    },
  };
  const lti = await createLtiGateway({
    publicUrl: config.publicUrl,
    now,
    log,
    vault,
    sessionHours: config.sessionHours,
    isProduction: config.isProduction,
    allowedHosts: config.allowedHosts,
    registration: config.registration,
    onCourseLaunched: async (courseId, { isFirst }) => {
      if (isFirst) await refreshCourse(courseId, refreshDeps, { askedBy: 'launch' });
    },
  });
  const earlyRefresh = createEarlyRefresh(refreshDeps, config.refreshMinutes);
  const intake = createIntake({
    now,
    keptDays: pack.retention.rawEventDays,
    unmatchedDays: pack.retention.unmatchedDays,
  });
  const app = createApp({
    deps,
    isHttps: config.publicUrl.startsWith('https:'),
    trustedProxies: config.trustedProxies,
    clientDir,
    lti,
    frontPage: createFrontPageRouter(lti.administration.tool),
    feeds: [createFeedsRouter({ intake, now })],
    features: [
      createAdminRouter({
        ...deps,
        createMoodleClient: moodleClientFor,
        lti: lti.administration,
        publicUrl: config.publicUrl,
        isEmbedded: config.mongodbUri === undefined,
        readCoursesSoon: (platformId) => earlyRefresh.readCoursesSoon(platformId),
      }),
      createRefreshRouter(refreshDeps),
      createImportsRouter(deps),
      ...createTutorRouters(deps),
      createLeadRouter(deps),
      createDashboardRouter(deps),
      createReflectionsRouter(deps),
      createRightsRouter(deps),
    ],
  });
  const jobs = hasJobs
    ? await startJobs(refreshDeps, {
        databaseUri,
        refreshMinutes: config.refreshMinutes,
        daily: async () => {
          await applyRetention({ now: now(), courseDays: pack.retention.courseDays });
          const { unreadable } = await resealEverything(vault);
          if (Object.keys(unreadable).length > 0)
            log.error({ unreadable }, 'stored texts open with none of the encryption keys given');
        },
      })
    : undefined;
  return {
    app,
    async close() {
      await jobs?.stop();
      await earlyRefresh.settled();
      await intake.stop();
      await lti.close();
      outbound.close();
      await database.close();
    },
  };
}
