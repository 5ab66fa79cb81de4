import type { CheckedDraft, Draft } from '../../contracts/drafts.ts';
import { CourseModel } from '../../database/models/course.ts';
import { EnrolmentModel, type Enrolment } from '../../database/models/enrolment.ts';
import { PersonModel } from '../../database/models/person.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { checkDraft } from '../../domain/draft-check.ts';
import { fillWords } from '../../domain/fill-words.ts';
import { NotFound } from '../../errors.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { findNames } from '../../staff/colleagues.ts';
import { findRunningFlags } from '../../staff/move-flags.ts';
import { requireStaff } from '../../staff/require-staff.ts';
import { observeKindly } from './observe-kindly.ts';

/**
 * A message of the pack with this student's name, what was noticed and a next step filled in: a beginning for the tutor,
 * who changes it and sends it from their own mail program. Throws NotFound for another course's student or an unknown message.
 */
export async function draftMessage(
  deps: Deps,
  actor: Actor,
  { personId, messageId }: { personId: string; messageId: string },
): Promise<Draft> {
  const staff = await requireStaff(deps, actor);
  const { courseId } = staff;
  const [student, person, course, flags, nameOf] = await Promise.all([
    EnrolmentModel.findOne({ courseId, personId, role: 'student' }).lean<Enrolment>(),
    PersonModel.findById(personId, { email: 1, givenName: 1 }).lean(),
    CourseModel.findById(courseId, { title: 1 }).lean(),
    findRunningFlags(courseId, [personId]),
    findNames(courseId, [staff.personId]),
  ]);
  const message = deps.pack.messages.find(({ id }) => id === messageId);
  if (!student || !course || !message) throw new NotFound();
  await auditDeed(deps, staff, 'viewed-student', personId);
  const flag = flags.find(({ kind }) => kind === (message.kind === 'stretch' ? 'stretch' : 'support'));
  const values = {
    name: person?.givenName ?? student.name,
    sender: nameOf(staff.personId),
    courseTitle: course.title,
    // Someone who opted out is written to for other reasons, never with a figure in the text.
    observation:
      flag && !student.optedOutAt ? observeKindly(flag.further.at(-1) ?? flag.evidence, deps.pack.words.platform) : '',
    nextStep: 'Would you like to talk, for a quarter of an hour this week?',
  };
  return {
    ...(person?.email && { to: person.email }),
    subject: fillWords(message.subject, deps.pack.words, values),
    body: fillWords(message.body, deps.pack.words, values).replaceAll(/ {2,}/g, ' '),
  };
}

/** Points at phrases that may land badly. Nothing of the text is kept. */
export async function checkMessage(deps: Deps, actor: Actor, text: string): Promise<CheckedDraft> {
  await requireStaff(deps, actor);
  return {
    remarks: checkDraft(text).map(({ kind, from, to, phrase, gentler }) => ({ kind, from, to, phrase, gentler })),
  };
}
