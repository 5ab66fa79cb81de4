import mongoose from 'mongoose';
import { filtersSchema, type Filters, type SavedViews } from '../../contracts/saved-views.ts';
import { findSavedViews, SavedViewModel } from '../../database/models/saved-view.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { InvalidInput, NotFound } from '../../errors.ts';
import { requireStaff } from '../../staff/require-staff.ts';

const mostViews = 30;

/** The actor's own views of this course's list. */
export async function listViews(deps: Deps, actor: Actor): Promise<SavedViews> {
  const staff = await requireStaff(deps, actor);
  const views = await findSavedViews(staff.courseId, staff.personId);
  return {
    views: views.map(({ _id, name, filters }) => ({
      id: _id.toHexString(),
      name,
      filters: filtersSchema.catch({}).parse(filters),
    })),
  };
}

/** Saves a view under a name, over an older one of the same name. Throws InvalidInput when there are too many. */
export async function saveView(
  deps: Deps,
  actor: Actor,
  { name, filters }: { name: string; filters: Filters },
): Promise<SavedViews> {
  const staff = await requireStaff(deps, actor);
  const key = { courseId: staff.courseId, ownerId: new mongoose.Types.ObjectId(staff.personId), name };
  const isThere = await SavedViewModel.exists(key);
  if (!isThere && (await findSavedViews(staff.courseId, staff.personId)).length >= mostViews) {
    throw new InvalidInput({ name: `You have ${mostViews} saved views. Please delete one first.` });
  }
  await SavedViewModel.updateOne(key, { $set: { filters } }, { upsert: true });
  return listViews(deps, actor);
}

/** Deletes one of the actor's own views. Throws NotFound. */
export async function deleteView(deps: Deps, actor: Actor, id: string): Promise<SavedViews> {
  const staff = await requireStaff(deps, actor);
  const { deletedCount } = await SavedViewModel.deleteOne({
    _id: id,
    courseId: staff.courseId,
    ownerId: staff.personId,
  });
  if (deletedCount === 0) throw new NotFound();
  return listViews(deps, actor);
}
