import type { AdminOverview } from '../../contracts/admin.ts';
import { pingDatabase } from '../../database/connect.ts';
import { FeedModel, type Feed } from '../../database/models/feed.ts';
import { readSealCheck } from '../../database/models/seal-check.ts';
import type { Actor } from '../../domain/access.ts';
import { readSchedule } from '../../refresh/scheduled-jobs.ts';
import { countCourses } from './courses.ts';
import { findOwnPlatforms, requireAdministrator, type AdminDeps } from './deps.ts';
import { presentPlatform } from './platforms.ts';

/** A job that was due this long ago has nobody who does it: a process looks every 15 seconds. */
const lateMs = 15 * 60_000;

/** Health, registrations, and how many courses there are. People appear nowhere. */
export async function readOverview(deps: AdminDeps, actor: Actor): Promise<AdminOverview> {
  requireAdministrator(actor);
  const platforms = await findOwnPlatforms(actor);
  const platformIds = platforms.map(({ _id }) => _id);
  const now = deps.now().getTime();
  const [pingMs, feeds, courses, schedule, sealCheck] = await Promise.all([
    pingDatabase().catch(() => undefined),
    FeedModel.find({ platformId: { $in: platformIds } })
      .sort({ createdAt: 1 })
      .lean<Feed[]>(),
    countCourses(platformIds),
    readSchedule(),
    readSealCheck(),
  ]);
  const { registration, tool } = deps.lti;
  const until = registration?.until?.getTime();
  return {
    checkedAt: now,
    database: {
      isUp: pingMs !== undefined,
      isEmbedded: deps.isEmbedded,
      ...(pingMs !== undefined && { pingMs: Math.round(pingMs * 10) / 10 }),
    },
    jobs: schedule.map(({ name, lastDoneAt, dueAt }) => ({
      name,
      ...(lastDoneAt && { lastDoneAt: lastDoneAt.getTime() }),
      isLate: dueAt !== undefined && dueAt.getTime() < now - lateMs,
    })),
    ...(sealCheck && { sealedTexts: { unopened: sealCheck.unopened, checkedAt: sealCheck.checkedAt.getTime() } }),
    policy: deps.pack.institution,
    tool: { ...tool },
    registration: {
      isOpen: registration !== undefined && (until === undefined || until > now),
      ...(until !== undefined && { until }),
    },
    platforms: platforms.map((platform) =>
      presentPlatform(
        platform,
        feeds.filter((feed) => feed.platformId.equals(platform._id)),
        actor,
      ),
    ),
    courses,
  };
}
