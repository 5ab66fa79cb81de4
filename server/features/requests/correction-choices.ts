import type { CorrectionChoices } from '../../contracts/answers.ts';
import { ChallengeModel, type StoredChallenge } from '../../database/models/challenge.ts';
import { CourseModel } from '../../database/models/course.ts';
import { StudentRecordModel, type StudentRecord } from '../../database/models/student-record.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import type { Correction } from '../../domain/facts.ts';
import { InvalidInput, NotFound } from '../../errors.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { requireStaff } from '../../staff/require-staff.ts';

/** What staff can put right for the student of a challenge. Throws NotFound for another course's. */
export async function readCorrectionChoices(deps: Deps, actor: Actor, id: string): Promise<CorrectionChoices> {
  const staff = await requireStaff(deps, actor);
  const { courseId } = staff;
  const challenge = await ChallengeModel.findOne({ _id: id, courseId }, { personId: 1 }).lean<StoredChallenge>();
  if (!challenge) throw new NotFound();
  const personId = challenge.personId.toHexString();
  await auditDeed(deps, staff, 'viewed-student', personId);
  return findChoices(courseId, personId);
}

async function findChoices(courseId: string, personId: string): Promise<CorrectionChoices> {
  const [course, record] = await Promise.all([
    CourseModel.findById(courseId, { assessments: 1, items: 1 }).lean(),
    StudentRecordModel.findOne({ courseId, personId }, { sessions: 1 }).lean<StudentRecord>(),
  ]);
  const sessions = record?.sessions ?? [];
  return {
    assessments: (course?.assessments ?? []).map(({ id, title }) => ({ id, title })),
    items: (course?.items ?? []).filter(({ isTracked }) => isTracked).map(({ id, title }) => ({ id, title })),
    sessions: sessions
      .filter(({ wasAttended }) => !wasAttended)
      .map(({ sessionId, at }) => ({ id: sessionId, at }))
      .sort((one, other) => other.at - one.at),
  };
}

/**
 * Holds a correction of staff's own against the course and the clock: what it names must exist, and nothing has happened in
 * the future. Throws InvalidInput by field.
 */
export async function checkCorrection(
  { now }: Deps,
  { courseId, personId }: { courseId: string; personId: string },
  correction: Correction,
): Promise<void> {
  const choices = await findChoices(courseId, personId);
  const refuse = (field: string, message: string) => {
    throw new InvalidInput({ [`correction.${field}`]: message });
  };
  const notYet = 'This day is still to come.';
  const knows = (list: readonly { id: string }[], id: string) => list.some((each) => each.id === id);
  switch (correction.about) {
    case 'active-day':
      // A day has begun somewhere while it is still yesterday in UTC: the zone of the course is at most a day away.
      if (Date.parse(`${correction.day}T00:00:00Z`) > now().getTime()) refuse('day', notYet);
      return;
    case 'submission':
      if (!knows(choices.assessments, correction.assessmentId))
        refuse('assessmentId', 'Choose one of the assessments.');
      if (correction.submittedAt > now().getTime()) refuse('submittedAt', notYet);
      return;
    case 'excused':
      if (!knows(choices.assessments, correction.assessmentId))
        refuse('assessmentId', 'Choose one of the assessments.');
      return;
    case 'completion':
      if (!knows(choices.items, correction.itemId)) refuse('itemId', 'Choose one of the activities.');
      if (correction.completedAt > now().getTime()) refuse('completedAt', notYet);
      return;
    case 'attendance':
      if (!knows(choices.sessions, correction.sessionId)) refuse('sessionId', 'Choose one of the sessions.');
  }
}
