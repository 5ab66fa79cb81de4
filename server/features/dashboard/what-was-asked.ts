import type { DashboardReply } from '../../contracts/dashboard.ts';
import { ChallengeModel, type StoredChallenge } from '../../database/models/challenge.ts';
import { SupportRequestModel, type StoredSupportRequest } from '../../database/models/support-request.ts';
import type { Deps } from '../../deps.ts';
import type { CourseActor } from '../../domain/access.ts';
import { presentChallenge, presentRequest } from '../../student-view/own-words.ts';
import { namesOf } from '../../student-view/people.ts';

const dayMs = 86_400_000;
/** An answer stands on the week's page for so long, and a conversation until the day after it. */
const answerShownDays = 14;
/** Nobody has more than a few on their way; what is older is on its own page. */
const looked = 10;

/** What the student asked for or said is not right, and is on its way or was answered lately; the newest first. */
export async function findAsked({ courseId, personId }: CourseActor, deps: Deps): Promise<DashboardReply['asked']> {
  const mine = { courseId, personId };
  const [allRequests, allChallenges] = await Promise.all([
    SupportRequestModel.find(mine).sort({ askedAt: -1 }).limit(looked).lean<StoredSupportRequest[]>(),
    ChallengeModel.find(mine).sort({ raisedAt: -1 }).limit(looked).lean<StoredChallenge[]>(),
  ]);
  const now = deps.now().getTime();
  const requests = allRequests.filter((request) => concernsNow(request, now));
  const challenges = allChallenges.filter(
    ({ state, answeredAt }) => state === 'raised' || state === 'looking' || isLately(answeredAt, now),
  );
  if (requests.length + challenges.length === 0) return { requests: [], challenges: [] };
  const nameOf = await namesOf(courseId, [
    ...requests.flatMap(({ withPersonId, answeredById }) => [withPersonId, answeredById]),
    ...challenges.map(({ answeredById }) => answeredById),
  ]);
  return {
    requests: requests.map((request) => presentRequest(request, nameOf, deps.vault)),
    challenges: challenges.map((challenge) => presentChallenge(challenge, nameOf, deps.vault)),
  };
}

function concernsNow({ state, meetingAt, answeredAt, sealedReply }: StoredSupportRequest, now: number): boolean {
  switch (state) {
    case 'asked':
      return true;
    case 'seen':
      return sealedReply ? isLately(answeredAt, now) : true;
    case 'arranged':
      return !meetingAt || meetingAt.getTime() > now - dayMs;
    case 'done':
      return Boolean(sealedReply) && isLately(answeredAt, now);
    case 'withdrawn':
      return false;
  }
}

function isLately(at: Date | null | undefined, now: number): boolean {
  return at !== null && at !== undefined && now - at.getTime() <= answerShownDays * dayMs;
}
