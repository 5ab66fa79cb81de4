import type { FlagList, ListRow } from '../../contracts/flag-list.ts';
import { labelDue } from '../../domain/course-at.ts';
import { dayNumberAt } from '../../domain/days.ts';
import type { ListFacts } from './list-facts.ts';

export type ListedWork = FlagList['works'][number];

/** Says of a student which work past its due time was not seen, and of which nobody knows. */
export type WorkOf = (personId: string) => Pick<ListRow, 'notSeen' | 'notKnown'>;

/**
 * Rows name a piece of work by its place; those of `known` keep theirs. The others follow by their due times. Nothing rests on
 * the work of whoever has opted out.
 */
export function readWorks(
  { course, students, works: stored }: Pick<ListFacts, 'course' | 'students' | 'works'>,
  known: readonly ListedWork[],
): { works: ListedWork[]; workOf: WorkOf } {
  const works = [...known];
  const places = new Map(works.map(({ id }, place) => [id, place]));
  const shown = new Set(students.flatMap(({ personId, optedOutAt }) => (optedOutAt ? [] : personId.toHexString())));
  const workOf = new Map(
    stored.flatMap(({ personId, work }) => {
      const id = personId.toHexString();
      return work && shown.has(id) ? [[id, work] as const] : [];
    }),
  );
  const named = new Set([...workOf.values()].flatMap(({ notSeen, notKnown }) => [...notSeen, ...notKnown]));
  const further = (course?.assessments ?? []).filter(({ id }) => named.has(id) && !places.has(id));
  for (const assessment of further.sort((one, other) => (one.dueAt ?? Infinity) - (other.dueAt ?? Infinity))) {
    const { id, title, dueAt } = assessment;
    const timeZone = course?.calendar.timeZone ?? 'UTC';
    // Where each student has a due time of their own, there is none to name.
    const label = dueAt === undefined ? title : labelDue(assessment, dayNumberAt(dueAt, timeZone));
    places.set(id, works.push({ id, label }) - 1);
  }
  const toPlaces = (ids: readonly string[]) => ids.flatMap((id) => places.get(id) ?? []);
  return {
    works,
    workOf(personId) {
      if (!shown.has(personId)) return {};
      const work = workOf.get(personId);
      // Of whoever was not computed yet nothing is known.
      const [notSeen, notKnown] = work
        ? [toPlaces(work.notSeen), toPlaces(work.notKnown)]
        : [[], works.map((_, place) => place)];
      return { ...(notSeen.length > 0 && { notSeen }), ...(notKnown.length > 0 && { notKnown }) };
    },
  };
}
