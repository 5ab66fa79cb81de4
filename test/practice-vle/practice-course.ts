import { createWallClock } from './clock.ts';
import type { CourseLog, LogEvent, LogModule } from './course-log.ts';
import { inventPerson, named, type Person } from './people.ts';

export interface CourseEvent {
  /** Epoch seconds. */
  at: number;
  action: string;
  moduleId: number;
}

export interface CourseModule {
  id: number;
  /** Moodle's number of the activity within its kind. */
  instance: number;
  modname: string;
  name: string;
  /** 0 not tracked, 1 ticked by hand, 2 by what the student does; as Moodle counts. */
  tracking: 0 | 1 | 2;
  section: number;
  appearsAt: number;
  goesAt: number;
  /** Assignments only; 0 means none. */
  opensAt: number;
  dueAt: number;
  needsSubmitButton: boolean;
}

export type MoodleRole = 'student' | 'teacher' | 'editingteacher';

export interface Enrolment {
  person: Person;
  role: MoodleRole;
  /** What the log holds of this person in this course, oldest first. */
  events: CourseEvent[];
}

export interface PracticeCourse {
  id: number;
  shortName: string;
  fullName: string;
  idNumber: string;
  startsAt: number;
  endsAt: number;
  modules: CourseModule[];
  enrolments: Map<number, Enrolment>;
  /** LTI resource link and course-module number of the tool's activity in this course. */
  resourceLinkId: number;
}

export interface CourseNaming {
  shortName: string;
  fullName: string;
  resourceLinkId: number;
  /** Names for whom the log shows teaching: the first edits the course, the others assist. */
  staff: [givenName: string, familyName: string][];
  /** Teaches the course too, and other courses of the site, without a trace in the log. */
  colleague: Person;
}

const WEEK_SECONDS = 7 * 24 * 3600;
const NEVER = Number.MAX_SAFE_INTEGER;
/** Opening everybody's submissions more often than this is a tutor's work; students come there by neighbourhood only. */
const STAFF_LISTINGS = 10;
/** Below this share of the students handing in, an activity is an offer without a due date. */
const DUE_DATE_SHARE = 0.2;

/** Makes a course of a log whose first Monday comes to lie at `firstMonday` (London wall-clock ms). */
export function buildCourse(
  log: CourseLog,
  naming: CourseNaming,
  firstMonday: number,
  studentCount?: number,
): PracticeCourse {
  const toEpoch = createWallClock();
  const timeOf = (event: LogEvent) => toEpoch(firstMonday + event.minute * 60_000);
  const records = new Map<number, CourseEvent[]>();
  const moduleTimes = new Map<number, number>();
  for (const event of log.events) {
    const at = timeOf(event);
    if (event.moduleId && !moduleTimes.has(event.moduleId)) moduleTimes.set(event.moduleId, at);
    if (!event.personId) continue;
    const record = records.get(event.personId);
    const entry = { at, action: event.action, moduleId: event.moduleId };
    if (record) record.push(entry);
    else records.set(event.personId, [entry]);
  }

  const startsAt = toEpoch(firstMonday);
  const last = log.events.at(-1);
  const enrolments = enrol(records, findStaff(log.events), naming, studentCount);
  return {
    id: log.courseId,
    shortName: naming.shortName,
    fullName: naming.fullName,
    idNumber: `${naming.shortName.replaceAll(' ', '')}-A`,
    startsAt,
    endsAt: startsAt + Math.ceil(((last ? timeOf(last) : startsAt) - startsAt) / WEEK_SECONDS) * WEEK_SECONDS,
    modules: describeModules(log.modules, records, moduleTimes, startsAt),
    enrolments,
    resourceLinkId: naming.resourceLinkId,
  };
}

/** The people whom the log shows opening the list of everybody's submissions, the most frequent first. */
function findStaff(events: LogEvent[]): number[] {
  const listings = new Map<number, number>();
  let lastSeen = 0;
  for (const event of events) {
    if (event.action === 'submissions-listed') listings.set(lastSeen, (listings.get(lastSeen) ?? 0) + 1);
    else if (event.personId) lastSeen = event.personId;
  }
  return [...listings]
    .filter(([, count]) => count >= STAFF_LISTINGS)
    .sort((a, b) => b[1] - a[1])
    .map(([id]) => id);
}

