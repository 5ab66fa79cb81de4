import { useMutation } from '@tanstack/react-query';
import type { Goal } from '../../../server/contracts/reflections.ts';
import { del } from '../../api.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { useRefreshed } from './data.ts';
import { SaveProblem } from './form-parts.tsx';
import { sayGoal } from './say-goal.ts';

const text = student.goals;

export function DeleteGoal({ goal, onRemoved }: { goal: Goal; onRemoved: () => void }) {
  const t = useText();
  const refreshed = useRefreshed();
  const remove = useMutation({
    mutationFn: () => del<void>(`/api/journal/goal/${goal.id}`, { rev: goal.rev }),
    onSuccess: async () => {
      await refreshed('journal', 'dashboard');
      onRemoved();
    },
    // Changed in another window meanwhile: what stands now comes back, and can be deleted as it is.
    onError: () => refreshed('journal', 'dashboard'),
  });
  return (
    <>
      <ConfirmButton
        label={text.remove}
        about={sayGoal(goal, t)}
        question={text.confirmRemove}
        yes={text.yesRemove}
        no={text.no}
        onConfirm={() => remove.mutate()}
      />
      <SaveProblem error={remove.error} />
    </>
  );
}
