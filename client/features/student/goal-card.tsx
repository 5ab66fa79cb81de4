import { Link } from 'wouter';
import type { DashboardReply } from '../../../server/contracts/dashboard.ts';
import type { Goal } from '../../../server/contracts/reflections.ts';
import type { StudentView, Week } from '../../../server/contracts/student-view.ts';
import { useText } from '../../session.ts';
import { workDueIn } from '../../student-view/week-table.tsx';
import { student } from '../../text/student.ts';

const text = student.week;

export function GoalCard({ reply: { goal, lastGoal, view }, now }: { reply: DashboardReply; now: Week | undefined }) {
  const t = useText();
  const progress = goal && now && progressOf(goal, now, view);
  return (
    <section className="card" aria-labelledby="goal">
      <h2 id="goal">{text.goal}</h2>
      {goal ? (
        <>
          <p className="goal-text">{goal.text ?? t(student.goals.kinds[goal.kind])}</p>
          {progress && (
            <>
              <p>{t(text.goalProgress, progress)}</p>
              <progress value={Math.min(progress.done, progress.target)} max={progress.target} aria-labelledby="goal" />
            </>
          )}
          {goal.plan && <p className="own-words">{goal.plan}</p>}
          {goal.outcome && <p className="tag">{student.goals.outcomes[goal.outcome]}</p>}
          <p>
            <Link href="/goals">{text.changeGoal}</Link>
          </p>
        </>
      ) : (
        <>
          <p>{text.goalNone}</p>
          <p className="buttons">
            <Link className="button" href="/goals">
              {text.setGoal}
            </Link>
            {lastGoal && !lastGoal.outcome && <Link href="/goals">{text.lookBack}</Link>}
          </p>
        </>
      )}
    </section>
  );
}

/** How far a counted goal has come; undefined for one in the student's own words. */
function progressOf(goal: Goal, now: Week, view: StudentView): { done: number; target: number } | undefined {
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
