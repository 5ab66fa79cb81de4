import { useState } from 'react';
import { Link } from 'wouter';
import type { DashboardReply } from '../../../server/contracts/dashboard.ts';
import type { Week } from '../../../server/contracts/student-view.ts';
import { addDays } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { GoalProgress } from './goal-progress.tsx';
import { OutcomeChoice } from './outcome-choice.tsx';
import { progressOf, sayGoal } from './say-goal.ts';

const text = student.week;
/** From Friday on there is something to look back on. */
const lookBackDays = 2;

export function GoalCard({ reply: { goal, lastGoal, view }, now }: { reply: DashboardReply; now: Week | undefined }) {
  const t = useText();
  // Asked once on this visit: the answer stays in sight after it was given.
  const [asksAboutLast] = useState(lastGoal !== undefined && !lastGoal.outcome);
  const progress = goal && now && progressOf(goal, now, view);
  const isReached = progress !== undefined && progress.done >= progress.target;
  const isLate = now !== undefined && view.course.today >= addDays(now.lastDay, -lookBackDays);
  return (
    <section className="card" aria-labelledby="goal">
      <h2 id="goal">{text.goal}</h2>
      {goal ? (
        <>
          <p className="goal-text">{sayGoal(goal, t)}</p>
          {progress && <GoalProgress {...progress} />}
          {goal.plan && (
            <p className="own-words">
              <span className="hint">{text.plan}: </span>
              {goal.plan}
            </p>
          )}
          {(isReached || isLate || goal.outcome) && <OutcomeChoice goal={goal} />}
          <p>
            <Link className="quiet-link" href="/goals">
              {text.changeGoal}
            </Link>
          </p>
        </>
      ) : (
        <>
          {asksAboutLast && lastGoal && (
            <div className="last-goal">
              <p>{t(text.lastGoal, { goal: sayGoal(lastGoal, t) })}</p>
              <OutcomeChoice goal={lastGoal} />
            </div>
          )}
          <p>{text.goalNone}</p>
          <p className="buttons">
            <Link className="button" href="/goals">
              {text.setGoal}
            </Link>
          </p>
        </>
      )}
    </section>
  );
}
