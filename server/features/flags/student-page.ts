import type { StudentPage } from '../../contracts/student-page.ts';
import { findActionsOf } from '../../database/models/action.ts';
import { findAlertsOf } from '../../database/models/alert.ts';
import { ChallengeModel, type StoredChallenge } from '../../database/models/challenge.ts';
import { CourseModel } from '../../database/models/course.ts';
import { findDiscussionsOf } from '../../database/models/discussion.ts';
import { EnrolmentModel, type Enrolment } from '../../database/models/enrolment.ts';
import { FlagModel, type StoredFlag } from '../../database/models/flag.ts';
import { listSharedReflections } from '../../database/models/reflection.ts';
import { SupportRequestModel, type StoredSupportRequest } from '../../database/models/support-request.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { findSustainedSilence, threadContacts } from '../../domain/contact-threads.ts';
import { NotFound } from '../../errors.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { findNames } from '../../staff/colleagues.ts';
import { presentActions } from '../../staff/present-action.ts';
import { presentAlerts } from '../../staff/present-alert.ts';
import { presentChallenges, presentRequests } from '../../staff/present-answers.ts';
import { presentDiscussions } from '../../staff/present-discussion.ts';
import { requireStaff } from '../../staff/require-staff.ts';
import { loadStudentMaterial, presentStudentView } from '../../student-view/student-view.ts';
import { presentPauses } from './pauses.ts';
import { presentFlag } from './present-flag.ts';

/**
 * Everything that staff of the course see of one student. Whoever has opted out of contact based on analytics is shown
 * without figures and flags: what remains is what they asked for and what was agreed with them. Throws NotFound for anybody
 * who is not a student of the actor's course.
 */
export async function readStudentPage(deps: Deps, actor: Actor, personId: string): Promise<StudentPage> {
  const staff = await requireStaff(deps, actor);
  const { courseId } = staff;
  const key = { courseId, personId };
  const enrolment = await EnrolmentModel.findOne({ ...key, role: 'student' }).lean<Enrolment>();
  if (!enrolment) throw new NotFound();
  await auditDeed(deps, staff, 'viewed-student', personId);

  const hasOptedOut = Boolean(enrolment.optedOutAt);
  const [material, flags, actions, discussions, alerts, requests, challenges, pauses, reflections, course] =
    await Promise.all([
      hasOptedOut ? undefined : loadStudentMaterial(key, deps),
      hasOptedOut ? [] : FlagModel.find(key).sort({ openedAt: -1 }).lean<StoredFlag[]>(),
      findActionsOf(courseId, personId),
      findDiscussionsOf(courseId, personId),
      findAlertsOf(courseId, personId),
      SupportRequestModel.find(key).sort({ askedAt: -1 }).lean<StoredSupportRequest[]>(),
      ChallengeModel.find(key).sort({ raisedAt: -1 }).lean<StoredChallenge[]>(),
      presentPauses(courseId, personId),
      listSharedReflections(key, deps.vault),
      CourseModel.findById(courseId, { assessments: 1, 'calendar.timeZone': 1 }).lean(),
    ]);
  const nameOf = await findNames(
    courseId,
    flags.flatMap(({ history }) => history.flatMap(({ by }) => (by === 'data' ? [] : [by]))),
  );
  return {
    now: deps.now().getTime(),
    me: staff.personId,
    personId,
    name: enrolment.name,
    groups: enrolment.groups.map(({ name }) => name),
    ...(enrolment.optedOutAt && { optedOutAt: enrolment.optedOutAt.getTime() }),
    hasLeft: !enrolment.isActive,
    ...(material && { view: presentStudentView(material, deps) }),
    flags: flags.map((flag) => presentFlag(flag, nameOf, deps.pack)),
    actions: await presentActions(courseId, actions, deps.vault),
    discussions: await presentDiscussions(courseId, discussions, deps.vault),
    alerts: await presentAlerts(courseId, alerts, deps.vault, deps.pack.schools),
    requests: await presentRequests(courseId, requests, { vault: deps.vault, me: staff.personId }),
    challenges: await presentChallenges(courseId, challenges, { vault: deps.vault, course }),
    ...pauses,
    reflections: reflections.map(({ sharedAt, ...rest }) => ({ ...rest, sharedAt: sharedAt.getTime() })),
    ...presentSilence(deps, actions),
    mustDiscussFirst: deps.pack.requiresColleagueDiscussion,
  };
}

function presentSilence(
  { pack, now }: Deps,
  actions: Awaited<ReturnType<typeof findActionsOf>>,
): Pick<StudentPage, 'thread' | 'sustainedSilence'> {
  const threads = threadContacts(actions.map(({ at, ...rest }) => ({ ...rest, at: at.getTime() })));
  const last = threads.at(-1);
  if (!last || last.answeredAt !== undefined) return {};
  const { route, shownAfterDays, attempts, channels } = pack.routes.fitnessToStudy;
  const silence = findSustainedSilence(threads, { days: shownAfterDays, attempts, channels }, now().getTime());
  return {
    thread: {
      startedAt: last.startedAt,
      attempts: last.attempts.length,
      channels: [...new Set(last.attempts.map(({ channel }) => channel))],
    },
    ...(silence && {
      sustainedSilence: {
        since: silence.startedAt,
        title: route.name,
        text: route.description,
        ...(route.url && { url: route.url }),
      },
    }),
  };
}
