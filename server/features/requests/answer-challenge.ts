import type { AnswerChallengeInput, ShownChallenge } from '../../contracts/answers.ts';
import { challengeSeal, ChallengeModel, type StoredChallenge } from '../../database/models/challenge.ts';
import { CourseModel } from '../../database/models/course.ts';
import { StudentRecordModel } from '../../database/models/student-record.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import type { Correction } from '../../domain/facts.ts';
import { Conflict, InvalidInput, NotFound } from '../../errors.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { presentChallenges } from '../../staff/present-answers.ts';
import { recomputeSoon } from '../../staff/recompute-soon.ts';
import { requireStaff } from '../../staff/require-staff.ts';
import { checkCorrection } from './correction-choices.ts';

/**
 * Answers a challenge. An accepted correction goes into the student's record and counts from the next computation on, which
 * begins at once. Throws NotFound, Conflict with the challenge as it is now, InvalidInput.
 */
export async function answerChallenge(
  deps: Deps,
  actor: Actor,
  id: string,
  input: AnswerChallengeInput,
): Promise<ShownChallenge> {
  const staff = await requireStaff(deps, actor);
  const { courseId } = staff;
  const stored = await ChallengeModel.findOne({ _id: id, courseId }).lean<StoredChallenge>();
  if (!stored) throw new NotFound();
  const correction = chooseCorrection(stored, input);
  const personId = stored.personId.toHexString();
  if (correction && correction !== stored.proposed) await checkCorrection(deps, { courseId, personId }, correction);
  await auditDeed(deps, staff, 'answered-challenge', personId);
  const now = deps.now();
  const saved = await ChallengeModel.findOneAndUpdate(
    { _id: id, courseId, rev: input.rev, state: { $in: ['raised', 'looking'] } },
    {
      $set: {
        state: input.to,
        ...(correction && { settledWith: correction }),
        sealedAnswer: deps.vault.seal(input.answer, challengeSeal(id, 'answer')),
        answeredById: staff.personId,
        answeredAt: now,
        updatedAt: now,
      },
      $push: { history: { state: input.to, at: now, byId: staff.personId } },
      $inc: { rev: 1 },
    },
    { returnDocument: 'after' },
  ).lean<StoredChallenge>();
  if (saved && correction) {
    await StudentRecordModel.updateOne(
      { courseId, personId },
      { $push: { corrections: { ...correction, challengeId: id } }, $setOnInsert: { pauses: [] } },
      { upsert: true },
    );
    await recomputeSoon(deps, courseId);
  }
  const [current, course] = await Promise.all([
    ChallengeModel.findOne({ _id: id, courseId }).lean<StoredChallenge>(),
    CourseModel.findById(courseId, { assessments: 1, 'calendar.timeZone': 1 }).lean(),
  ]);
  const [shown] = await presentChallenges(courseId, current ? [current] : [], { vault: deps.vault, course });
  if (!shown) throw new NotFound();
  if (!saved)
    throw new Conflict('This was answered or withdrawn while you were writing. Your text is still here.', shown);
  return shown;
}

function chooseCorrection(stored: StoredChallenge, { to, correction }: AnswerChallengeInput): Correction | undefined {
  if (correction === undefined) return undefined;
  if (to !== 'accepted') throw new InvalidInput({ correction: 'A correction belongs to a challenge that you accept.' });
  if (correction.about !== 'proposed') return correction;
  if (!stored.proposed) throw new InvalidInput({ correction: 'The student proposed nothing that can be taken over.' });
  return stored.proposed;
}
