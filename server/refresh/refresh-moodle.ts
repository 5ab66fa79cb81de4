import mongoose from 'mongoose';
import { CourseModel, type Course } from '../database/models/course.ts';
import { CourseStateModel, type CourseState } from '../database/models/course-state.ts';
import { EnrolmentModel } from '../database/models/enrolment.ts';
import { FreshnessModel, type Freshness } from '../database/models/freshness.ts';
import { PersonModel } from '../database/models/person.ts';
import type { Platform } from '../database/models/platform.ts';
import { StudentRecordModel, type StudentRecord } from '../database/models/student-record.ts';
import { storeActivities } from '../database/store-activities.ts';
import { dayOf } from '../domain/days.ts';
import type { SourceTopic, TeachingCalendar } from '../domain/facts.ts';
import { MoodleFailure } from '../sources/moodle/client.ts';
import type { Loss } from '../sources/moodle/loss.ts';
import { matchPeople, type PeopleMatch, type RosterPerson } from '../sources/moodle/match-people.ts';
import { readCourse, type CourseReading } from '../sources/moodle/read-course.ts';
import type { MoodleUser } from '../sources/moodle/replies.ts';
import { mergeSubmissions, readStudents, type StudentsReading } from '../sources/moodle/read-students.ts';
import { correctRoles } from './correct-roles.ts';
import type { RefreshDeps } from './deps.ts';
import type { RunProgress } from './run-progress.ts';
import { noteSuccess } from './store-freshness.ts';

export const moodleTopics: readonly SourceTopic[] = ['presence', 'submissions', 'completion'];

const dayMs = 86_400_000;
/** Clocks of two machines differ, and a reading takes its time: changes are asked for from a little earlier. */
const overlapMs = 5 * 60_000;

export interface MoodleRefreshed {
  readonly requests: number;
  readonly problems: readonly string[];
}

/**
 * Reads a course from Moodle's web services and stores what it says. Throws MoodleFailure where nothing of it could be read;
 * what single functions could not give is noted with the course's freshness.
 */
export async function refreshMoodle(
  course: Course,
  platform: Platform,
  deps: RefreshDeps,
  progress: RunProgress,
): Promise<MoodleRefreshed> {
  const courseId = course._id.toHexString();
  const startedAt = deps.now();
  const now = startedAt.getTime();
  const connection = platform.moodle!;
  const moodleCourseId = Number(course.contextId);
  if (!Number.isSafeInteger(moodleCourseId)) {
    throw new MoodleFailure(
      'refused',
      'course',
      'the id of this course is not one of Moodle, so it can’t be asked for',
    );
  }
  const client = deps.createMoodleClient({
    baseUrl: connection.baseUrl,
    token: deps.vault.open(connection.sealedToken, `platform:${platform._id.toHexString()}:moodle`),
  });

  const state = await CourseStateModel.findOne({ courseId }).lean<CourseState>();
  const isWholeDue = !state?.moodleReadWholeAt || now - state.moodleReadWholeAt >= dayMs;
  const since = isWholeDue || !state?.moodleReadFrom ? undefined : state.moodleReadFrom - overlapMs;

  await progress.begin('course');
  const reading = await readCourse(client, moodleCourseId, since);
  const calendar = await storeCourse(course, reading);
  if (reading.users) await correctRoles(course._id, reading.users, { isSameSite: isSameSite(platform) });
  const people = await loadPeople(course);
  const users = reading.users ?? assumeUsers(people.students, isSameSite(platform));
  const match = matchPeople(people.students, users, { isSameSite: isSameSite(platform) });
  if (users.length > 0 && people.students.length > 0 && match.moodleIdByPerson.size === 0) {
    throw new MoodleFailure(
      'refused',
      'core_enrol_get_enrolled_users',
      'nobody of the roster was found among the site’s people; is the token of another site?',
    );
  }

  await progress.begin('students');
  const records = new Map(
    (
      await StudentRecordModel.find({ courseId }, { personId: 1, submissions: 1, completions: 1 }).lean<
        StudentRecord[]
      >()
    ).map((record) => [String(record.personId), record]),
  );
  const isCompletionTracked = reading.items?.some(({ isTracked }) => isTracked) ?? false;
  const students = await readStudents({
    client,
    courseId: moodleCourseId,
    course: reading,
    users: users.filter(({ id }) => match.personByMoodleId.has(id)),
    since,
    isNew: (moodleId) => {
      const record = records.get(match.personByMoodleId.get(moodleId) ?? '');
      return !record || !record.submissions || (isCompletionTracked && !record.completions);
    },
    timeZone: calendar.timeZone,
    now,
    onProgress: (done, total) => progress.advance(done, total),
  });

  await progress.begin('store');
  await storeGroups(courseId, reading, match);
  await storeRecords(courseId, students, match, records, reading);
  const { added } = await storeActivities(
    [...students.students].map(([moodleId, { activities }]) => ({
      courseId,
      personId: match.personByMoodleId.get(moodleId)!,
      timeZone: calendar.timeZone,
      activities,
    })),
  );
  const losses = [...reading.losses, ...students.losses];
  await noteReading(courseId, startedAt, { reading, students, match, losses, added });
  if (losses.length === 0 && students.failedCalls === 0) {
    await CourseStateModel.updateOne(
      { courseId },
      { $set: { moodleReadFrom: now, ...(since === undefined && { moodleReadWholeAt: now }) } },
    );
  }
  return { requests: client.requestCount(), problems: losses.map(({ message }) => `Moodle: ${message}`) };
}

async function loadPeople(course: Course): Promise<{ students: RosterPerson[] }> {
  const enrolments = await EnrolmentModel.find(
    { courseId: course._id, role: 'student', isActive: true },
    { personId: 1 },
  ).lean();
  const people = await PersonModel.find(
    { _id: { $in: enrolments.map(({ personId }) => personId) } },
    { sub: 1, sourcedId: 1, email: 1, username: 1 },
  ).lean();
  return { students: people.map(({ _id, ...person }) => ({ ...person, personId: _id.toHexString() })) };
}

/** Keeps what could not be read this time as it was. A tutor's calendar stays a tutor's. */
async function storeCourse(course: Course, reading: CourseReading): Promise<TeachingCalendar> {
  let { calendar } = course;
  const { startsAt, endsAt } = reading;
  const isOurs = course.calendarFrom === 'tutor';
  if (!isOurs && startsAt !== undefined && (endsAt === undefined || endsAt > startsAt)) {
    const firstDay = dayOf(startsAt, calendar.timeZone);
    // A course ends at the beginning of the day after, or in its last minute.
    const lastDay = endsAt === undefined ? calendar.lastDay : dayOf(endsAt - 1000, calendar.timeZone);
    if (lastDay > firstDay) calendar = { ...calendar, firstDay, lastDay };
  }
  const hasDates = calendar !== course.calendar;
  await CourseModel.updateOne(
    { _id: course._id },
    {
      $set: {
        ...(reading.items && { items: reading.items }),
        ...(reading.assessments && { assessments: reading.assessments }),
        ...(hasDates && { calendar, calendarFrom: 'moodle' }),
      },
    },
  );
  return calendar;
}

async function storeGroups(courseId: string, { users }: CourseReading, match: PeopleMatch): Promise<void> {
  const writes = (users ?? []).flatMap(({ id, groups }) => {
    const personId = match.personByMoodleId.get(id);
    if (!personId) return [];
    const named = groups.map((group) => ({ id: String(group.id), name: group.name }));
    return [{ updateOne: { filter: { courseId, personId }, update: { $set: { groups: named } } } }];
  });
  if (writes.length > 0) await EnrolmentModel.bulkWrite(writes, { ordered: false });
}

async function storeRecords(
  courseId: string,
  { students }: StudentsReading,
  match: PeopleMatch,
  records: ReadonlyMap<string, StudentRecord>,
  reading: CourseReading,
): Promise<void> {
  const quizIds = new Set(reading.quizzes.map(({ coursemodule }) => String(coursemodule)));
  const writes = [...students.values()].map(({ moodleId, submissions, completions, lastAccessAt }) => {
    const personId = match.personByMoodleId.get(moodleId)!;
    const known = records.get(personId);
    return {
      updateOne: {
        filter: { courseId: new mongoose.Types.ObjectId(courseId), personId: new mongoose.Types.ObjectId(personId) },
        update: {
          $set: {
            ...(submissions && { submissions: mergeSubmissions(known?.submissions, submissions, quizIds) }),
            ...(completions && { completions }),
            ...(lastAccessAt !== undefined && { lastAccessAt }),
          },
          $setOnInsert: { pauses: [], corrections: [] },
        },
        upsert: true,
      },
    };
  });
  if (writes.length > 0) {
    await StudentRecordModel.collection.bulkWrite(writes, { ordered: false, ignoreUndefined: true });
  }
}

async function noteReading(
  courseId: string,
  at: Date,
  result: {
    reading: CourseReading;
    students: StudentsReading;
    match: PeopleMatch;
    losses: readonly Loss[];
    added: number;
  },
): Promise<void> {
  const { reading, students, match, losses, added } = result;
  const before = await FreshnessModel.findOne({ courseId, source: 'moodle' }).lean<Freshness>();
  const topics: Freshness['topics'] = {};
  for (const loss of losses) {
    for (const topic of loss.speaksOf) {
      const okAt =
        before?.topics?.[topic]?.okAt ?? (before?.speaksOf.includes(topic) ? before.okAt?.getTime() : undefined);
      topics[topic] = { ...(okAt !== undefined && { okAt }), failedBecause: loss.message };
    }
  }
  if (students.isAccessHidden && reading.users) {
    topics.presence = { okAt: at.getTime(), withheld: 'access-hidden' };
  }
  const dropped: Record<string, number> = {};
  if (match.counts.absent > 0) dropped['in-roster-not-in-moodle'] = match.counts.absent;
  if (match.counts.contradicted > 0) dropped['id-of-somebody-else'] = match.counts.contradicted;
  if (students.failedCalls > 0) dropped['reading-failed'] = students.failedCalls;
  const studentUsers = (reading.users ?? []).filter(({ roles }) =>
    roles.some(({ shortname }) => shortname === 'student'),
  );
  const notInRoster = studentUsers.filter(({ id }) => !match.personByMoodleId.has(id)).length;
  if (notInRoster > 0) dropped['in-moodle-not-in-roster'] = notInRoster;
  const readCount = [...students.students.values()].reduce((sum, { activities }) => sum + activities.length, 0);
  await noteSuccess(courseId, 'moodle', at, {
    speaksOf: [...moodleTopics],
    topics,
    notes: losses.map(({ message }) => message),
    counts: { read: readCount, stored: added, dropped },
  });
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
