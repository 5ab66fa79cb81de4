import { useQuery } from '@tanstack/react-query';
import type { CorrectionChoices } from '../../../../server/contracts/answers.ts';
import { get } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { text } from '../../../text/tutor.ts';
import { Field } from '../../../ui/field.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { fromDayField, sayDay } from '../say-when.ts';

const kinds = ['active-day', 'submission', 'excused', 'completion', 'attendance'] as const;
type Kind = (typeof kinds)[number];

/** What one types about a correction, as the fields hold it. */
export interface CorrectionDraft {
  readonly about: Kind | '';
  /** The assessment, activity or session. */
  readonly which: string;
  readonly day: string;
}

export const emptyCorrection: CorrectionDraft = { about: '', which: '', day: '' };

const kindWords: Readonly<Record<Kind, string>> = {
  'active-day': caseworkText.correctionDay,
  submission: caseworkText.correctionSubmission,
  excused: caseworkText.correctionExcused,
  completion: caseworkText.correctionCompletion,
  attendance: caseworkText.correctionAttendance,
};

/** The fields as the API takes them; what is missing is left out, and the answer says so at its field. */
export function toCorrection({ about, which, day }: CorrectionDraft): object {
  const at = fromDayField(day);
  switch (about) {
    case '':
      return {};
    case 'active-day':
      return { about, day };
    case 'submission':
      return { about, assessmentId: which, submittedAt: at };
    case 'excused':
      return { about, assessmentId: which };
    case 'completion':
      return { about, itemId: which, completedAt: at };
    case 'attendance':
      return { about, sessionId: which };
  }
}

/** What staff put right where the student's own words can't be taken over as they stand. */
export function CorrectionFields({
  challengeId,
  draft,
  onDraft,
  errors,
}: {
  challengeId: string;
  draft: CorrectionDraft;
  onDraft: (draft: CorrectionDraft) => void;
  errors: Readonly<Record<string, string>>;
}) {
  const t = useText();
  const choices = useQuery({
    queryKey: ['casework', 'choices', challengeId],
    queryFn: ({ signal }) => get<CorrectionChoices>(`/api/answers/challenges/${challengeId}/choices`, signal),
  });
  if (choices.isError) return <Problem error={choices.error} onRetry={() => void choices.refetch()} />;
  if (!choices.data) return null;
  const { about } = draft;
  const whichOf = listFor(about, choices.data);
  const needsDay = about === 'active-day' || about === 'submission' || about === 'completion';
  const errorOf = (...fields: string[]) =>
    fields.flatMap((field) => errors[`correction.${field}`] ?? []).at(0) ?? undefined;
  return (
    <fieldset>
      <legend>{caseworkText.acceptCorrection}</legend>
      <Field label={caseworkText.correctionAbout} error={errorOf('about') ?? errors['correction']}>
        {(wiring) => (
          <select
            {...wiring}
            value={about}
            onChange={({ target }) => onDraft({ ...emptyCorrection, about: target.value as Kind | '' })}
          >
            <option value="">{text.choose}</option>
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {kindWords[kind]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div className="side-by-side">
        {whichOf?.list.length === 0 && <p className="hint">{t(caseworkText.correctionNothing)}</p>}
        {whichOf && whichOf.list.length > 0 && (
          <Field label={whichOf.label} error={errorOf('assessmentId', 'itemId', 'sessionId')}>
            {(wiring) => (
              <select
                {...wiring}
                value={draft.which}
                onChange={({ target }) => onDraft({ ...draft, which: target.value })}
              >
                <option value="">{text.choose}</option>
                {whichOf.list.map(({ id, title }) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {needsDay && (
          <Field label={caseworkText.correctionOn} error={errorOf('day', 'submittedAt', 'completedAt')}>
            {(wiring) => (
              <input
                {...wiring}
                type="date"
                value={draft.day}
                onChange={({ target }) => onDraft({ ...draft, day: target.value })}
              />
            )}
          </Field>
        )}
      </div>
    </fieldset>
  );
}

function listFor(about: Kind | '', { assessments, items, sessions }: CorrectionChoices) {
  switch (about) {
    case 'submission':
    case 'excused':
      return { label: caseworkText.correctionWhichAssessment, list: assessments };
    case 'completion':
      return { label: caseworkText.correctionWhichItem, list: items };
    case 'attendance':
      return {
        label: caseworkText.correctionWhichSession,
        list: sessions.map(({ id, at }) => ({ id, title: sayDay(at) })),
      };
    case 'active-day':
    case '':
      return undefined;
  }
}
