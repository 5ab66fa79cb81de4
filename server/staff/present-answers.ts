import type { ShownChallenge, ShownRequest } from '../contracts/answers.ts';
import { challengeSeal, type StoredChallenge } from '../database/models/challenge.ts';
import { requestSeal, type StoredSupportRequest } from '../database/models/support-request.ts';
import type { Vault } from '../database/vault.ts';
import { dayNumber, dayNumberAt, sayDay } from '../domain/days.ts';
import type { Assessment, Correction } from '../domain/facts.ts';
import { findNames } from './colleagues.ts';

/** Requests for a conversation as staff read them. `me` marks those that ask for this member of staff. */
export async function presentRequests(
  courseId: string,
  requests: readonly StoredSupportRequest[],
  { vault, me }: { vault: Vault; me: string },
): Promise<ShownRequest[]> {
  const nameOf = await findNames(
    courseId,
    requests.flatMap(({ personId, withPersonId, answeredById }) =>
      [personId, withPersonId, answeredById].flatMap((id) => (id ? [id.toHexString()] : [])),
    ),
  );
  return requests.map((request) => {
    const id = request._id.toHexString();
    const open = (sealed: string | null | undefined, field: 'when' | 'about' | 'reply') =>
      sealed ? vault.read(sealed, requestSeal(id, field)) : undefined;
    const when = open(request.sealedWhen, 'when');
    const about = open(request.sealedAbout, 'about');
    const reply = open(request.sealedReply, 'reply');
    return {
      id,
      rev: request.rev,
      personId: request.personId.toHexString(),
      studentName: nameOf(request.personId.toHexString()),
      state: request.state,
      askedAt: request.askedAt.getTime(),
      ...(request.withPersonId && { withWhom: nameOf(request.withPersonId.toHexString()) }),
      isForMe: request.withPersonId?.toHexString() === me,
      channel: request.channel,
      ...(request.topic && { topic: request.topic }),
      ...(when && { when }),
      ...(about && { about }),
      ...(reply && { reply }),
      ...(request.answeredById && { answeredBy: nameOf(request.answeredById.toHexString()) }),
      ...(request.answeredAt && { answeredAt: request.answeredAt.getTime() }),
      ...(request.meetingAt && { meetingAt: request.meetingAt.getTime() }),
    };
  });
}

/** What the words of a correction need of its course. */
type CourseOfAnswers = {
  readonly assessments: readonly Assessment[];
  readonly calendar: { readonly timeZone: string };
} | null;

/** Challenges as staff read them, with what the student says is so in words. */
export async function presentChallenges(
  courseId: string,
  challenges: readonly StoredChallenge[],
  { vault, course }: { vault: Vault; course: CourseOfAnswers },
): Promise<ShownChallenge[]> {
  const nameOf = await findNames(
    courseId,
    challenges.flatMap(({ personId, answeredById }) =>
      [personId, answeredById].flatMap((id) => (id ? [id.toHexString()] : [])),
    ),
  );
  return challenges.map((challenge) => {
    const id = challenge._id.toHexString();
    return {
      id,
      rev: challenge.rev,
      personId: challenge.personId.toHexString(),
      studentName: nameOf(challenge.personId.toHexString()),
      state: challenge.state,
      topic: challenge.topic,
      ...(challenge.label && { label: challenge.label }),
      text: vault.read(challenge.sealedText, challengeSeal(id, 'text')),
      ...(challenge.proposed && { proposed: sayCorrection(challenge.proposed, course) }),
      ...(challenge.settledWith && { settledWith: sayCorrection(challenge.settledWith, course) }),
      raisedAt: challenge.raisedAt.getTime(),
      ...(challenge.sealedAnswer && { answer: vault.read(challenge.sealedAnswer, challengeSeal(id, 'answer')) }),
      ...(challenge.answeredById && { answeredBy: nameOf(challenge.answeredById.toHexString()) }),
      ...(challenge.answeredAt && { answeredAt: challenge.answeredAt.getTime() }),
    };
  });
}

function sayCorrection(correction: Correction, course: CourseOfAnswers): string {
  const titleOf = (id: string) =>
    course?.assessments.find((assessment) => assessment.id === id)?.title ?? 'an assessment';
  const day = (at: number) => sayDay(dayNumberAt(at, course?.calendar.timeZone ?? 'Europe/London'));
  switch (correction.about) {
    case 'active-day':
      return `They studied on ${sayDay(dayNumber(correction.day))}.`;
    case 'submission':
      return `“${titleOf(correction.assessmentId)}” was handed in on ${day(correction.submittedAt)}.`;
    case 'excused':
      return `“${titleOf(correction.assessmentId)}” is not asked of them.`;
    case 'completion':
      return `An activity was completed on ${day(correction.completedAt)}.`;
    case 'attendance':
      return 'They were at a session that is recorded as missed.';
  }
}
