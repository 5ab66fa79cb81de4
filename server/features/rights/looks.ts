import type { RightsReply } from '../../contracts/rights.ts';
import { AuditModel, type Audit, type AuditedDeed } from '../../database/models/audit.ts';
import type { CourseActor } from '../../domain/access.ts';
import { fillWords } from '../../domain/fill-words.ts';
import type { PolicyPack } from '../../policy/schema.ts';
import type { NameOf } from '../../student-view/people.ts';

const ownShown = 200;
const listsShown = 20;
/** What is done with the whole list concerns everybody on it. */
const listDeeds: readonly AuditedDeed[] = ['viewed-list', 'exported-list', 'exported-research'];

/** Who looked at or changed what about this student, the newest first; staff opening the whole list included. */
export async function findLooks({ courseId, personId }: CourseActor): Promise<Audit[]> {
  const [own, lists] = await Promise.all([
    AuditModel.find({ courseId, subjectId: personId })
      .sort({ at: -1 })
      .limit(ownShown)
      .batchSize(ownShown)
      .lean<Audit[]>(),
    AuditModel.find({ courseId, subjectId: null, deed: { $in: listDeeds } })
      .sort({ at: -1 })
      .limit(listsShown)
      .lean<Audit[]>(),
  ]);
  return [...own, ...lists].sort((a, b) => b.at.getTime() - a.at.getTime());
}

/** All of that, the oldest first and without an end, for the download. */
export async function findEveryLook({ courseId, personId }: CourseActor): Promise<Audit[]> {
  const [own, lists] = await Promise.all([
    AuditModel.find({ courseId, subjectId: personId }).lean<Audit[]>(),
    AuditModel.find({ courseId, subjectId: null, deed: { $in: listDeeds } }).lean<Audit[]>(),
  ]);
  return [...own, ...lists].sort((a, b) => a.at.getTime() - b.at.getTime());
}

export function presentLook(
  { at, actorId, actorRole, deed }: Audit,
  nameOf: NameOf,
  { words }: PolicyPack,
): RightsReply['looks'][number] {
  return { at: at.getTime(), by: nameOf(actorId), role: actorRole, deed: fillWords(deeds[deed], words) };
}

const deeds: Readonly<Record<AuditedDeed, string>> = {
  'viewed-student': 'opened your page',
  'viewed-list': 'opened the list of the whole {course}',
  'exported-list': 'downloaded the list of the whole {course}',
  'took-address': 'took your e-mail address, to write to you and others',
  'recorded-action': 'wrote down what was done or agreed with you',
  'corrected-action': 'changed what was written down',
  'changed-flag': 'changed where a flag stands',
  'answered-request': 'answered your request for a conversation',
  'answered-challenge': 'answered what you said is not right',
  'set-pause': 'changed the time that does not count for you',
  'set-rules': 'changed which figures count in the {course}',
  'downloaded-own-data': 'downloaded everything held about you',
  'imported-file': 'added a file with your records, such as a register',
  'undid-import': 'took such a file back',
  'sent-alert': 'wrote to your home school',
  discussed: 'talked it over with a colleague',
  'exported-research': 'made an approved copy without names, for research',
  'changed-registration': 'changed how Waymark is connected',
};
