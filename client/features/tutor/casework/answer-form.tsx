import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../../../api.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { Field } from '../../../ui/field.tsx';
import { useFocusOnRefusal } from '../../../ui/focus.ts';
import { sayDay } from '../say-when.ts';
import { FormProblem } from './form-problem.tsx';
import { GuidanceBeside } from './guidance-beside.tsx';
import { Overtaken, Stored } from './overtaken.tsx';

/** What a student was answered, by whom and when. */
export function GivenAnswer({
  by,
  at,
  children,
}: {
  by: string | undefined;
  at: number | undefined;
  children: string;
}) {
  return (
    <blockquote>
      <p className="soft">
        {by}
        {at !== undefined && `, ${sayDay(at)}`}
      </p>
      <p className="typed">{children}</p>
    </blockquote>
  );
}

/**
 * The form in which a student is answered: what is decided (`children`, given what was refused by field), then the words.
 * `name`: the field of the words; `isBlank`: nothing is chosen or written. Once somebody else has settled the matter, what was
 * typed is still there to be copied.
 */
export function AnswerForm({
  isOpen,
  isBlank,
  name,
  words,
  onWords,
  save,
  children,
}: {
  isOpen: boolean;
  isBlank: boolean;
  name: string;
  words: string;
  onWords: (words: string) => void;
  save: Pick<UseMutationResult<unknown, Error, void>, 'mutate' | 'error' | 'isError' | 'isPending' | 'isSuccess'>;
  children: (errors: ApiError['fields']) => ReactNode;
}) {
  const errors = save.error instanceof ApiError ? save.error.fields : {};
  const form = useFocusOnRefusal(save.error);
  if (!isOpen) {
    if (save.isSuccess) return <Stored>{caseworkText.answerSaved}</Stored>;
    return words.trim() ? <Overtaken typed={words} onDiscard={() => onWords('')} /> : null;
  }
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {children(errors)}
      <Field label={caseworkText.answerReply} hint={caseworkText.answerHint} error={errors[name]}>
        {(wiring) => <textarea {...wiring} value={words} onChange={({ target }) => onWords(target.value)} />}
      </Field>
      <GuidanceBeside />
      {save.isError && <FormProblem error={save.error} />}
      {save.isSuccess && isBlank && <Stored>{caseworkText.answerSaved}</Stored>}
      <button type="submit" className="button button-main" disabled={save.isPending}>
        {caseworkText.sendAnswer}
      </button>
    </form>
  );
}
