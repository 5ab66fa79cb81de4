import type {
  Challenge,
  ChallengeRequest,
  RightsReply,
  Route,
  SupportAsk,
  SupportReply,
  SupportRequest,
} from '../../contracts/rights.ts';
import type { Id } from '../../database/connect.ts';
import { loadCourseFacts } from '../../database/facts.ts';
import { EnrolmentModel, type Enrolment } from '../../database/models/enrolment.ts';
import { loadRuleset } from '../../database/models/ruleset.ts';
import { SnapshotModel, type Snapshot } from '../../database/models/snapshot.ts';
import type { Deps } from '../../deps.ts';
import type { Actor, CourseActor } from '../../domain/access.ts';
import { NotAllowed, NotFound } from '../../errors.ts';
import { fillPack } from '../../policy/fill-pack.ts';
import type { PolicyPack } from '../../policy/schema.ts';
import { presentChallenge, presentRequest } from '../../student-view/own-words.ts';
import { listStaff, namesOf } from '../../student-view/people.ts';
import { addChallenge, findChallenges, nameSubject, withdrawChallenge } from './challenges.ts';
import { findLooks, presentLook } from './looks.ts';
import { ownerOf } from './owner.ts';
import { servicesThatFit } from './services-that-fit.ts';
import { addRequest, findRequests, withdrawRequest } from './support-requests.ts';

/** What the student may know, choose and object to. Throws NotAllowed for everybody but a student, as all below do. */
export async function readRights(actor: Actor, deps: Deps): Promise<RightsReply> {
  const student = ownerOf(actor);
  const [enrolment, looks, challenges, staff] = await Promise.all([
    findEnrolment(student),
    findLooks(student),
    findChallenges(student),
    listStaff(student.courseId),
  ]);
  const nameOf = await namesOf(student.courseId, [
    ...looks.map(({ actorId }) => actorId),
    ...challenges.map(({ answeredById }) => answeredById),
  ]);
  const { expectations, optOut, principles, routes, retention, sources } = fillPack(deps.pack);
  return {
    optOut: {
      isAllowed: optOut.isAllowed,
      effect: optOut.effect,
      ...(enrolment.optedOutAt && { since: enrolment.optedOutAt.getTime() }),
    },
    looks: looks.map((look) => presentLook(look, nameOf, deps.pack)),
    challenges: challenges.map((challenge) => presentChallenge(challenge, nameOf, deps.vault)),
    expectations: { ...expectations, points: [...expectations.points], staff },
    principles: [...principles],
    complaints: routes.complaints.map(presentRoute),
    questions: presentRoute(routes.questions),
    keptDays: { course: retention.courseDays, audit: retention.auditDays },
    sources: sources.map(({ title, url }) => ({ title, ...(url && { url }) })),
  };
}

/** Chooses whether analytics may lead staff to make contact. Throws NotAllowed where the institution offers no choice. */
export async function chooseContact(
  actor: Actor,
  { isOptedOut }: { isOptedOut: boolean },
  deps: Deps,
): Promise<RightsReply['optOut']> {
  const { courseId, personId } = ownerOf(actor);
  const { isAllowed, effect } = fillPack(deps.pack).optOut;
  if (isOptedOut && !isAllowed) throw new NotAllowed('Your institution does not offer this choice.');
  const mine = { courseId, personId, role: 'student' as const };
  if (isOptedOut) await EnrolmentModel.updateOne({ ...mine, optedOutAt: null }, { $set: { optedOutAt: deps.now() } });
  else await EnrolmentModel.updateOne(mine, { $set: { optedOutAt: null } });
  const { optedOutAt } = await findEnrolment({ courseId, personId });
  return { isAllowed, effect, ...(optedOutAt && { since: optedOutAt.getTime() }) };
}

/** Whom the student can ask, how, what became of earlier requests, and which services there are. */
export async function readSupport(actor: Actor, deps: Deps): Promise<SupportReply> {
  const student = ownerOf(actor);
  const { courseId, personId } = student;
  const [staff, requests, snapshot, ruleset] = await Promise.all([
    listStaff(courseId),
    findRequests(student),
    SnapshotModel.findOne({ courseId, personId }).lean<Snapshot>(),
    loadRuleset(courseId, { version: 1, rules: deps.pack.rules }),
  ]);
  const nameOf = await namesOf(
    courseId,
    requests.flatMap(({ withPersonId, answeredById }) => [withPersonId, answeredById]),
  );
  return {
    staff,
    channels: channelsOf(deps.pack),
    requests: requests.map((request) => presentRequest(request, nameOf, deps.vault)),
    services: servicesThatFit(snapshot, ruleset, deps.pack),
    route: presentRoute(fillPack(deps.pack).routes.support),
  };
}

/** Asks for a conversation; it stands in the tutors' list as begun by the student. */
export async function askForSupport(actor: Actor, request: SupportAsk, deps: Deps): Promise<SupportRequest> {
  const student = ownerOf(actor);
  const staff = await listStaff(student.courseId);
  const offered = { staffIds: staff.map(({ id }) => id), channels: channelsOf(deps.pack).map(({ id }) => id) };
  const stored = await addRequest(student, request, offered, deps);
  return presentRequest(stored, await namesOf(student.courseId, [stored.withPersonId]), deps.vault);
}

export async function takeBackRequest(actor: Actor, id: Id, rev: number, deps: Deps): Promise<SupportRequest> {
  const student = ownerOf(actor);
  const nameOf = await namesOf(
    student.courseId,
    (await findRequests(student)).flatMap(({ withPersonId, answeredById }) => [withPersonId, answeredById]),
  );
  return withdrawRequest(student, id, rev, nameOf, deps);
}

/** Says that something held about the student is wrong; staff of the course answer. */
export async function raiseChallenge(actor: Actor, request: ChallengeRequest, deps: Deps): Promise<Challenge> {
  const student = ownerOf(actor);
  const course = await loadCourseFacts(student.courseId);
  const label = nameSubject(request, course);
  const stored = await addChallenge(student, request, { label, course }, deps);
  return presentChallenge(stored, await namesOf(student.courseId, []), deps.vault);
}

export async function takeBackChallenge(actor: Actor, id: Id, rev: number, deps: Deps): Promise<Challenge> {
  const student = ownerOf(actor);
  const nameOf = await namesOf(
    student.courseId,
    (await findChallenges(student)).map(({ answeredById }) => answeredById),
  );
  return withdrawChallenge(student, id, rev, nameOf, deps);
}

async function findEnrolment({ courseId, personId }: Pick<CourseActor, 'courseId' | 'personId'>): Promise<Enrolment> {
  const enrolment = await EnrolmentModel.findOne({ courseId, personId, role: 'student' }).lean<Enrolment>();
  if (!enrolment) throw new NotFound();
  return enrolment;
}

function channelsOf(pack: PolicyPack): { id: string; label: string }[] {
  return fillPack(pack)
    .channels.filter(({ isAttempt }) => isAttempt)
    .map(({ id, label }) => ({ id, label }));
}

function presentRoute({ name, description, url, phone }: PolicyPack['routes']['support']): Route {
  return { name, description, ...(url && { url }), ...(phone && { phone }) };
}
