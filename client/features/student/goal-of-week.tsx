import { useState } from 'react';
import type { Goal } from '../../../server/contracts/reflections.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { useDashboard } from './data.ts';
import { DeleteGoal } from './delete-goal.tsx';
import { useDraft } from './drafts.ts';
import { fieldsOf, GoalForm } from './goal-form.tsx';
import { GoalProgress } from './goal-progress.tsx';
import { OutcomeChoice } from './outcome-choice.tsx';
import { progressOf, sayGoal } from './say-goal.ts';
import { takeFocus } from '../../ui/focus.ts';

const text = student.goals;

/** The goal of one week: a form until there is one, then the goal itself, how it went, and the way to change it. */
export function GoalOfWeek({
  week,
  goal,
  idea,
  onRemoved,
}: {
  week: string;
  goal: Goal | undefined;
  /** Words to begin with, where the student took them up from a suggestion. */
  idea?: string | undefined;
  onRemoved: () => void;
}) {
  const t = useText();
  const draft = useDraft(`goal.${week}`, fieldsOf(goal, idea));
  const [isChanging, setIsChanging] = useState(false);
  /** Once the form is done it goes, with the button that was pressed: what stands in its place takes the focus. */
  const [done, setDone] = useState<'kept' | 'left'>();
  return (
    <>
      {goal && !isChanging && !draft.isBegun ? (
        <>
          <p className="goal-text" tabIndex={-1} ref={done && takeFocus}>
            {sayGoal(goal, t)}
          </p>
          <Progress goal={goal} />
          {goal.plan && (
            <p className="own-words">
              <span className="hint">{student.week.plan}: </span>
              {goal.plan}
            </p>
          )}
          <OutcomeChoice goal={goal} />
          <div className="buttons">
            <button type="button" className="button" onClick={() => setIsChanging(true)}>
              {text.change}
              <span className="only-spoken">: {sayGoal(goal, t)}</span>
            </button>
            <DeleteGoal goal={goal} onRemoved={onRemoved} />
          </div>
        </>
      ) : (
        <GoalForm
          week={week}
          goal={goal}
          draft={draft}
          startsFocused={isChanging}
          onDone={(isKept) => {
            setIsChanging(false);
            setDone(isKept ? 'kept' : 'left');
          }}
          onRemoved={() => {
            draft.clear();
            onRemoved();
          }}
        />
      )}
      <p role="status" className="only-spoken">
        {done === 'kept' && text.saved}
      </p>
    </>
  );
}

/** Only this week's goal is still on its way. */
function Progress({ goal }: { goal: Goal }) {
  const { data } = useDashboard();
  const now = data?.view.weeks.find(({ when }) => when === 'now');
  const progress = now && data && now.week === goal.week ? progressOf(goal, now, data.view) : undefined;
  return progress && <GoalProgress {...progress} />;
}
