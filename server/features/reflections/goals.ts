import type { Goal, GoalRequest } from '../../contracts/reflections.ts';
import { isId, newId, type Id } from '../../database/connect.ts';
import { GoalModel, goalSeal, type StoredGoal } from '../../database/models/goal.ts';
import type { Deps } from '../../deps.ts';
import type { CourseActor } from '../../domain/access.ts';
import { Conflict, NotFound } from '../../errors.ts';
import { presentGoal } from '../../student-view/own-words.ts';

const goalsShown = 60;

/** The student's own goals in this course, the latest week first. */
export async function listGoals(actor: CourseActor, deps: Pick<Deps, 'vault'>): Promise<Goal[]> {
  const goals = await GoalModel.find({ courseId: actor.courseId, personId: actor.personId })
    .sort({ week: -1 })
    .limit(goalsShown)
    .lean<StoredGoal[]>();
  return goals.map((goal) => presentGoal(goal, deps.vault));
}

/** Sets the goal of a week. Throws Conflict with the goal as it is now when another tab saved first. */
export async function saveGoal(actor: CourseActor, request: GoalRequest, deps: Deps): Promise<Goal> {
  const { courseId, personId } = actor;
  const now = deps.now();
  const mine = { courseId, personId, week: request.week };
  const stored = await GoalModel.findOne(mine).lean<StoredGoal>();
  if ((stored?.rev ?? 0) !== request.rev) throw staleGoal(stored, deps);

  const id = stored?._id.toHexString() ?? newId();
  const seal = (text: string | undefined, field: 'text' | 'plan', before: string | null | undefined) =>
    text ? deps.vault.sealChange(text, goalSeal(id, field), before) : null;
  const said = {
    kind: request.kind,
    target: request.kind === 'own-words' ? null : (request.target ?? null),
    sealedText: seal(request.text, 'text', stored?.sealedText),
    sealedPlan: seal(request.plan, 'plan', stored?.sealedPlan),
    outcome: request.outcome ?? null,
    updatedAt: now,
  };
  const saved = stored
    ? await GoalModel.findOneAndUpdate(
        { ...mine, rev: request.rev },
        { $set: said, $inc: { rev: 1 } },
        { returnDocument: 'after' },
      ).lean<StoredGoal>()
    : await createGoal({ _id: id, ...mine, ...said, createdAt: now, rev: 1 });
  if (saved) return presentGoal(saved, deps.vault);
  throw staleGoal(await GoalModel.findOne(mine).lean<StoredGoal>(), deps);
}

/** Null when another tab created the week's goal in the meantime. */
async function createGoal(goal: Omit<StoredGoal, '_id' | 'courseId' | 'personId'> & Record<'_id', Id>) {
  try {
    return (await GoalModel.create(goal)).toObject<StoredGoal>();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 11000) return null;
    throw error;
  }
}

/** Deletes a goal for good. Throws NotFound for anybody else's, Conflict when it was changed since. */
export async function deleteGoal(actor: CourseActor, id: Id, rev: number, deps: Deps): Promise<void> {
  if (!isId(id)) throw new NotFound();
  const mine = { _id: id, courseId: actor.courseId, personId: actor.personId };
  const { deletedCount } = await GoalModel.deleteOne({ ...mine, rev });
  if (deletedCount > 0) return;
  const stored = await GoalModel.findOne(mine).lean<StoredGoal>();
  if (!stored) throw new NotFound();
  throw staleGoal(stored, deps);
}

function staleGoal(stored: StoredGoal | null, deps: Pick<Deps, 'vault'>): Conflict {
  return new Conflict(
    'This goal was changed in another window. Here are both versions, so that nothing is lost.',
    stored ? presentGoal(stored, deps.vault) : null,
  );
}
