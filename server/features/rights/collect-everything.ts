import { ChallengeModel, type StoredChallenge } from '../../database/models/challenge.ts';
import { CourseModel } from '../../database/models/course.ts';
import { EnrolmentModel, type Enrolment } from '../../database/models/enrolment.ts';
import { GoalModel, type StoredGoal } from '../../database/models/goal.ts';
import { PersonModel } from '../../database/models/person.ts';
import { ReflectionModel, type StoredReflection } from '../../database/models/reflection.ts';
import { RollUpModel, type StoredRollUp } from '../../database/models/roll-up.ts';
import { findChoices } from '../../database/models/student-choices.ts';
import { StudentRecordModel, type StudentRecord } from '../../database/models/student-record.ts';
import { SupportRequestModel, type StoredSupportRequest } from '../../database/models/support-request.ts';
import type { Deps } from '../../deps.ts';
import type { CourseActor } from '../../domain/access.ts';
import type { CourseFacts } from '../../domain/facts.ts';
import { NotFound } from '../../errors.ts';
import { fillPack } from '../../policy/fill-pack.ts';
import { presentChallenge, presentEntry, presentGoal, presentRequest } from '../../student-view/own-words.ts';
import { namesOf } from '../../student-view/people.ts';
import { loadStudentMaterial, presentStudentView } from '../../student-view/student-view.ts';
import { findEveryLook, presentLook } from './looks.ts';
import { openStaffNotes } from './staff-notes.ts';

export type Everything = Awaited<ReturnType<typeof collectEverything>>;

/** All that is held about one student in one course, without the limits of the pages, staff's own words included. */
export async function collectEverything(actor: CourseActor, deps: Deps) {
  const { courseId, personId } = actor;
  const mine = { courseId, personId };
  const [course, person, enrolment, material, rollUps, record, goals, entries, requests, challenges, audits, choices] =
    await Promise.all([
      CourseModel.findById(courseId, { title: 1, label: 1 }).lean(),
      PersonModel.findById(personId).lean(),
      EnrolmentModel.findOne(mine).lean<Enrolment>(),
      loadStudentMaterial(actor, deps),
      RollUpModel.find(mine, { seen: 0 }).sort({ week: 1 }).lean<StoredRollUp[]>(),
      StudentRecordModel.findOne(mine).lean<StudentRecord>(),
      GoalModel.find(mine).sort({ week: 1 }).lean<StoredGoal[]>(),
      ReflectionModel.find(mine).sort({ createdAt: 1 }).lean<StoredReflection[]>(),
      SupportRequestModel.find(mine).sort({ askedAt: 1 }).lean<StoredSupportRequest[]>(),
      ChallengeModel.find(mine).sort({ raisedAt: 1 }).lean<StoredChallenge[]>(),
      findEveryLook(actor),
      findChoices(actor),
    ]);
  if (!course || !person || !enrolment) throw new NotFound();
  const nameOf = await namesOf(courseId, [
    ...requests.flatMap(({ withPersonId, answeredById }) => [withPersonId, answeredById]),
    ...challenges.map(({ answeredById }) => answeredById),
    ...audits.map(({ actorId }) => actorId),
  ]);
  const { routes } = fillPack(deps.pack);
  const {
    courseId: _course,
    personId: _person,
    _id,
    __v,
    ...recordFields
  }: Partial<StudentRecord & { __v: number }> = record ?? {};
  return {
    about: {
      madeAt: deps.now().toISOString(),
      covers: `Everything Waymark holds about you in “${course.title}”.`,
      times: 'Times are milliseconds since 1 January 1970 (UTC) unless they look like a date.',
      questions: `It includes what staff wrote about you in their own words. To have it explained or put right, ask: ${routes.questions.name}.`,
    },
    you: {
      name: person.name,
      givenName: person.givenName,
      familyName: person.familyName,
      email: person.email,
      username: person.username,
      studentNumber: person.sourcedId,
      idOnThePlatform: person.sub,
    },
    enrolment: {
      course: course.title,
      label: course.label,
      role: enrolment.role,
      shownAs: enrolment.name,
      groups: enrolment.groups.map(({ name }) => name),
      isActive: enrolment.isActive,
      joinedAt: enrolment.joinedAt,
      leftAt: enrolment.leftAt,
      optedOutAt: enrolment.optedOutAt ?? undefined,
    },
    /** What the ids below stand for in the course. */
    names: nameThings(material.at.course, rollUps, recordFields),
    activity: rollUps.map(({ week, days, objects }) => ({ week, days, objects })),
    record: recordFields,
    view: presentStudentView(material, deps),
    staffNotes: await openStaffNotes(courseId, material, deps),
    goals: goals.map((goal) => presentGoal(goal, deps.vault)),
    reflections: entries.map((entry) => presentEntry(entry, deps.vault)),
    supportRequests: requests.map((request) => presentRequest(request, nameOf, deps.vault)),
    challenges: challenges.map((challenge) => presentChallenge(challenge, nameOf, deps.vault)),
    choices: { showsMiddleRange: choices.showsMiddleRange, dismissedSuggestions: choices.dismissed },
    whoLooked: audits.map((row) => presentLook(row, nameOf, deps.pack)),
  };
}

/** Titles of the work, items and recordings that the student's record speaks of, by the ids it uses. */
function nameThings(
  { assessments, items, recordings }: CourseFacts,
  rollUps: readonly StoredRollUp[],
  { submissions = [], completions = [], watched = [] }: Partial<StudentRecord>,
): Record<string, string> {
  const titles = new Map(
    [...recordings, ...items, ...assessments].flatMap((thing) => [
      ...('url' in thing && thing.url !== undefined ? [[thing.url, thing.title] as const] : []),
      [thing.id, thing.title] as const,
    ]),
  );
  const spokenOf = new Set([
    ...rollUps.flatMap(({ objects }) => objects),
    ...submissions.map(({ assessmentId }) => assessmentId),
    ...completions.map(({ itemId }) => itemId),
    ...watched.map(({ recordingId }) => recordingId),
  ]);
  return Object.fromEntries([...titles].filter(([id]) => spokenOf.has(id)));
}
