import type { Person } from '../people.ts';
import type { Enrolment, PracticeCourse } from '../practice-course.ts';

const DAY = 86_400;

/**
 * Three students who show a newcomer different things, by what the log holds of them up to now: one who is here a lot, one
 * who was and has gone quiet, and one who seldom was. Fewer where a course has none such.
 */
export function toBeginWith(course: PracticeCourse, now: number): { person: Person; why: string }[] {
  const students = [...course.enrolments.values()].filter(({ role }) => role === 'student');
  const seen = students
    .map(({ person, events }: Enrolment) => {
      const past = events.filter(({ at }) => at <= now);
      const daysAgo = Math.floor((now - (past.at(-1)?.at ?? 0)) / DAY);
      return { person, daysAgo, lately: past.filter(({ at }) => at > now - 14 * DAY).length, count: past.length };
    })
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const busy = seen.find(({ daysAgo }) => daysAgo <= 3);
  const gone = seen.find(({ daysAgo }) => daysAgo >= 10);
  const seldom = seen.findLast(({ daysAgo, person }) => daysAgo < 10 && person !== busy?.person);
  return [
    busy && { person: busy.person, why: `here a lot: ${busy.lately} entries in the log of two weeks` },
    gone && { person: gone.person, why: `was here often, last seen ${gone.daysAgo} days ago` },
    seldom && { person: seldom.person, why: `seldom here: ${seldom.count} entries in all` },
  ].filter((start) => start !== undefined);
}
