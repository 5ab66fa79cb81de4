import { useState } from 'react';
import type { Suggestion } from '../../../server/contracts/dashboard.ts';
import { Link } from 'wouter';
import { student } from '../../text/student.ts';
import { viewText } from '../../text/student-view.ts';
import { useSuggestionChoice } from './data.ts';
import { takeFocus } from '../../ui/focus.ts';

const text = student.week;

export function Suggestions({
  suggestions,
  hasGoal,
}: {
  suggestions: readonly Suggestion[];
  /** A goal that stands is not written over by an idea. */
  hasGoal: boolean;
}) {
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  /** Each choice swaps one button for another: the new one takes the focus. */
  const [last, setLast] = useState<string>();
  const choice = useSuggestionChoice();
  if (suggestions.length === 0) return null;
  const choose = (id: string, isDismissed: boolean) => {
    setDismissed((known) => (isDismissed ? [...known, id] : known.filter((each) => each !== id)));
    setLast(id);
    choice.mutate({ id, isDismissed });
  };
  return (
    <section className="card" aria-labelledby="suggestions">
      <h2 id="suggestions">{text.suggestions}</h2>
      <p className="hint">{text.suggestionsLead}</p>
      <ul className="plain suggestions">
        {suggestions.map((suggestion) => (
          <li key={suggestion.id} aria-live="polite">
            {dismissed.includes(suggestion.id) ? (
              <p>
                {text.dismissed}{' '}
                <button
                  type="button"
                  className="button button-quiet"
                  ref={takeFocus}
                  onClick={() => choose(suggestion.id, false)}
                >
                  {text.undo}
                  <span className="only-spoken">: {suggestion.text}</span>
                </button>
              </p>
            ) : (
              <>
                <p>{suggestion.text}</p>
                <p className="hint">{suggestion.because}</p>
                <div className="buttons">
                  {suggestion.url && (
                    <a className="button" href={suggestion.url} target="_blank" rel="noreferrer">
                      {text.show}
                      <span className="only-spoken">
                        : {suggestion.text}
                        {viewText.newTab}
                      </span>
                    </a>
                  )}
                  {!suggestion.url && suggestion.kind === 'service' && (
                    <Link className="button" href="/support">
                      {student.support.suggested}
                    </Link>
                  )}
                  {!hasGoal && suggestion.kind === 'habit' && (
                    <Link className="button" href={`/goals/idea/${suggestion.id}`}>
                      {text.takeUp}
                      <span className="only-spoken">: {suggestion.text}</span>
                    </Link>
                  )}
                  <button
                    type="button"
                    className="button button-quiet"
                    ref={last === suggestion.id ? takeFocus : undefined}
                    onClick={() => choose(suggestion.id, true)}
                  >
                    {text.dismiss}
                    <span className="only-spoken">: {suggestion.text}</span>
                  </button>
                </div>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
