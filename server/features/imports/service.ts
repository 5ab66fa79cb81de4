import type { ImportList, ImportPreview } from '../../contracts/imports.ts';
import { isId } from '../../database/connect.ts';
import { audit } from '../../database/models/audit.ts';
import { EnrolmentModel } from '../../database/models/enrolment.ts';
import { ImportModel, isInterrupted, type Import } from '../../database/models/import.ts';
import type { Deps } from '../../deps.ts';
import { isInCourse, type Actor, type CourseActor } from '../../domain/access.ts';
import { NotAllowed, NotFound } from '../../errors.ts';
import { importFile, previewImport, takeBackImport } from '../../ingest/import-file.ts';
import type { FileToImport } from '../../ingest/prepare-import.ts';

type Uploaded = Omit<FileToImport, 'courseId' | 'importedBy'>;

/** What was imported for the actor's course, the latest first. */
export async function listImports(actor: Actor, { now }: Pick<Deps, 'now'>): Promise<ImportList> {
  const { courseId } = asTutor(actor);
  const imports = await ImportModel.find({ courseId }).sort({ importedAt: -1, _id: -1 }).limit(50).lean<Import[]>();
  const authors = await EnrolmentModel.find(
    { courseId, personId: { $in: imports.flatMap(({ importedBy }) => importedBy ?? []) } },
    { personId: 1, name: 1 },
  ).lean();
  const nameOf = new Map(authors.map(({ personId, name }) => [String(personId), name]));
  return {
    imports: imports.map((entry) => ({
      id: String(entry._id),
      kind: entry.kind,
      fileName: entry.fileName,
      state: entry.state,
      isInterrupted: isInterrupted(entry, now()),
      rows: entry.rows,
      done: entry.done,
      importedAt: entry.importedAt.getTime(),
      importedBy: entry.importedBy ? (nameOf.get(String(entry.importedBy)) ?? 'a colleague') : 'the nightly import',
    })),
  };
}

/** Shows what a file would bring. Throws InvalidInput for what is no table. */
export function preview(actor: CourseActor, file: Uploaded, deps: Deps): Promise<ImportPreview> {
  return previewImport({ ...file, courseId: actor.courseId }, deps.now());
}

/** Takes a file in whole, or refuses it with InvalidInput. Answers with the list of imports. */
export async function runImport(actor: CourseActor, file: Uploaded, deps: Deps): Promise<ImportList> {
  await writeAudit(actor, 'imported-file', deps);
  await importFile(
    { ...file, courseId: actor.courseId, importedBy: actor.personId },
    {
      now: deps.now,
      keptDays: deps.pack.retention.rawEventDays,
      unmatchedDays: deps.pack.retention.unmatchedDays,
    },
  );
  return listImports(actor, deps);
}

/** Takes an import back. Throws NotFound where the actor's course has no such import. */
export async function undo(actor: Actor, importId: string, deps: Deps): Promise<ImportList> {
  const tutor = asTutor(actor);
  if (!isId(importId)) throw new NotFound();
  await writeAudit(tutor, 'undid-import', deps);
  await takeBackImport(tutor.courseId, importId, deps.now());
  return listImports(tutor, deps);
}

/** Only tutors of the course may change its data by file. Throws NotFound outside a course, else NotAllowed. */
export function asTutor(actor: Actor): CourseActor {
  if (!isInCourse(actor)) throw new NotFound();
  if (actor.role !== 'tutor') throw new NotAllowed();
  return actor;
}

function writeAudit(actor: CourseActor, deed: 'imported-file' | 'undid-import', { now, pack }: Deps): Promise<void> {
  return audit(actor, deed, { at: now(), keptDays: pack.retention.auditDays });
}
