import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Reflection, ReflectionRequest } from '../../../server/contracts/reflections.ts';
import { post } from '../../api.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Field } from '../../ui/field.tsx';
import { BusyButton } from '../../ui/busy-button.tsx';
import { useRefreshed } from './data.ts';
import { useDraft } from './drafts.ts';
import { useFocusOnRefusal } from '../../ui/focus.ts';
import { fieldError, Restored, Room, SaveProblem } from './form-parts.tsx';

const text = student.goals;
export const entryLimit = 8000;

/** A new entry of the journal: the week's question, or something else. */
export function NewEntry({ prompt, startsFocused }: { prompt: string; startsFocused: boolean }) {
  const t = useText();
  const refreshed = useRefreshed();
  const draft = useDraft('entry', { text: '', isShared: false, answersPrompt: true });
  const { fields } = draft;
  const keep = useMutation({
    mutationFn: (sent: typeof fields) =>
      post<Reflection>('/api/journal/entries', {
        text: sent.text,
        isShared: sent.isShared,
        ...(sent.answersPrompt && { prompt }),
      } satisfies ReflectionRequest),
    onSuccess: async (_entry, sent) => {
      draft.settle(sent);
      await refreshed('journal');
    },
  });
  const form = useFocusOnRefusal(keep.error);
  const thoughts = useRef<HTMLTextAreaElement>(null);
  // After the page has taken the focus to its heading: whoever came to write can begin.
  useEffect(() => {
    if (startsFocused) thoughts.current?.focus();
  }, [startsFocused]);
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        keep.mutate(fields);
      }}
    >
      {draft.wasRestored && <Restored onDiscard={draft.clear} />}
      {fields.answersPrompt && (
        <p className="prompt">
          <span className="hint">{text.prompt}</span>
          <strong>{prompt}</strong>
        </p>
      )}
      <Field label={text.entry} hint={text.entryHint} error={fieldError(keep.error, 'text')}>
        {(wiring) => (
          <textarea
            {...wiring}
            ref={thoughts}
            rows={6}
            value={fields.text}
            onChange={(event) => draft.change({ text: event.target.value })}
          />
        )}
      </Field>
      <Room used={fields.text.length} max={entryLimit} />
      <p>
        <button
          type="button"
          className="button button-quiet"
          onClick={() => draft.change({ answersPrompt: !fields.answersPrompt })}
        >
          {fields.answersPrompt ? text.free : text.asked}
        </button>
      </p>
      <label className="choice">
        <input
          type="checkbox"
          checked={fields.isShared}
          aria-describedby="share-hint"
          onChange={(event) => draft.change({ isShared: event.target.checked })}
        />
        {t(text.share)}
      </label>
      <p id="share-hint" className="hint">
        {text.shareHint}
      </p>
      <SaveProblem error={fieldError(keep.error, 'text') ? undefined : keep.error} />
      <div className="buttons">
        <BusyButton type="submit" className="button button-main" isBusy={keep.isPending}>
          {text.keep}
        </BusyButton>
        <span role="status">{keep.isSuccess && text.saved}</span>
      </div>
    </form>
  );
}
