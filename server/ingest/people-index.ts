import { CourseModel } from '../database/models/course.ts';
import { EnrolmentModel } from '../database/models/enrolment.ts';
import { PersonModel, type Person } from '../database/models/person.ts';
import type { Role } from '../domain/vocabulary.ts';
import type { CourseRef, PersonRef } from '../sources/source-event.ts';

export interface FoundCourse {
  readonly courseId: string;
  readonly timeZone: string;
}
export interface FoundPerson {
  readonly personId: string;
  readonly role: Role;
}

/** Finds courses and their people by what feeds and files call them. One instance serves a whole process. */
export interface PeopleIndex {
  /** Keyed by `courseKey`. Courses in which Waymark was never launched are not found. */
  findCourses(platformId: string, refs: readonly CourseRef[]): Promise<Map<string, FoundCourse>>;
  /** Keyed by `personKey`. People without an enrolment in the course are not found. */
  findPeople(platformId: string, courseId: string, refs: readonly PersonRef[]): Promise<Map<string, FoundPerson>>;
}

export function courseKey(ref: CourseRef): string {
  return 'contextId' in ref ? `id:${ref.contextId}` : `code:${ref.code}`;
}

export function personKey({ by, value }: PersonRef): string {
  return `${by}:${value}`;
}

const keptMs = 30_000;
const mostEntries = 50_000;

/** Answers kept for half a minute; "not found" is never kept, so that who appears is known at once. */
function keepAnswers<T>() {
  const entries = new Map<string, { value: T; until: number }>();
  return {
    get(key: string): T | undefined {
      const entry = entries.get(key);
      return entry && entry.until > Date.now() ? entry.value : undefined;
    },
    set(key: string, value: T): void {
      if (entries.size >= mostEntries) entries.clear();
      entries.set(key, { value, until: Date.now() + keptMs });
    },
  };
}

export function createPeopleIndex(): PeopleIndex {
  const courses = keepAnswers<FoundCourse>();
  const people = keepAnswers<FoundPerson>();

  async function find<Ref, T>(
    kept: ReturnType<typeof keepAnswers<T>>,
    scope: string,
    refs: readonly Ref[],
    keyOf: (ref: Ref) => string,
    lookUp: (missing: readonly Ref[]) => Promise<Map<string, T>>,
  ): Promise<Map<string, T>> {
    const found = new Map<string, T>();
    const missing: Ref[] = [];
    for (const ref of refs) {
      const known = kept.get(`${scope} ${keyOf(ref)}`);
      if (known) found.set(keyOf(ref), known);
      else missing.push(ref);
    }
    if (missing.length === 0) return found;
    for (const [key, value] of await lookUp(missing)) {
      kept.set(`${scope} ${key}`, value);
      found.set(key, value);
    }
    return found;
  }

  return {
    findCourses: (platformId, refs) =>
      find(courses, platformId, refs, courseKey, (missing) => lookUpCourses(platformId, missing)),
    findPeople: (platformId, courseId, refs) =>
      find(people, courseId, refs, personKey, (missing) => lookUpPeople(platformId, courseId, missing)),
  };
}

async function lookUpCourses(platformId: string, refs: readonly CourseRef[]): Promise<Map<string, FoundCourse>> {
  const found = new Map<string, FoundCourse>();
  const ids = refs.flatMap((ref) => ('contextId' in ref ? [ref.contextId] : []));
  const codes = refs.flatMap((ref) => ('code' in ref ? [ref.code] : []));
  const fields = { contextId: 1, label: 1, sourcedId: 1, calendar: 1 };
  if (ids.length > 0) {
    const courses = await CourseModel.find({ platformId, contextId: { $in: ids } }, fields).lean();
    for (const { _id, contextId, calendar } of courses) {
      found.set(courseKey({ contextId }), { courseId: _id.toHexString(), timeZone: calendar.timeZone });
    }
  }
  if (codes.length > 0) {
    const named = { $in: codes };
    const which = { platformId, $or: [{ sourcedId: named }, { contextId: named }, { label: named }] };
    const courses = await CourseModel.find(which, fields).lean();
    for (const code of codes) {
      const [match, another] = courses.filter((course) =>
        [course.sourcedId, course.contextId, course.label].includes(code),
      );
      // A label that two courses share (this year's and last year's) names neither.
      if (match && !another) {
        found.set(courseKey({ code }), { courseId: match._id.toHexString(), timeZone: match.calendar.timeZone });
      }
    }
  }
  return found;
}

async function lookUpPeople(
  platformId: string,
  courseId: string,
  refs: readonly PersonRef[],
): Promise<Map<string, FoundPerson>> {
  const namesBy = new Map<PersonRef['by'], Set<string>>();
  for (const { by, value } of refs) namesBy.set(by, (namesBy.get(by) ?? new Set()).add(value));
  const candidates: { key: string; personId: string }[] = [];
  for (const [by, values] of namesBy) {
    const people = await PersonModel.find({ platformId, [by]: { $in: [...values] } }, { [by]: 1 }).lean<Person[]>();
    for (const person of people) {
      candidates.push({ key: personKey({ by, value: person[by] ?? '' }), personId: person._id.toHexString() });
    }
  }
  const personIds = candidates.map(({ personId }) => personId);
  const enrolments = await EnrolmentModel.find(
    { courseId, personId: { $in: personIds } },
    { personId: 1, role: 1 },
  ).lean();
  const roleOf = new Map(enrolments.map(({ personId, role }) => [personId.toHexString(), role]));
  const found = new Map<string, FoundPerson | null>();
  for (const { key, personId } of candidates) {
    const role = roleOf.get(personId);
    // A name that two people of the course share names neither.
    if (role) found.set(key, found.has(key) ? null : { personId, role });
  }
  return new Map([...found].flatMap(([key, person]) => (person ? [[key, person] as const] : [])));
}
