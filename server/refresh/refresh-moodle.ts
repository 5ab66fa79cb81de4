import type mongoose from 'mongoose';
import type { Course } from '../database/models/course.ts';
import { CourseStateModel, type CourseState } from '../database/models/course-state.ts';
import { EnrolmentModel } from '../database/models/enrolment.ts';
import { PersonModel } from '../database/models/person.ts';
import { openMoodleToken, type Platform } from '../database/models/platform.ts';
import { storeActivities } from '../database/store-activities.ts';
import { MoodleFailure, unopenedToken } from '../sources/moodle/failure.ts';
import type { Loss } from '../sources/moodle/loss.ts';
import { matchPeople, type RosterPerson } from '../sources/moodle/match-people.ts';
import { readCourse } from '../sources/moodle/read-course.ts';
import { readStudents } from '../sources/moodle/read-students.ts';
import type { MoodleUser } from '../sources/moodle/replies.ts';
import { correctRoles } from './correct-roles.ts';
import type { RefreshDeps } from './deps.ts';
import { noteMoodle } from './note-moodle.ts';
import type { RunProgress } from './run-progress.ts';
import { standInForRoster } from './stand-in-roster.ts';
import { storeGroups, storeMoodleCourse } from './store-moodle-course.ts';
import { loadRecords, storeNotFound, storeRecords } from './store-records.ts';

const dayMs = 86_400_000;
/** Clocks of two machines differ, and a reading takes its time: changes are asked for from a little earlier. */
const overlapMs = 5 * 60_000;

export interface MoodleRefreshed {
  readonly requests: number;
  readonly problems: readonly string[];
  /** Whether Moodle's own list of participants stands in for the roster; why not, where it should have. */
  readonly standsIn: boolean | string;
}

/**
 * Reads a course from Moodle's web services and stores what it says. Throws MoodleFailure where nothing of it could be read;
 * what single functions could not give is noted with the course's freshness.
 *
 * @param options.hasRoster false where the platform gives no roster: then Moodle's own list of participants stands in.
 */
export async function refreshMoodle(
  course: Course,
  platform: Platform,
  deps: RefreshDeps,
  progress: RunProgress,
  { hasRoster }: { hasRoster: boolean },
): Promise<MoodleRefreshed> {
  const courseId = course._id.toHexString();
  const startedAt = deps.now();
  const now = startedAt.getTime();
  const moodleCourseId = readCourseId(course);
  const token = openMoodleToken(platform, deps.vault);
  if (token === undefined) throw new MoodleFailure('token', 'token', unopenedToken);
  const client = deps.createMoodleClient({ baseUrl: platform.moodle!.baseUrl, token });
  const since = await readSince(courseId, now);

  await progress.begin('course');
  const reading = await readCourse(client, moodleCourseId, since);
  const calendar = await storeMoodleCourse(course, reading);
  const site = { isSameSite: isSameSite(platform) };
  const standsIn = hasRoster
    ? false
    : await standInForRoster(course, client, moodleCourseId, { ...site, users: reading.users, now: startedAt });
  if (reading.users) await correctRoles(course._id, reading.users, site);
  const people = await loadStudents(course._id);
  const users = reading.users ?? assumeUsers(people, site.isSameSite);
  const match = matchPeople(people, users, site);
  if (users.length > 0 && people.length > 0 && match.moodleIdByPerson.size === 0) {
    throw new MoodleFailure(
      'refused',
      'core_enrol_get_enrolled_users',
      'nobody of the roster was found among the site’s people; is the token of another site, or does its user lack moodle/user:viewdetails?',
    );
  }

  await progress.begin('students');
  const records = await loadRecords(courseId);
  const recordOf = (moodleId: number) => records.get(match.personByMoodleId.get(moodleId) ?? '');
  const isCompletionTracked = reading.items?.some(({ isTracked }) => isTracked) ?? false;
  const quizIds = new Set(reading.quizzes.map(({ coursemodule }) => String(coursemodule)));
  let added = 0;
  const students = await readStudents({
    client,
    courseId: moodleCourseId,
    course: reading,
    users: users.filter(({ id }) => match.personByMoodleId.has(id)),
    since,
    isNew: (moodleId) => {
      const record = recordOf(moodleId);
      return !record || !record.submissions || (isCompletionTracked && !record.completions);
    },
    storedSubmission: (moodleId, id) =>
      recordOf(moodleId)?.submissions?.find(({ assessmentId }) => assessmentId === id),
    timeZone: calendar.timeZone,
    now,
    async store(read) {
      await storeRecords(courseId, read, { match, records, quizIds });
      const { added: more } = await storeActivities(
        read.map(({ moodleId, activities }) => ({
          courseId,
          personId: match.personByMoodleId.get(moodleId)!,
          timeZone: calendar.timeZone,
          activities,
        })),
      );
      added += more;
    },
    onProgress: (done, total) => progress.advance(done, total),
  });

  await progress.begin('store');
  await storeGroups(courseId, reading, match);
  await storeNotFound(courseId, people, match, records);
  const losses = [...reading.losses, ...students.losses];
  await noteMoodle(courseId, startedAt, { reading, students, match, losses, added });
  if (!losses.some(isPassing) && students.failedCalls === 0) {
    await CourseStateModel.updateOne(
      { courseId },
      { $set: { moodleReadFrom: now, ...(since === undefined && { moodleReadWholeAt: now }) } },
    );
  }
  return {
    requests: client.requestCount(),
    problems: [...new Set(losses.map(({ message }) => `Moodle: ${message}`))],
    standsIn,
  };
}

