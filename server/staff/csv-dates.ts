import { CourseModel } from '../database/models/course.ts';
import { dayOf } from '../domain/days.ts';

/** How a moment stands in a downloaded table: `YYYY-MM-DD` and `YYYY-MM-DD hh:mm`, which spreadsheets take for dates. */
export interface CsvDates {
  readonly day: (at: number | undefined) => string;
  readonly moment: (at: number | undefined) => string;
}

/** Dates in the course's own time zone: a conversation after midnight in summer is not one of the day before. */
export async function csvDatesOf(courseId: string): Promise<CsvDates> {
  const course = await CourseModel.findById(courseId, { 'calendar.timeZone': 1 }).lean();
  const timeZone = course?.calendar.timeZone ?? 'Europe/London';
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return {
    day: (at) => (at === undefined ? '' : dayOf(at, timeZone)),
    moment: (at) => (at === undefined ? '' : `${dayOf(at, timeZone)} ${time.format(at)}`),
  };
}
