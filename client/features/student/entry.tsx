import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Reflection, ReflectionChange } from '../../../server/contracts/reflections.ts';
import { unopenedText } from '../../../server/contracts/unopened-text.ts';
import { ApiError, del, put } from '../../api.ts';
import { sayDate } from '../../format.ts';
import { useText } from '../../session.ts';
import { student } from '../../text/student.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Field } from '../../ui/field.tsx';
import { BusyButton } from '../../ui/busy-button.tsx';
import { useRefreshed } from './data.ts';
import { useDraft } from './drafts.ts';
import { takeFocus, useFocusOnRefusal } from '../../ui/focus.ts';
import { fieldError, Room, SaveProblem, TwoVersions } from './form-parts.tsx';
import { entryLimit } from './new-entry.tsx';

const text = student.goals;

/** One entry of the journal, with what its writer may do to it. */
export function Entry({ entry, onRemoved }: { entry: Reflection; onRemoved: () => void }) {
  const t = useText();
  const refreshed = useRefreshed();
  const draft = useDraft(`entry.${entry.id}`, { text: entry.text, rev: entry.rev });
  const heading = useRef<HTMLHeadingElement>(null);
  const [isEditing, setIsEditing] = useState(draft.wasRestored);
  const isShared = entry.sharedAt !== undefined;
  const isUnopened = entry.text === unopenedText;
  const date = sayDate(entry.createdAt);
  // Two entries of one day must not sound the same.
  const about = `${date}, ${firstWords(entry.text)}`;
  const change = useMutation({
    mutationFn: (body: ReflectionChange) => put<Reflection>(`/api/journal/entries/${entry.id}`, body),
    onSuccess: async ({ rev }, sent) => {
      await refreshed('journal');
      if (isEditing && draft.settle({ text: sent.text, rev: draft.fields.rev }, { rev })) stopEditing();
    },
  });
  const remove = useMutation({
    mutationFn: () => del<void>(`/api/journal/entries/${entry.id}`, { rev: entry.rev }),
    onSuccess: async () => {
      await refreshed('journal');
      onRemoved();
    },
  });
  const stopEditing = () => {
    draft.clear();
    setIsEditing(false);
    heading.current?.focus();
  };
  const form = useFocusOnRefusal(change.error);
  const conflict = change.error instanceof ApiError && change.error.code === 'conflict' ? change.error : undefined;
  const current = conflict?.current as Reflection | undefined;
  return (
    <li className="card">
      <h3 ref={heading} tabIndex={-1}>
        {date}{' '}
        <span className="tag">
          {isShared ? t(text.isShared, { date: sayDate(entry.sharedAt ?? 0) }) : text.isPrivate}
        </span>
      </h3>
      {entry.prompt && <p className="hint">{entry.prompt}</p>}
      {isEditing ? (
        <form
          ref={form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            change.mutate({ text: draft.fields.text, isShared, rev: draft.fields.rev });
          }}
        >
          <Field label={text.entry} error={fieldError(change.error, 'text')}>
            {(wiring) => (
              <textarea
                {...wiring}
                ref={takeFocus}
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
                void refreshed('journal').then(() => {
                  change.reset();
                  stopEditing();
                });
              }}
            />
          ) : (
            <SaveProblem error={fieldError(change.error, 'text') ? undefined : change.error} />
          )}
          <div className="buttons">
            <BusyButton type="submit" className="button button-main" isBusy={change.isPending}>
              {text.keep}
            </BusyButton>
            <button
              type="button"
              className="button"
              onClick={() => {
                change.reset();
                stopEditing();
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
            {!isUnopened && (
              <button type="button" className="button" onClick={() => setIsEditing(true)}>
                {text.edit}
                <span className="only-spoken">: {about}</span>
              </button>
            )}
            {(isShared || !isUnopened) && (
              <BusyButton
                isBusy={change.isPending}
                onClick={() => change.mutate({ text: entry.text, isShared: !isShared, rev: entry.rev })}
              >
                {isShared ? text.withdraw : text.shareIt}
                <span className="only-spoken">: {about}</span>
              </BusyButton>
            )}
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

function firstWords(text: string): string {
  const words = text.trim().split(/\s+/);
  return words.length > 6 ? `${words.slice(0, 6).join(' ')}…` : words.join(' ');
}
