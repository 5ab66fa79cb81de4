import type { Reflection, ReflectionChange, ReflectionRequest } from '../../contracts/reflections.ts';
import { isId, newId, type Id } from '../../database/connect.ts';
import { ReflectionModel, reflectionSeal, type StoredReflection } from '../../database/models/reflection.ts';
import type { Deps } from '../../deps.ts';
import type { CourseActor } from '../../domain/access.ts';
import type { IsoWeek } from '../../domain/activity.ts';
import { Conflict, NotFound } from '../../errors.ts';
import { presentEntry } from '../../student-view/own-words.ts';

const entriesShown = 200;

/** The student's own entries in this course, the newest first. */
export async function listEntries(actor: CourseActor, deps: Pick<Deps, 'vault'>): Promise<Reflection[]> {
  const entries = await ReflectionModel.find({ courseId: actor.courseId, personId: actor.personId })
    .sort({ createdAt: -1 })
    .limit(entriesShown)
    .batchSize(entriesShown)
    .lean<StoredReflection[]>();
  return entries.map((entry) => presentEntry(entry, deps.vault));
}

/** Keeps a new entry of the given week, private unless the student shares it. */
export async function addEntry(
  actor: CourseActor,
  { text, prompt, isShared }: ReflectionRequest,
  week: IsoWeek,
  deps: Deps,
): Promise<Reflection> {
  const id = newId();
  const now = deps.now();
  const entry = await ReflectionModel.create({
    _id: id,
    courseId: actor.courseId,
    personId: actor.personId,
    week,
    prompt: prompt || null,
    sealedText: deps.vault.seal(text, reflectionSeal(id)),
    sharedAt: isShared ? now : null,
    createdAt: now,
    updatedAt: now,
  });
  return presentEntry(entry.toObject<StoredReflection>(), deps.vault);
}

/**
 * Changes an entry's words, shares it or withdraws it. Throws NotFound for anybody else's entry, and Conflict with the
 * entry as it is now when another window saved first.
 */
export async function changeEntry(
  actor: CourseActor,
  id: Id,
  { text, isShared, rev }: ReflectionChange,
  deps: Deps,
): Promise<Reflection> {
  const now = deps.now();
  const stored = await findOwn(actor, id);
  const changed = await ReflectionModel.findOneAndUpdate(
    { ...own(actor, id), rev },
    {
      $set: {
        sealedText: deps.vault.sealChange(text, reflectionSeal(id), stored.sealedText),
        sharedAt: isShared ? (stored.sharedAt ?? now) : null,
        updatedAt: now,
      },
      $inc: { rev: 1 },
    },
    { returnDocument: 'after' },
  ).lean<StoredReflection>();
  if (!changed) throw staleEntry(await findOwn(actor, id), deps);
  return presentEntry(changed, deps.vault);
}

/** Deletes an entry for good. Throws as `changeEntry` does. */
export async function deleteEntry(actor: CourseActor, id: Id, rev: number, deps: Deps): Promise<void> {
  await findOwn(actor, id);
  const { deletedCount } = await ReflectionModel.deleteOne({ ...own(actor, id), rev });
  if (deletedCount === 0) throw staleEntry(await findOwn(actor, id), deps);
}

function own(actor: CourseActor, id: Id) {
  return { _id: id, courseId: actor.courseId, personId: actor.personId };
}

async function findOwn(actor: CourseActor, id: Id): Promise<StoredReflection> {
  const entry = isId(id) ? await ReflectionModel.findOne(own(actor, id)).lean<StoredReflection>() : null;
  if (!entry) throw new NotFound();
  return entry;
}

function staleEntry(stored: StoredReflection, deps: Pick<Deps, 'vault'>): Conflict {
  return new Conflict(
    'This entry was changed in another window. Here are both versions, so that nothing is lost.',
    presentEntry(stored, deps.vault),
  );
}
