import { findActionMoments, type ActionMoment } from '../../database/models/action.ts';
import { CourseModel, type Course } from '../../database/models/course.ts';
import { CourseStateModel, type CourseState } from '../../database/models/course-state.ts';
import { findOpenDiscussions, type Discussion } from '../../database/models/discussion.ts';
import { EnrolmentModel, type Enrolment } from '../../database/models/enrolment.ts';
import { FlagModel, type StoredFlag } from '../../database/models/flag.ts';
import { FreshnessModel, type Freshness } from '../../database/models/freshness.ts';
import { SnapshotModel, type Snapshot } from '../../database/models/snapshot.ts';
import { SupportRequestModel, type StoredSupportRequest } from '../../database/models/support-request.ts';
import type { FlagState } from '../../domain/vocabulary.ts';

export type FlagOfList = Pick<StoredFlag, '_id' | 'personId' | 'kind' | 'state' | 'openedAt' | 'clearedAt' | 'rev'> & {
  evidence: Pick<StoredFlag['evidence'], 'reasons' | 'week'>;
  further: readonly Pick<StoredFlag['evidence'], 'reasons' | 'week'>[];
};
type RequestOfList = Pick<StoredSupportRequest, 'personId' | 'askedAt' | 'withPersonId'>;
type StudentOfList = Pick<Enrolment, 'personId' | 'name' | 'groups' | 'optedOutAt'>;

export interface ListFacts {
  readonly students: StudentOfList[];
  readonly flags: FlagOfList[];
  readonly requests: RequestOfList[];
  readonly moments: ActionMoment[];
  readonly discussions: Pick<Discussion, 'personId' | 'startedById' | 'invitedIds'>[];
  readonly freshness: Freshness[];
  readonly course: Pick<Course, 'assessments' | 'calendar'> | null;
  readonly works: Pick<Snapshot, 'personId' | 'work'>[];
  readonly state: Pick<CourseState, 'computedAt' | 'week' | 'notices'> | null;
}
/** What a line of the list needs of a flag; the evidence itself stays where it is. */
const listedFields = {
  personId: 1,
  kind: 1,
  state: 1,
  openedAt: 1,
  clearedAt: 1,
  rev: 1,
  'evidence.week': 1,
  'evidence.reasons.rule.indicator': 1,
  'evidence.reasons.rule.strength': 1,
  'evidence.reasons.measurement.value': 1,
  'further.week': 1,
  'further.reasons.rule.indicator': 1,
  'further.reasons.rule.strength': 1,
  'further.reasons.measurement.value': 1,
} as const;

/**
 * Reads everything that the list of a course is made of, each by one index range; with `personIds` only what is about these
 * people.
 */
export async function readListFacts(
  courseId: string,
  states: readonly FlagState[],
  personIds?: readonly string[],
): Promise<ListFacts> {
  const about = personIds ? { personId: { $in: [...personIds] } } : {};
  const [students, flags, requests, moments, discussions, freshness, course, state] = await Promise.all([
    EnrolmentModel.find(
      { courseId, ...about, role: 'student', isActive: true },
      { _id: 0, personId: 1, name: 1, groups: 1, optedOutAt: 1 },
    ).lean<StudentOfList[]>(),
    FlagModel.find({ courseId, ...about, state: { $in: states } }, listedFields).lean<FlagOfList[]>(),
    SupportRequestModel.find(
      { courseId, ...about, state: { $in: ['asked', 'seen'] } },
      { _id: 0, personId: 1, askedAt: 1, withPersonId: 1 },
    ).lean<RequestOfList[]>(),
    findActionMoments(courseId, about),
    findOpenDiscussions(courseId, about),
    FreshnessModel.find({ courseId }).lean<Freshness[]>(),
    CourseModel.findById(courseId, { _id: 0, assessments: 1, 'calendar.timeZone': 1 }).lean<Course>(),
    CourseStateModel.findOne({ courseId }, { _id: 0, computedAt: 1, week: 1, notices: 1 }).lean<CourseState>(),
  ]);
  // A snapshot is large, and most of a class is not on the list: only the work of those who are is read.
  const listed = new Map([...flags, ...requests].map(({ personId }) => [personId.toHexString(), personId]));
  const works = await SnapshotModel.find(
    { courseId, personId: { $in: [...listed.values()] } },
    { _id: 0, personId: 1, work: 1 },
  ).lean<ListFacts['works']>();
  return { students, flags, requests, moments, discussions, freshness, course, works, state };
}
