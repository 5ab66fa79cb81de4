import type mongoose from 'mongoose';
import type { AdminCourses, CourseQuery } from '../../contracts/admin.ts';
import { CourseStateModel, type CourseState } from '../../database/models/course-state.ts';
import { CourseModel, type Course } from '../../database/models/course.ts';
import { EnrolmentModel } from '../../database/models/enrolment.ts';
import { FreshnessModel, type Freshness } from '../../database/models/freshness.ts';
import type { Actor } from '../../domain/access.ts';
import { findOwnPlatforms, requireAdministrator } from './deps.ts';

const perPage = 20;
const isTroubled = { failedBecause: { $ne: null } };

/** How many courses of these platforms have opened Waymark, and of how many a source could not be read. */
export async function countCourses(
  platformIds: readonly mongoose.Types.ObjectId[],
): Promise<{ opened: number; troubled: number }> {
  const ofThese = { platformId: { $in: platformIds } };
  const troubledIds = await FreshnessModel.distinct('courseId', isTroubled);
  const [opened, troubled] = await Promise.all([
    CourseModel.countDocuments(ofThese),
    troubledIds.length === 0 ? 0 : CourseModel.countDocuments({ ...ofThese, _id: { $in: troubledIds } }),
  ]);
  return { opened, troubled };
}

/** How fresh courses are, a page of them: those opened last first. People appear as a number only. */
export async function readCourses(actor: Actor, { search, only, page }: CourseQuery): Promise<AdminCourses> {
  requireAdministrator(actor);
  const platforms = await findOwnPlatforms(actor);
  const named = { $regex: search.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), $options: 'i' };
  const wanted = {
    platformId: { $in: platforms.map(({ _id }) => _id) },
    ...(only === 'troubled' && { _id: { $in: await FreshnessModel.distinct('courseId', isTroubled) } }),
    ...(search !== '' && { $or: [{ title: named }, { label: named }] }),
  };
  const [total, courses] = await Promise.all([
    CourseModel.countDocuments(wanted),
    CourseModel.find(wanted, { assessments: 0, items: 0, recordings: 0 })
      .sort({ lastLaunchedAt: -1, _id: 1 })
      .skip(page * perPage)
      .limit(perPage)
      .lean<Course[]>(),
  ]);
  const names = new Map(platforms.map(({ _id, name }) => [_id.toHexString(), name]));
  return { total, perPage, courses: await describeCourses(courses, names) };
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
  return courses.map((course): AdminCourses['courses'][number] => {
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

function presentSource(source: Freshness): AdminCourses['courses'][number]['sources'][number] {
  return {
    source: source.source,
    speaksOf: [...source.speaksOf],
    ...(source.triedAt && { triedAt: source.triedAt.getTime() }),
    ...(source.okAt && { okAt: source.okAt.getTime() }),
    ...(source.failedBecause && { failedBecause: source.failedBecause }),
    isAccessHidden: Object.values(source.topics ?? {}).some((topic) => topic.withheld === 'access-hidden'),
    notes: source.notes,
    gaps: source.gaps.map(({ from, to }) => ({ from, to })),
    read: source.counts.read,
    stored: source.counts.stored,
    dropped: source.counts.dropped,
  };
}
