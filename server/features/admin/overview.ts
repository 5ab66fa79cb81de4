import type { AdminOverview } from '../../contracts/admin.ts';
import { pingDatabase } from '../../database/connect.ts';
import { CourseStateModel, type CourseState } from '../../database/models/course-state.ts';
import { CourseModel, type Course } from '../../database/models/course.ts';
import { EnrolmentModel } from '../../database/models/enrolment.ts';
import { FeedModel, type Feed } from '../../database/models/feed.ts';
import { FreshnessModel, type Freshness } from '../../database/models/freshness.ts';
import type { Actor } from '../../domain/access.ts';
import { findOwnPlatforms, requireAdministrator, type AdminDeps } from './deps.ts';
import { presentPlatform } from './platforms.ts';

const mostCourses = 200;

/** Health, registrations, and how fresh each course is. People appear as a number only. */
export async function readOverview(deps: AdminDeps, actor: Actor): Promise<AdminOverview> {
  requireAdministrator(actor);
  const platforms = await findOwnPlatforms(actor);
  const platformIds = platforms.map(({ _id }) => _id);
  const [pingMs, feeds, courses] = await Promise.all([
    pingDatabase().catch(() => undefined),
    FeedModel.find({ platformId: { $in: platformIds } })
      .sort({ createdAt: 1 })
      .lean<Feed[]>(),
    CourseModel.find({ platformId: { $in: platformIds } }, { assessments: 0, items: 0, recordings: 0 })
      .sort({ lastLaunchedAt: -1 })
      .limit(mostCourses)
      .lean<Course[]>(),
  ]);
  const { registration, tool } = deps.lti;
  const until = registration?.until?.getTime();
  return {
    checkedAt: deps.now().getTime(),
    database: { isUp: pingMs !== undefined, ...(pingMs !== undefined && { pingMs: Math.round(pingMs * 10) / 10 }) },
    tool: { ...tool },
    registration: {
      isOpen: registration !== undefined && (until === undefined || until > deps.now().getTime()),
      ...(until !== undefined && { until }),
    },
    platforms: platforms.map((platform) =>
      presentPlatform(
        platform,
        feeds.filter((feed) => feed.platformId.equals(platform._id)),
        actor,
      ),
    ),
    courses: await describeCourses(courses, new Map(platforms.map(({ _id, name }) => [_id.toHexString(), name]))),
  };
}

async function describeCourses(courses: readonly Course[], names: ReadonlyMap<string, string>) {
  const courseIds = courses.map(({ _id }) => _id);
  const [states, freshness, students] = await Promise.all([
    CourseStateModel.find({ courseId: { $in: courseIds } }, { courseId: 1, refreshedAt: 1, computedAt: 1 }).lean<
      CourseState[]
    >(),
    FreshnessModel.find({ courseId: { $in: courseIds } })
      .sort({ source: 1 })
      .lean<Freshness[]>(),
    EnrolmentModel.aggregate<{ _id: Course['_id']; count: number }>([
      { $match: { courseId: { $in: courseIds }, role: 'student', isActive: true } },
      { $group: { _id: '$courseId', count: { $sum: 1 } } },
    ]),
  ]);
  return courses.map((course): AdminOverview['courses'][number] => {
    const state = states.find(({ courseId }) => courseId.equals(course._id));
    return {
      id: course._id.toHexString(),
      title: course.title,
      ...(course.label && { label: course.label }),
      platform: names.get(course.platformId.toHexString()) ?? '',
      lastLaunchedAt: course.lastLaunchedAt.getTime(),
      ...(state?.refreshedAt && { refreshedAt: state.refreshedAt.getTime() }),
      ...(state?.computedAt && { computedAt: new Date(state.computedAt).getTime() }),
      calendarFrom: course.calendarFrom,
      firstDay: course.calendar.firstDay,
      lastDay: course.calendar.lastDay,
      students: students.find(({ _id }) => _id.equals(course._id))?.count ?? 0,
      sources: freshness.filter(({ courseId }) => courseId.equals(course._id)).map(presentSource),
    };
  });
}

function presentSource(source: Freshness): AdminOverview['courses'][number]['sources'][number] {
  return {
    source: source.source,
    speaksOf: [...source.speaksOf],
    ...(source.triedAt && { triedAt: source.triedAt.getTime() }),
    ...(source.okAt && { okAt: source.okAt.getTime() }),
    ...(source.failedBecause && { failedBecause: source.failedBecause }),
    ...(source.withheld && { withheld: source.withheld }),
    notes: source.notes,
    gaps: source.gaps.map(({ from, to }) => ({ from, to })),
    read: source.counts.read,
    stored: source.counts.stored,
    dropped: source.counts.dropped,
  };
}
