import { useState } from 'react';
import type { Goal } from '../../../server/contracts/reflections.ts';
import { sayDay } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { GoalOfWeek } from './goal-of-week.tsx';
import { sayGoal } from './say-goal.ts';

const text = student.goals;

/** Goals of the weeks before, each of which can still be looked back on. */
export function EarlierGoals({ goals, onRemoved }: { goals: readonly Goal[]; onRemoved: () => void }) {
  return (
    <section aria-labelledby="earlier">
      <h2 id="earlier">{text.earlier}</h2>
      <ul className="plain entries">
        {goals.map((goal) => (
          <EarlierGoal key={goal.id} goal={goal} onRemoved={onRemoved} />
        ))}
      </ul>
    </section>
  );
}

/** What was looked back on is done with: it is a line to read, and opens for whoever wants more. */
function EarlierGoal({ goal, onRemoved }: { goal: Goal; onRemoved: () => void }) {
  const t = useText();
  // As it was when the page was opened: what is being answered does not fold away under the reader's hand.
  const [folds] = useState(goal.outcome !== undefined);
  const week = t(text.weekOf, { date: sayDay(mondayOf(goal.week), 'short') });
  const whole = <GoalOfWeek week={goal.week} goal={goal} onRemoved={onRemoved} />;
  return (
    <li className="card">
      <h3>
        {week} {folds && goal.outcome && <span className="tag">{text.outcomes[goal.outcome]}</span>}
      </h3>
      {folds ? (
        <>
          <p className="goal-text">{sayGoal(goal, t)}</p>
          <details>
            <summary>
              {text.more}
              <span className="only-spoken">: {week}</span>
            </summary>
            {whole}
          </details>
        </>
      ) : (
        whole
      )}
    </li>
  );
}

/** Monday of an ISO week: the week of 4 January is the first. */
function mondayOf(week: string): string {
  const [year, number] = week.split('-W').map(Number);
  const fourth = new Date(Date.UTC(year ?? 0, 0, 4));
  const monday = fourth.getTime() - ((fourth.getUTCDay() + 6) % 7) * 86_400_000;
  return new Date(monday + ((number ?? 1) - 1) * 7 * 86_400_000).toISOString().slice(0, 10);
}
