import type { DashboardReply, MiddleRangeReply, Suggestion } from '../../contracts/dashboard.ts';
import type { Goal } from '../../contracts/reflections.ts';
import { EnrolmentModel } from '../../database/models/enrolment.ts';
import { GoalModel, type StoredGoal } from '../../database/models/goal.ts';
import {
  dismissSuggestion,
  findChoices,
  restoreSuggestion,
  setComparison,
} from '../../database/models/student-choices.ts';
import type { Deps } from '../../deps.ts';
import { isStudent, type Actor, type CourseActor } from '../../domain/access.ts';
import { isoWeekOfNumber } from '../../domain/days.ts';
import { suggestFor } from '../../domain/suggestions.ts';
import { NotAllowed } from '../../errors.ts';
import { fillPack } from '../../policy/fill-pack.ts';
import { presentGoal } from '../../student-view/own-words.ts';
import { promptFor } from '../../student-view/prompt-for.ts';
import { loadStudentMaterial, presentStudentView, type StudentMaterial } from '../../student-view/student-view.ts';
import { findMiddleRange } from './middle-range.ts';
import { findAsked } from './what-was-asked.ts';

/** The student's own view with this week's goal, question and suggestions. Throws NotAllowed for everybody else. */
export async function readDashboard(actor: Actor, deps: Deps): Promise<DashboardReply> {
  const student = ownerOf(actor);
  const { courseId, personId } = student;
  const [material, goals, asked, choices, optedOut] = await Promise.all([
    loadStudentMaterial(student, deps),
    latestGoals(student, deps),
    findAsked(student, deps),
    findChoices(student),
    EnrolmentModel.exists({ courseId, personId, role: 'student', optedOutAt: { $ne: null } }),
  ]);
  const week = isoWeekOfNumber(material.at.today);
  const goal = goals.find((each) => each.week === week);
  const lastGoal = goals.find((each) => each.week < week);
  return {
    view: presentStudentView(material, deps),
    week,
    ...(goal && { goal }),
    ...(lastGoal && { lastGoal }),
    asked,
    prompt: promptFor(week, deps.pack),
    suggestions: suggest(material, choices.dismissed, deps),
    showsMiddleRange: choices.showsMiddleRange,
    hasOptedOut: optedOut !== null,
  };
}

function suggest(
  { at, student, snapshot }: StudentMaterial,
  dismissed: readonly string[],
  { pack }: Deps,
): Suggestion[] {
  return suggestFor({
    course: at.course,
    student: student.student,
    measurements: snapshot?.measurements ?? [],
    services: fillPack(pack).services,
    words: pack.words,
    dismissed: new Set(dismissed),
    now: at.now,
  }).map(({ id, kind, text, because, url }) => ({ id, kind, text, because, ...(url !== undefined && { url }) }));
}

/** Puts a suggestion aside, or brings it back. */
export async function chooseSuggestion(actor: Actor, choice: { id: string; isDismissed: boolean }): Promise<void> {
  const student = ownerOf(actor);
  if (choice.isDismissed) await dismissSuggestion(student, choice.id);
  else await restoreSuggestion(student, choice.id);
}

/** Switches the comparison with the course on or off; it begins switched off. */
export async function chooseComparison(actor: Actor, choice: { showsMiddleRange: boolean }): Promise<void> {
  await setComparison(ownerOf(actor), choice.showsMiddleRange);
}

/** The course's middle half, for a student who switched it on. Throws NotAllowed for everybody else. */
export async function readMiddleRange(actor: Actor): Promise<MiddleRangeReply> {
  return findMiddleRange(ownerOf(actor).courseId);
}

function ownerOf(actor: Actor): CourseActor {
  if (!isStudent(actor)) throw new NotAllowed('This page is a student’s own.');
  return actor;
}

async function latestGoals({ courseId, personId }: CourseActor, { vault }: Deps): Promise<Goal[]> {
  const goals = await GoalModel.find({ courseId, personId }).sort({ week: -1 }).limit(2).lean<StoredGoal[]>();
  return goals.map((goal) => presentGoal(goal, vault));
}
