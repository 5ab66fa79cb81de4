import { useMutation } from '@tanstack/react-query';
import { useId } from 'react';
import { Link } from 'wouter';
import type { Goal } from '../../../server/contracts/reflections.ts';
import { put } from '../../api.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { BusyButton } from '../../ui/busy-button.tsx';
import { useRefreshed } from './data.ts';
import { SaveProblem } from './form-parts.tsx';
import { sayGoal, withOutcome } from './say-goal.ts';

const text = student.goals;
const outcomes = Object.entries(text.outcomes) as [NonNullable<Goal['outcome']>, string][];

/** How a goal went, in one press, and from there on to a line in the journal; pressed again, nothing is said. */
export function OutcomeChoice({ goal }: { goal: Goal }) {
  const t = useText();
  const id = useId();
  const refreshed = useRefreshed();
  const save = useMutation({
    mutationFn: (outcome: Goal['outcome'] | null) => put<Goal>('/api/journal/goal', withOutcome(goal, outcome ?? null)),
    // Where another window changed the goal meanwhile, the next press is about what stands now.
    onSettled: () => refreshed('journal', 'dashboard'),
  });
  return (
    <div className="outcome" role="group" aria-labelledby={id}>
      <p id={id} className="field-label">
        {text.outcome}
        <span className="only-spoken"> {sayGoal(goal, t)}</span>
      </p>
      <div className="buttons">
        {outcomes.map(([outcome, label]) => (
          <BusyButton
            key={outcome}
            className="button button-choice"
            aria-pressed={goal.outcome === outcome}
            isBusy={save.isPending}
            onClick={() => save.mutate(goal.outcome === outcome ? null : outcome)}
          >
            {label}
          </BusyButton>
        ))}
      </div>
      <p role="status" className="hint">
        {goal.outcome ? text.afterOutcome[goal.outcome] : text.outcomeHint}
      </p>
      {goal.outcome && (
        <p>
          <Link className="quiet-link" href="/goals/write">
            {student.week.write}
          </Link>
        </p>
      )}
      <SaveProblem error={save.error} />
    </div>
  );
}
