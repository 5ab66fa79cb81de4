import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Reflection, ReflectionChange } from '../../../server/contracts/reflections.ts';
import { ApiError, del, put } from '../../api.ts';
import { sayDate } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { Field } from '../../ui/field.tsx';
import { ConfirmButton } from './confirm-button.tsx';
import { useRefreshed } from './data.ts';
import { useDraft } from './drafts.ts';
import { fieldError, Room, SaveProblem, TwoVersions } from './form-parts.tsx';
import { entryLimit } from './new-entry.tsx';

const text = student.goals;

/** One entry of the journal, with what its writer may do to it. */
export function Entry({ entry }: { entry: Reflection }) {
  const t = useText();
  const refreshed = useRefreshed();
  const draft = useDraft(`entry.${entry.id}`, { text: entry.text });
  const [isEditing, setIsEditing] = useState(draft.wasRestored);
  const isShared = entry.sharedAt !== undefined;
  const about = sayDate(entry.createdAt);
  const change = useMutation({
    mutationFn: (body: ReflectionChange) => put<Reflection>(`/api/journal/entries/${entry.id}`, body),
    onSuccess: async () => {
      draft.clear();
      setIsEditing(false);
      await refreshed('journal');
    },
  });
  const remove = useMutation({
    mutationFn: () => del<void>(`/api/journal/entries/${entry.id}`, { rev: entry.rev }),
    onSuccess: () => refreshed('journal'),
  });
  const conflict = change.error instanceof ApiError && change.error.code === 'conflict' ? change.error : undefined;
  const current = conflict?.current as Reflection | undefined;
  return (
    <li className="card">
      <h3>
        {about}{' '}
        <span className="tag">
          {isShared ? t(text.isShared, { date: sayDate(entry.sharedAt ?? 0) }) : text.isPrivate}
        </span>
      </h3>
      {entry.prompt && <p className="hint">{entry.prompt}</p>}
      {isEditing ? (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            change.mutate({ text: draft.fields.text, isShared, rev: entry.rev });
          }}
        >
          <Field label={text.entry} error={fieldError(change.error, 'text')}>
            {(wiring) => (
              <textarea
                {...wiring}
                rows={6}
                value={draft.fields.text}
                onChange={(event) => draft.change({ text: event.target.value })}
              />
            )}
          </Field>
          <Room used={draft.fields.text.length} max={entryLimit} />
          {conflict && current ? (
            <TwoVersions
              other={current.text}
              onKeepMine={() =>
                change.mutate({ text: draft.fields.text, isShared: current.sharedAt !== undefined, rev: current.rev })
              }
              onTakeOther={() => {
                draft.clear({ text: current.text });
                setIsEditing(false);
                void refreshed('journal');
              }}
            />
          ) : (
            <SaveProblem error={fieldError(change.error, 'text') ? undefined : change.error} />
          )}
          <div className="buttons">
            <button type="submit" className="button button-main" disabled={change.isPending}>
              {text.keep}
            </button>
            <button
              type="button"
              className="button"
              onClick={() => {
                draft.clear();
                change.reset();
                setIsEditing(false);
              }}
            >
              {text.cancel}
            </button>
          </div>
        </form>
      ) : (
        <>
          <p className="own-words">{entry.text}</p>
          <SaveProblem error={change.error ?? remove.error} />
          <div className="buttons">
            <button type="button" className="button" onClick={() => setIsEditing(true)}>
              {text.edit}
              <span className="only-spoken">: {about}</span>
            </button>
            <button
              type="button"
              className="button"
              disabled={change.isPending}
              onClick={() => change.mutate({ text: entry.text, isShared: !isShared, rev: entry.rev })}
            >
              {isShared ? text.withdraw : text.shareIt}
              <span className="only-spoken">: {about}</span>
            </button>
            <ConfirmButton
              label={text.remove_entry}
              about={about}
              question={text.confirmRemove}
              yes={text.yesRemove}
              no={text.no}
              onConfirm={() => remove.mutate()}
            />
          </div>
        </>
      )}
    </li>
  );
}
