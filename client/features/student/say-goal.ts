import type { Goal, GoalRequest } from '../../../server/contracts/reflections.ts';
import type { StudentView, Week } from '../../../server/contracts/student-view.ts';
import { sayCount } from '../../format.ts';
import { workDueIn } from '../../student-view/week-table.tsx';
import { student } from '../../text/student.ts';

const { said } = student.goals;

/** A goal as one would say it; its own words where it has them. `t` fills in the institution's words. */
export function sayGoal(
  { kind, text, target = 1 }: Pick<Goal, 'kind' | 'text' | 'target'>,
  t: (template: string, values?: Readonly<Record<string, string>>) => string,
): string {
  switch (kind) {
    case 'own-words':
      return text ?? '';
    case 'active-days':
      return t(said['active-days'], { count: sayCount(target, 'day') });
    case 'resources':
      return t(said.resources, { count: sayCount(target, 'page or file', 'pages or files') });
    case 'hand-in':
      return said['hand-in'];
  }
}

/** How far a counted goal has come; undefined for one in the student's own words. */
export function progressOf(goal: Goal, now: Week, view: StudentView): { done: number; target: number } | undefined {
  switch (goal.kind) {
    case 'own-words':
      return undefined;
    case 'active-days':
      return { done: now.activeDays, target: goal.target ?? 1 };
    case 'resources':
      return { done: now.resources, target: goal.target ?? 1 };
    case 'hand-in': {
      const due = workDueIn(now, view);
      return due.length === 0
        ? undefined
        : { done: due.filter(({ submittedAt }) => submittedAt !== undefined).length, target: due.length };
    }
  }
}

/** The same goal with another word on how it went. */
export function withOutcome(
  { week, kind, target, text, plan, rev }: Goal,
  outcome: NonNullable<GoalRequest['outcome']> | null,
): GoalRequest {
  return {
    week,
    kind,
    ...(target !== undefined && { target }),
    ...(text !== undefined && { text }),
    ...(plan !== undefined && { plan }),
    outcome,
    rev,
  };
}
