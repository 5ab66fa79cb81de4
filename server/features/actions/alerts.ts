import type { AlertSchoolInput, ShownAlert } from '../../contracts/alerts.ts';
import { newId } from '../../database/connect.ts';
import { AlertModel, updateAlert, type Alert } from '../../database/models/alert.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { fillWords } from '../../domain/fill-words.ts';
import { Conflict, InvalidInput, NotFound } from '../../errors.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { findStudents } from '../../staff/colleagues.ts';
import { alertContext, presentAlerts } from '../../staff/present-alert.ts';
import { requireStaff } from '../../staff/require-staff.ts';

/** Keeps the word to a student's home school. A person sends it: the reply holds what goes into the message. */
export async function alertSchool(deps: Deps, actor: Actor, input: AlertSchoolInput): Promise<ShownAlert> {
  const staff = await requireStaff(deps, actor);
  const { courseId } = staff;
  if (!(await findStudents(courseId, [input.personId])).has(input.personId)) throw new NotFound();
  const receiver = chooseReceiver(deps, input);
  await auditDeed(deps, staff, 'sent-alert', input.personId);
  const id = newId();
  await AlertModel.create({
    _id: id,
    courseId,
    personId: input.personId,
    ...receiver,
    sealedNeed: deps.vault.seal(input.need, alertContext(id, 'need')),
    sentById: staff.personId,
    sentAt: deps.now(),
  });
  return present(deps, courseId, id);
}

/** Whom the alert is for: of the institution's list, or as typed. Throws InvalidInput by field. */
function chooseReceiver({ pack }: Deps, { schoolId, school, contact }: AlertSchoolInput) {
  if (schoolId !== undefined) {
    const known = pack.schools.find(({ id }) => id === schoolId);
    if (!known) throw new InvalidInput({ schoolId: 'Choose one of the schools.' });
    return { schoolId, school: known.name, contact: fillWords(known.contact.name, pack.words) };
  }
  if (school && contact) return { school, contact };
  throw new InvalidInput({
    ...(!school && { school: 'Name the school.' }),
    ...(!contact && { contact: 'Name the contact there.' }),
  });
}

/** Records what the home school answered. Throws NotFound, Conflict with the alert as it is now. */
export async function answerAlert(
  deps: Deps,
  actor: Actor,
  id: string,
  { rev, answer }: { rev: number; answer: string },
): Promise<ShownAlert> {
  const staff = await requireStaff(deps, actor);
  const alert = await readAlert(staff.courseId, id);
  await auditDeed(deps, staff, 'sent-alert', alert.personId.toHexString());
  const saved = await updateAlert(
    { courseId: staff.courseId, id, rev },
    {
      $set: {
        sealedAnswer: deps.vault.seal(answer, alertContext(id, 'answer')),
        answerById: staff.personId,
        answeredAt: deps.now(),
      },
    },
  );
  const shown = await present(deps, staff.courseId, id);
  if (!saved) throw new Conflict('A colleague recorded an answer while you were writing.', shown);
  return shown;
}

async function readAlert(courseId: string, id: string): Promise<Alert> {
  const alert = await AlertModel.findOne({ _id: id, courseId }).lean<Alert>();
  if (!alert) throw new NotFound();
  return alert;
}

async function present(deps: Deps, courseId: string, id: string): Promise<ShownAlert> {
  const [shown] = await presentAlerts(courseId, [await readAlert(courseId, id)], deps.vault, deps.pack.schools);
  if (!shown) throw new NotFound();
  return shown;
}
