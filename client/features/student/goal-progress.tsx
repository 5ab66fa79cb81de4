import { useId } from 'react';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';

const text = student.week;

/** How far a counted goal has come, in words and as a bar that says the same. */
export function GoalProgress({ done, target }: { done: number; target: number }) {
  const t = useText();
  const id = useId();
  return (
    <>
      <p id={id}>{t(done >= target ? text.goalReached : text.goalProgress, { done, target })}</p>
      <progress value={Math.min(done, target)} max={target} aria-labelledby={id} />
    </>
  );
}
