import { useState } from 'react';
import type { Suggestion } from '../../../server/contracts/dashboard.ts';
import { student } from '../../text/student.ts';
import { useSuggestionChoice } from './data.ts';

const text = student.week;

export function Suggestions({ suggestions }: { suggestions: readonly Suggestion[] }) {
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const choice = useSuggestionChoice();
  if (suggestions.length === 0) return null;
  const choose = (id: string, isDismissed: boolean) => {
    setDismissed((known) => (isDismissed ? [...known, id] : known.filter((each) => each !== id)));
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
                <button type="button" className="button button-quiet" onClick={() => choose(suggestion.id, false)}>
                  {text.undo}
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
                      <span className="only-spoken">: {suggestion.text}</span>
                    </a>
                  )}
                  <button type="button" className="button button-quiet" onClick={() => choose(suggestion.id, true)}>
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