function readCourseId({ contextId }: Course): number {
  const id = Number(contextId);
  if (Number.isSafeInteger(id)) return id;
  throw new MoodleFailure('refused', 'course', 'the id of this course is not one of Moodle, so it can’t be asked for');
}

/** From when on changes are enough; undefined where everything is to be read, which is so once a day. */
async function readSince(courseId: string, now: number): Promise<number | undefined> {
  const state = await CourseStateModel.findOne({ courseId }).lean<CourseState>();
  const isWholeDue = !state?.moodleReadWholeAt || now - state.moodleReadWholeAt >= dayMs;
  return isWholeDue || !state?.moodleReadFrom ? undefined : state.moodleReadFrom - overlapMs;
}

/** What an administrator has to grant first is not made up for by reading everything again. */
function isPassing({ trouble }: Loss): boolean {
  return trouble === 'unreachable' || trouble === 'unreadable' || trouble === 'refused';
}

async function loadStudents(courseId: mongoose.Types.ObjectId): Promise<RosterPerson[]> {
  const enrolments = await EnrolmentModel.find({ courseId, role: 'student', isActive: true }, { personId: 1 }).lean();
  const people = await PersonModel.find(
    { _id: { $in: enrolments.map(({ personId }) => personId) } },
    { sub: 1, sourcedId: 1, email: 1, username: 1 },
  ).lean();
  return people.map(({ _id, ...person }) => ({ ...person, personId: _id.toHexString() }));
}

/** Where the list of people may not be read but the site is the one that launched, `sub` is the user id. */
function assumeUsers(people: readonly RosterPerson[], mayAssume: boolean): MoodleUser[] {
  if (!mayAssume) return [];
  return people
    .map(({ sub }) => Number(sub))
    .filter(Number.isSafeInteger)
    .map((id) => ({ id, lastcourseaccess: undefined, groups: [], roles: [] }));
}

/** Moodle's LTI issuer is its own address: then, and only then, `sub` alone names the user. */
function isSameSite({ issuer, moodle }: Platform): boolean {
  try {
    return moodle !== undefined && new URL(issuer).origin === new URL(moodle.baseUrl).origin;
  } catch {
    return false;
  }
}