function enrol(
  records: Map<number, CourseEvent[]>,
  staffIds: number[],
  naming: CourseNaming,
  studentCount: number | undefined,
): Map<number, Enrolment> {
  const enrolments = new Map<number, Enrolment>();
  naming.staff.forEach(([givenName, familyName], index) => {
    const id = staffIds[index] ?? 10 + naming.resourceLinkId * 10 + index;
    const role = index === 0 ? 'editingteacher' : 'teacher';
    enrolments.set(id, { person: named(id, givenName, familyName), role, events: records.get(id) ?? [] });
  });
  enrolments.set(naming.colleague.id, { person: naming.colleague, role: 'editingteacher', events: [] });
  const students = [...records.keys()].filter((id) => !staffIds.includes(id)).sort((a, b) => a - b);
  const wanted = studentCount ?? students.length;
  for (let index = 0; index < wanted; index += 1) {
    const original = students[index % students.length] ?? 0;
    const id = original + Math.floor(index / students.length) * 100_000;
    enrolments.set(id, { person: inventPerson(id), role: 'student', events: records.get(original) ?? [] });
  }
  return enrolments;
}

function describeModules(
  modules: LogModule[],
  records: Map<number, CourseEvent[]>,
  appearsAt: Map<number, number>,
  startsAt: number,
): CourseModule[] {
  const eventsByModule = groupByModule(records);
  const instances = new Map<string, number>();
  const described = modules.map((module): CourseModule => {
    const own = eventsByModule.get(module.id) ?? [];
    const modname = module.type === 'turnitintooltwo' ? 'assign' : module.type;
    instances.set(modname, (instances.get(modname) ?? 0) + 1);
    const appears = appearsAt.get(module.id) ?? startsAt;
    const isTracked = own.some((event) => event.action === 'completion-updated');
    return {
      id: module.id,
      instance: instances.get(modname) ?? 1,
      modname,
      name: module.name.replace(/ is \d+\/\d+\/\d*\.*$/, ''),
      tracking: !isTracked ? 0 : modname === 'resource' ? 2 : 1,
      section: modname === 'forum' || modname === 'label' ? 0 : Math.floor((appears - startsAt) / WEEK_SECONDS) + 1,
      appearsAt: appears,
      goesAt: NEVER,
      opensAt: modname === 'assign' ? appears : 0,
      dueAt: modname === 'assign' ? findDueTime(own, records.size) : 0,
      needsSubmitButton: own.some((event) => event.action === 'submission-submitted'),
    };
  });
  for (const module of described) {
    const successor = described.find(
      (other) =>
        other.id > module.id + 100 &&
        other.modname === 'resource' &&
        module.modname === 'resource' &&
        other.name === module.name,
    );
    if (successor) module.goesAt = successor.appearsAt;
  }
  return described;
}

interface ModuleEvent {
  at: number;
  action: string;
  personId: number;
}

function groupByModule(records: Map<number, CourseEvent[]>): Map<number, ModuleEvent[]> {
  const grouped = new Map<number, ModuleEvent[]>();
  for (const [personId, own] of records) {
    for (const { at, action, moduleId } of own) {
      const events = grouped.get(moduleId);
      if (events) events.push({ at, action, personId });
      else grouped.set(moduleId, [{ at, action, personId }]);
    }
  }
  return grouped;
}

const HANDED_IN = new Set(['submission-added', 'submission-created', 'submission-submitted']);

/** The end of the day on which most people handed in for the first time, or 0 where few did. */
function findDueTime(events: ModuleEvent[], peopleCount: number): number {
  const firstByPerson = new Map<number, number>();
  for (const event of events) {
    if (!HANDED_IN.has(event.action)) continue;
    firstByPerson.set(event.personId, Math.min(event.at, firstByPerson.get(event.personId) ?? NEVER));
  }
  if (firstByPerson.size < peopleCount * DUE_DATE_SHARE) return 0;
  const days = new Map<string, number>();
  for (const at of firstByPerson.values()) {
    const day = londonDay.format(at * 1000);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  const [busiest] = [...days].sort((a, b) => b[1] - a[1])[0] ?? [''];
  return createWallClock()(Date.parse(`${busiest}T23:59:00Z`));
}

const londonDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });
