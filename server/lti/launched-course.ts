import mongoose from 'mongoose';
import { CourseModel, type Course } from '../database/models/course.ts';
import type { Platform } from '../database/models/platform.ts';
import { readCalendar, type LaunchDates } from './calendar.ts';
import type { LaunchClaims } from './claims.ts';
import { isOwnService } from './platforms.ts';
import { customParameters } from './tool-configuration.ts';

export interface SaidOfCourse {
  readonly contextId: string;
  readonly facts: Pick<Course, 'deploymentId'> & Partial<Course>;
  readonly dates: LaunchDates;
  /** Services that the platform offers for this course no longer. */
  readonly withdrawn: readonly ('membershipsUrl' | 'lineItemsUrl' | 'rosterChanges')[];
}

/** What a launch says of its course; services on a host that is not the platform's are left out. */
export function readCourse(platform: Platform, claims: LaunchClaims): SaidOfCourse {
  const context = claims.context!;
  const ownUrl = (url: string | undefined) => (url !== undefined && isOwnService(platform, url) ? url : undefined);
  const membershipsUrl = ownUrl(claims.namesAndRoles?.context_memberships_url);
  const lineItemsUrl = ownUrl(claims.grades?.lineitems);
  const sourcedId = claims.lis?.course_section_sourcedid ?? claims.custom[customParameters.courseSourcedId];
  const title = context.title ?? context.label;
  return {
    contextId: context.id,
    facts: {
      deploymentId: claims.deploymentId,
      ...(title && { title }),
      ...(context.label && { label: context.label }),
      ...(sourcedId && { sourcedId }),
      ...(membershipsUrl && { membershipsUrl }),
      ...(lineItemsUrl && { lineItemsUrl }),
    },
    withdrawn:
      // Platforms must name the services of a course in every message that has use for them: silence takes them back. A
      // message in which something is chosen or reviewed may have none.
      claims.messageType === 'LtiResourceLinkRequest' || claims.messageType === 'LtiContextLaunchRequest'
        ? [
            ...(membershipsUrl ? [] : (['membershipsUrl', 'rosterChanges'] as const)),
            ...(lineItemsUrl ? [] : (['lineItemsUrl'] as const)),
          ]
        : [],
    dates: { beginsAt: claims.custom[customParameters.begin], endsAt: claims.custom[customParameters.end] },
  };
}

/** Stores it, new or not. Rejects with the database's duplicate error where two first launches meet. */
export async function storeCourse(
  platform: Platform,
  { contextId, facts, dates, withdrawn }: SaidOfCourse,
  now: Date,
): Promise<{ _id: Course['_id']; isFirst: boolean }> {
  const { calendar, from } = readCalendar(dates, now);
  const idIfFirst = new mongoose.Types.ObjectId();
  const course = await CourseModel.findOneAndUpdate(
    { platformId: platform._id, contextId },
    {
      $set: { ...facts, lastLaunchedAt: now },
      ...(withdrawn.length > 0 && { $unset: Object.fromEntries(withdrawn.map((field) => [field, 1])) }),
      $setOnInsert: {
        _id: idIfFirst,
        calendar,
        calendarFrom: from,
        firstLaunchedAt: now,
        assessments: [],
        items: [],
        recordings: [],
        pauses: [],
        ...(!facts.title && { title: 'Your course' }),
      },
    },
    { upsert: true, returnDocument: 'after', projection: { _id: 1, calendarFrom: 1, calendar: 1 } },
  )
    .lean<Pick<Course, '_id' | 'calendar' | 'calendarFrom'>>()
    .orFail();
  // A launch knows better than an assumption and than an earlier launch; never better than the platform's services or a tutor.
  const mayReplace = from === 'launch' && (course.calendarFrom === 'assumed' || course.calendarFrom === 'launch');
  if (mayReplace && (course.calendarFrom !== from || !isSameSpan(course.calendar, calendar))) {
    await CourseModel.updateOne(
      { _id: course._id, calendarFrom: course.calendarFrom },
      {
        $set: {
          calendar: { ...course.calendar, ...calendar, vacations: course.calendar.vacations },
          calendarFrom: from,
        },
      },
    );
  }
  return { _id: course._id, isFirst: course._id.equals(idIfFirst) };
}

function isSameSpan(a: Course['calendar'], b: Course['calendar']): boolean {
  return a.firstDay === b.firstDay && a.lastDay === b.lastDay;
}
