import type {
  Goal,
  GoalRequest,
  JournalReply,
  Reflection,
  ReflectionChange,
  ReflectionRequest,
} from '../../contracts/reflections.ts';
import type { Id } from '../../database/connect.ts';
import { CourseModel } from '../../database/models/course.ts';
import type { Deps } from '../../deps.ts';
import { isStudent, type Actor, type CourseActor } from '../../domain/access.ts';
import type { IsoWeek } from '../../domain/activity.ts';
import { dayOf, firstDayOf, isoWeekOf } from '../../domain/days.ts';
import { InvalidInput, NotAllowed, NotFound } from '../../errors.ts';
import { promptFor } from '../../student-view/prompt-for.ts';
import { deleteGoal, listGoals, saveGoal } from './goals.ts';
import { addEntry, changeEntry, deleteEntry, listEntries } from './journal.ts';

/** The student's goals and journal with this week's question. Throws NotAllowed for everybody but a student. */
export async function readJournal(actor: Actor, deps: Deps): Promise<JournalReply> {
  const student = ownerOf(actor);
  const [week, goals, entries] = await Promise.all([
    currentWeek(student, deps),
    listGoals(student, deps),
    listEntries(student, deps),
  ]);
  return { week, prompt: promptFor(week, deps.pack), goals, entries };
}

/** Sets the goal of this week, or says how an earlier one went; goals for weeks to come are for then. */
export async function setGoal(actor: Actor, request: GoalRequest, deps: Deps): Promise<Goal> {
  const student = ownerOf(actor);
  if (!isIsoWeek(request.week)) throw new InvalidInput({ week: 'Please choose a week of the calendar.' });
  if (request.week > (await currentWeek(student, deps))) {
    throw new InvalidInput({ week: 'A goal is set in its own week.' });
  }
  return saveGoal(student, request, deps);
}

export async function forgetGoal(actor: Actor, id: Id, rev: number, deps: Deps): Promise<void> {
  await deleteGoal(ownerOf(actor), id, rev, deps);
}

export async function keepReflection(actor: Actor, request: ReflectionRequest, deps: Deps): Promise<Reflection> {
  const student = ownerOf(actor);
  return addEntry(student, request, await currentWeek(student, deps), deps);
}

export async function changeReflection(
  actor: Actor,
  id: Id,
  change: ReflectionChange,
  deps: Deps,
): Promise<Reflection> {
  return changeEntry(ownerOf(actor), id, change, deps);
}

export async function forgetReflection(actor: Actor, id: Id, rev: number, deps: Deps): Promise<void> {
  await deleteEntry(ownerOf(actor), id, rev, deps);
}

function ownerOf(actor: Actor): CourseActor {
  if (!isStudent(actor)) throw new NotAllowed('A journal belongs to the student who writes it.');
  return actor;
}

async function currentWeek({ courseId }: CourseActor, { now }: Deps): Promise<IsoWeek> {
  const course = await CourseModel.findById(courseId, { 'calendar.timeZone': 1 }).lean();
  if (!course) throw new NotFound();
  return isoWeekOf(dayOf(now().getTime(), course.calendar.timeZone));
}

function isIsoWeek(week: string): boolean {
  try {
    firstDayOf(week);
    return true;
  } catch {
    return false;
  }
}
