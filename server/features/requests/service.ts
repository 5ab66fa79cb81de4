import type { Answers, AnswerRequestInput, ShownRequest } from '../../contracts/answers.ts';
import { ChallengeModel, type StoredChallenge } from '../../database/models/challenge.ts';
import { CourseModel } from '../../database/models/course.ts';
import { requestSeal, SupportRequestModel, type StoredSupportRequest } from '../../database/models/support-request.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { Conflict, InvalidInput, NotFound } from '../../errors.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { presentChallenges, presentRequests } from '../../staff/present-answers.ts';
import { requireStaff } from '../../staff/require-staff.ts';

const daysShown = 60;

/** What students of the course asked and said is wrong: all that waits, and what was settled lately. */
export async function readAnswers(deps: Deps, actor: Actor): Promise<Answers> {
  const { courseId, personId: me } = await requireStaff(deps, actor);
  await auditDeed(deps, actor, 'viewed-list');
  const since = new Date(deps.now().getTime() - daysShown * 86_400_000);
  const [requests, challenges, course] = await Promise.all([
    SupportRequestModel.find({
      courseId,
      $or: [{ state: { $in: ['asked', 'seen', 'arranged'] } }, { state: 'done', updatedAt: { $gte: since } }],
    })
      .sort({ askedAt: 1 })
      .lean<StoredSupportRequest[]>(),
    ChallengeModel.find({
      courseId,
      $or: [
        { state: { $in: ['raised', 'looking'] } },
        { state: { $in: ['accepted', 'declined'] }, updatedAt: { $gte: since } },
      ],
    })
      .sort({ raisedAt: 1 })
      .lean<StoredChallenge[]>(),
    CourseModel.findById(courseId, { assessments: 1, 'calendar.timeZone': 1 }).lean(),
  ]);
  return {
    now: deps.now().getTime(),
    me,
    requests: await presentRequests(courseId, requests, { vault: deps.vault, me }),
    challenges: await presentChallenges(courseId, challenges, { vault: deps.vault, course }),
    assessments: (course?.assessments ?? []).map(({ id, title }) => ({ id, title })),
  };
}

/** Answers a request for a conversation. Throws NotFound, Conflict with the request as it is now, InvalidInput. */
export async function answerRequest(
  deps: Deps,
  actor: Actor,
  id: string,
  { rev, to, reply, meetingAt }: AnswerRequestInput,
): Promise<ShownRequest> {
  const staff = await requireStaff(deps, actor);
  const { courseId } = staff;
  const stored = await SupportRequestModel.findOne({ _id: id, courseId }).lean<StoredSupportRequest>();
  if (!stored) throw new NotFound();
  const now = deps.now();
  if (to === 'arranged' && meetingAt === undefined) throw new InvalidInput({ meetingAt: 'Say when you will talk.' });
  if (to === 'arranged' && meetingAt !== undefined && meetingAt <= now.getTime()) {
    throw new InvalidInput({ meetingAt: 'A conversation needs a time that is still to come.' });
  }
  await auditDeed(deps, staff, 'answered-request', stored.personId.toHexString());
  const saved = await SupportRequestModel.findOneAndUpdate(
    { _id: id, courseId, rev, state: { $nin: ['withdrawn', 'done'] } },
    {
      $set: {
        state: to,
        answeredById: staff.personId,
        answeredAt: now,
        updatedAt: now,
        ...(reply && { sealedReply: deps.vault.seal(reply, requestSeal(id, 'reply')) }),
        ...(meetingAt !== undefined && { meetingAt: new Date(meetingAt) }),
      },
      $push: { history: { state: to, at: now, byId: staff.personId } },
      $inc: { rev: 1 },
    },
    { returnDocument: 'after' },
  ).lean<StoredSupportRequest>();
  const current = saved ?? (await SupportRequestModel.findOne({ _id: id, courseId }).lean<StoredSupportRequest>());
  const [shown] = await presentRequests(courseId, current ? [current] : [], { vault: deps.vault, me: staff.personId });
  if (!shown) throw new NotFound();
  if (!saved) {
    throw new Conflict(
      shown.state === 'withdrawn'
        ? 'The student has withdrawn this request meanwhile.'
        : 'This request changed while you were writing. Your text is still here.',
      shown,
    );
  }
  return shown;
}
