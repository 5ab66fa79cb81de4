import type { Goal } from '../../../server/contracts/reflections.ts';
import { sayDay } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { GoalOfWeek } from './goal-of-week.tsx';

const text = student.goals;

/** Goals of the weeks before, each of which can still be looked back on. */
export function EarlierGoals({ goals, onRemoved }: { goals: readonly Goal[]; onRemoved: () => void }) {
  const t = useText();
  return (
    <section aria-labelledby="earlier">
      <h2 id="earlier">{text.earlier}</h2>
      <ul className="plain entries">
        {goals.map((goal) => (
          <li key={goal.id} className="card">
            <h3>{t(text.weekOf, { date: sayDay(mondayOf(goal.week), 'short') })}</h3>
            <GoalOfWeek week={goal.week} goal={goal} onRemoved={onRemoved} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Monday of an ISO week: the week of 4 January is the first. */
function mondayOf(week: string): string {
  const [year, number] = week.split('-W').map(Number);
  const fourth = new Date(Date.UTC(year ?? 0, 0, 4));
  const monday = fourth.getTime() - ((fourth.getUTCDay() + 6) % 7) * 86_400_000;
  return new Date(monday + ((number ?? 1) - 1) * 7 * 86_400_000).toISOString().slice(0, 10);
}
