import type { Challenge, ChallengeRequest } from '../../contracts/rights.ts';
import { isId, newId, type Id } from '../../database/connect.ts';
import { ChallengeModel, challengeSeal, type StoredChallenge } from '../../database/models/challenge.ts';
import type { Deps } from '../../deps.ts';
import type { CourseActor } from '../../domain/access.ts';
import { dayNumberAt, dayNumber, startOfDay } from '../../domain/days.ts';
import type { Correction, CourseFacts } from '../../domain/facts.ts';
import { indicatorOf } from '../../domain/indicators/all.ts';
import { indicatorIds } from '../../domain/vocabulary.ts';
import { Conflict, InvalidInput, NotFound } from '../../errors.ts';
import { presentChallenge } from '../../student-view/own-words.ts';
import type { NameOf } from '../../student-view/people.ts';

const challengesShown = 50;
const openLimit = 10;
const openStates = ['raised', 'looking'] as const;
const hourMs = 3_600_000;

/** The student's own challenges, the newest first. */
export function findChallenges({ courseId, personId }: CourseActor): Promise<StoredChallenge[]> {
  return ChallengeModel.find({ courseId, personId })
    .sort({ raisedAt: -1 })
    .limit(challengesShown)
    .lean<StoredChallenge[]>();
}

/** Says that something held about the student is wrong; `label` is what the thing is called, for whoever reads it. */
export async function addChallenge(
  { courseId, personId }: CourseActor,
  request: ChallengeRequest,
  { label, course }: { label: string | undefined; course: Pick<CourseFacts, 'calendar' | 'assessments'> },
  deps: Deps,
): Promise<StoredChallenge> {
  const proposed = request.proposed && toCorrection(request.proposed, course, deps.now().getTime());
  const open = await ChallengeModel.countDocuments({ courseId, personId, state: { $in: openStates } });
  if (open >= openLimit) {
    throw new InvalidInput({ body: `You have ${open} of these open already. Staff will answer them first.` });
  }
  const id = newId();
  const now = deps.now();
  const stored = await ChallengeModel.create({
    _id: id,
    courseId,
    personId,
    topic: request.topic,
    subject: request.subject ?? null,
    label: label ?? null,
    sealedText: deps.vault.seal(request.text, challengeSeal(id, 'text')),
    proposed: proposed ?? null,
    state: 'raised',
    raisedAt: now,
    updatedAt: now,
    history: [{ state: 'raised', at: now, byId: personId }],
  });
  return stored.toObject<StoredChallenge>();
}

/** Takes a challenge back. Throws NotFound for anybody else's, Conflict when staff answered in the meantime. */
export async function withdrawChallenge(
  { courseId, personId }: CourseActor,
  id: Id,
  rev: number,
  nameOf: NameOf,
  deps: Deps,
): Promise<Challenge> {
  if (!isId(id)) throw new NotFound();
  const mine = { _id: id, courseId, personId };
  const now = deps.now();
  const withdrawn = await ChallengeModel.findOneAndUpdate(
    { ...mine, rev, state: { $in: openStates } },
    {
      $set: { state: 'withdrawn', updatedAt: now },
      $push: { history: { state: 'withdrawn', at: now, byId: personId } },
      $inc: { rev: 1 },
    },
    { returnDocument: 'after' },
  ).lean<StoredChallenge>();
  if (withdrawn) return presentChallenge(withdrawn, nameOf, deps.vault);
  const stored = await ChallengeModel.findOne(mine).lean<StoredChallenge>();
  if (!stored) throw new NotFound();
  throw new Conflict('There is an answer to this. Please read it first.', presentChallenge(stored, nameOf, deps.vault));
}

/** What an indicator or a piece of work is called; undefined for what has no name of its own. */
export function nameSubject(
  { topic, subject }: Pick<ChallengeRequest, 'topic' | 'subject'>,
  course: Pick<CourseFacts, 'assessments'>,
): string | undefined {
  if (subject === undefined) return undefined;
  if (topic === 'indicator') {
    const id = indicatorIds.find((known) => known === subject);
    if (!id) throw new InvalidInput({ subject: 'Please choose one from the list.' });
    return indicatorOf(id).label;
  }
  if (topic !== 'submission') return undefined;
  const assessment = course.assessments.find(({ id }) => id === subject);
  if (!assessment) throw new InvalidInput({ subject: 'Please choose one from the list.' });
  return assessment.title;
}

function toCorrection(
  proposed: NonNullable<ChallengeRequest['proposed']>,
  { calendar, assessments }: Pick<CourseFacts, 'calendar' | 'assessments'>,
  now: number,
): Correction {
  if (proposed.about !== 'active-day' && !assessments.some(({ id }) => id === proposed.assessmentId)) {
    throw new InvalidInput({ 'proposed.assessmentId': 'Please choose one from the list.' });
  }
  switch (proposed.about) {
    case 'active-day':
      checkDay(proposed.day, 'proposed.day');
      return proposed;
    case 'excused':
      return proposed;
    case 'submission': {
      checkDay(proposed.submittedOn, 'proposed.submittedOn');
      // A day is all that is said; noon is on that day in every reading.
      const submittedAt = Math.min(now, startOfDay(proposed.submittedOn, calendar.timeZone) + 12 * hourMs);
      return { about: 'submission', assessmentId: proposed.assessmentId, submittedAt };
    }
  }

  function checkDay(day: string, field: string): void {
    let number: number;
    try {
      number = dayNumber(day);
    } catch {
      throw new InvalidInput({ [field]: 'Please give a date.' });
    }
    if (number > dayNumberAt(now, calendar.timeZone)) throw new InvalidInput({ [field]: 'This day is still to come.' });
  }
}
