import type { CourseFacts, SourceHealth, SourceTopic, StudentFacts } from '../domain/facts.ts';
import { NotFound } from '../errors.ts';
import { CourseModel } from './models/course.ts';
import { EnrolmentModel, type Enrolment } from './models/enrolment.ts';
import { FreshnessModel, type Freshness } from './models/freshness.ts';
import { RollUpModel, type StoredRollUp } from './models/roll-up.ts';
import { StudentRecordModel, type StudentRecord } from './models/student-record.ts';

/** What is known of a course, as indicators are computed from it. Throws NotFound. */
export async function loadCourseFacts(courseId: string): Promise<CourseFacts> {
  const [course, freshness] = await Promise.all([
    CourseModel.findById(courseId, { calendar: 1, assessments: 1, items: 1, recordings: 1, pauses: 1 }).lean(),
    FreshnessModel.find({ courseId }).lean<Freshness[]>(),
  ]);
  if (!course) throw new NotFound();
  const { calendar, assessments, items, recordings, pauses } = course;
  return { calendar, assessments, items, recordings, pauses, sources: toHealth(freshness) };
}

/**
 * What is known of the students of a course, or of one or some of them, those who left included. Whoever is not a student
 * of this course is absent.
 */
export async function loadStudentFacts(courseId: string, who?: string | readonly string[]): Promise<StudentFacts[]> {
  const which = {
    courseId,
    ...(who !== undefined && { personId: typeof who === 'string' ? who : { $in: [...who] } }),
  };
  const [enrolments, rollUps, records] = await Promise.all([
    EnrolmentModel.find({ ...which, role: 'student' }, { personId: 1, joinedAt: 1, leftAt: 1 }).lean<Enrolment[]>(),
    RollUpModel.find(which, { _id: 0, courseId: 0, rev: 0, seen: 0 }).batchSize(pageSize).lean<StoredRollUp[]>(),
    StudentRecordModel.find(which).batchSize(pageSize).lean<StudentRecord[]>(),
  ]);
  const rollUpsOf = new Map<string, StoredRollUp[]>();
  for (const rollUp of rollUps) {
    const id = String(rollUp.personId);
    const own = rollUpsOf.get(id);
    if (own) own.push(rollUp);
    else rollUpsOf.set(id, [rollUp]);
  }
  const recordOf = new Map(records.map((record) => [String(record.personId), record]));
  return enrolments.map((enrolment) => {
    const id = String(enrolment.personId);
    return toStudentFacts(enrolment, rollUpsOf.get(id) ?? [], recordOf.get(id));
  });
}

function toStudentFacts(
  { personId, joinedAt, leftAt }: Enrolment,
  rollUps: readonly StoredRollUp[],
  record: StudentRecord | undefined,
): StudentFacts {
  return {
    personId: String(personId),
    ...(joinedAt && { joinedAt: joinedAt.getTime() }),
    ...(leftAt && { leftAt: leftAt.getTime() }),
    // Sorted here: a sorted cursor over a whole course would have to be kept by the server between its pages.
    // Which events were counted matters to writers only; no reader of facts carries it about.
    rollUps: rollUps
      .map(({ week, days, objects }) => ({ week, days, objects, seen: [] }))
      .sort((a, b) => (a.week < b.week ? -1 : 1)),
    ...(record?.submissions && { submissions: record.submissions }),
    ...(record?.completions && { completions: record.completions }),
    ...(record?.notAsked?.length && { notAsked: record.notAsked }),
    ...(record?.sessions && { sessions: record.sessions }),
    ...(record?.watched && { watched: record.watched }),
    ...(record?.lastAccessAt !== undefined && { lastAccessAt: record.lastAccessAt }),
    ...(record?.notFoundIn?.length && { notFoundIn: record.notFoundIn }),
    pauses: record?.pauses.map(({ from, to, kind }) => ({ from, to, kind })) ?? [],
    corrections: record?.corrections ?? [],
  };
}

/** A driver's page is as large as a message may be, and in memory beside what is made of it. */
const pageSize = 500;

const feeds = new Set(['xapi', 'caliper']);

/**
 * One health for each source, and one more for each topic of it that fares differently. Where an event feed tells of
 * presence it takes precedence over Moodle's last access: a figure rests on one of the two, never on a mixture.
 */
function toHealth(freshness: readonly Freshness[]): SourceHealth[] {
  const hasFeed = freshness.some(
    ({ source, speaksOf, okAt }) => feeds.has(source) && okAt !== undefined && speaksOf.includes('presence'),
  );
  return freshness.flatMap((entry) => {
    const topics = entry.speaksOf.filter((topic) => !(hasFeed && entry.source === 'moodle' && topic === 'presence'));
    const apart = topics.filter((topic) => entry.topics?.[topic]);
    const together = topics.filter((topic) => !entry.topics?.[topic]);
    const base = {
      source: entry.source,
      gaps: entry.gaps,
      ...(entry.firstOkAt && { readSince: entry.firstOkAt.getTime() }),
    };
    const whole: SourceHealth = {
      ...base,
      speaksOf: together,
      ...(entry.okAt && { okAt: entry.okAt.getTime() }),
      ...(entry.failedBecause && { failedBecause: entry.failedBecause }),
    };
    return [whole, ...apart.map((topic) => apartHealth(base, topic, entry))];
  });
}

function apartHealth(
  base: Pick<SourceHealth, 'source' | 'gaps' | 'readSince'>,
  topic: SourceTopic,
  { topics, failedBecause }: Freshness,
): SourceHealth {
  const own = topics[topic]!;
  const because = own.failedBecause ?? failedBecause;
  return {
    ...base,
    speaksOf: [topic],
    ...(own.okAt !== undefined && { okAt: own.okAt }),
    ...(because && { failedBecause: because }),
    ...(own.withheld && { withheld: own.withheld }),
  };
}
