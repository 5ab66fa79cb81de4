import { CourseModel, type Course } from '../database/models/course.ts';
import { EnrolmentModel } from '../database/models/enrolment.ts';
import type { Day } from '../domain/activity.ts';
import { dayNumber, dayOf, toDay } from '../domain/days.ts';
import type { TeachingCalendar } from '../domain/facts.ts';
import type { PeopleMatch } from '../sources/moodle/match-people.ts';
import type { CourseReading } from '../sources/moodle/read-course.ts';

/** Stores what concerns the course; what could not be read this time stays as it was. A tutor's calendar stays a tutor's. */
export async function storeMoodleCourse(course: Course, reading: CourseReading): Promise<TeachingCalendar> {
  let { calendar } = course;
  const { startsAt } = reading;
  // Years ahead stands for no end at all.
  const endsAt = isFarOff(reading) ? undefined : reading.endsAt;
  const isOurs = course.calendarFrom === 'tutor';
  if (!isOurs && startsAt !== undefined && (endsAt === undefined || endsAt > startsAt)) {
    const firstDay = dayOf(startsAt, calendar.timeZone);
    // A course ends at the beginning of the day after, or in its last minute.
    const lastDay = endsAt === undefined ? lastDayFrom(firstDay, calendar) : dayOf(endsAt - 1000, calendar.timeZone);
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

const longestMs = 60 * 7 * 86_400_000;

function isFarOff({ startsAt, endsAt }: CourseReading): boolean {
  return startsAt !== undefined && endsAt !== undefined && endsAt - startsAt > longestMs;
}

/** Of a course without an end: as known, or as long as known where it now begins after that, for another year. */
function lastDayFrom(firstDay: Day, { firstDay: firstBefore, lastDay }: TeachingCalendar): Day {
  if (lastDay > firstDay) return lastDay;
  return toDay(dayNumber(firstDay) + dayNumber(lastDay) - dayNumber(firstBefore));
}

/** Stores who is in which group. */
export async function storeGroups(courseId: string, { users }: CourseReading, match: PeopleMatch): Promise<void> {
  const enrolments = await EnrolmentModel.find({ courseId }, { personId: 1, groups: 1 }).lean();
  const groupsBefore = new Map(enrolments.map(({ personId, groups }) => [String(personId), groups]));
  const writes = (users ?? []).flatMap(({ id, groups }) => {
    const personId = match.personByMoodleId.get(id);
    if (!personId) return [];
    const named = groups.map((group) => ({ id: String(group.id), name: group.name }));
    // Most refreshes find everybody where they were.
    if (JSON.stringify(groupsBefore.get(personId)) === JSON.stringify(named)) return [];
    return [{ updateOne: { filter: { courseId, personId }, update: { $set: { groups: named } } } }];
  });
  if (writes.length > 0) await EnrolmentModel.bulkWrite(writes, { ordered: false });
}
