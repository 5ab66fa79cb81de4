import type { ReactNode } from 'react';
import type { ExplainedIndicator } from '../../server/contracts/student-view.ts';
import { sayMoment } from '../format.ts';
import { useText } from '../session.ts';
import { viewText as text } from '../text/student-view.ts';

/** One figure, its working with the student's own numbers, its limits, and what may be done about it (`children`). */
export function ExplainedFigure({
  figure,
  timeZone,
  children,
}: {
  figure: ExplainedIndicator;
  timeZone: string;
  children?: ReactNode;
}) {
  const t = useText();
  return (
    <article className="card figure" id={`figure-${figure.indicator}`}>
      <h3>{figure.label}</h3>
      <p className={figure.noData ? 'figure-none' : 'figure-result'}>
        {figure.noData?.text ?? keepUnits(figure.result)}
      </p>
      <p>{figure.howItIsWorkedOut}</p>
      {figure.formula && (
        <p className="figure-formula">
          <span className="hint">{text.withYourNumbers}: </span>
          <span>{keepUnits(figure.formula)}</span>
        </p>
      )}
      {figure.flagsNobody && <p>{figure.flagsNobody}</p>}
      <details>
        <summary>
          {text.moreTitle}
          <span className="only-spoken">: {figure.label}</span>
        </summary>
        <dl className="pairs figure-pairs">
          <dt>{text.whyItMatters}</dt>
          <dd>{figure.whyItMatters}</dd>
          {figure.evidence.length > 0 && (
            <>
              <dt>{text.evidence}</dt>
              <dd>
                <ul className="plain">
                  {figure.evidence.map(({ label, value }) => (
                    <li key={label}>
                      {label}: {value}
                    </li>
                  ))}
                </ul>
              </dd>
            </>
          )}
          <dt>{text.looksAt}</dt>
          <dd>
            {figure.rules.length === 0 && text.ruleNever}
            {figure.rules.map((rule) => (
              <p key={rule.text}>
                {rule.text}: {text[rule.strength]};{' '}
                {!rule.applies ? text.ruleNotNow : rule.holds ? text.ruleHolds : text.ruleDoesNotHold}.{' '}
                <span className="hint">{t(text.ruleSource, { source: rule.source })}</span>
              </p>
            ))}
          </dd>
          <dt>{text.whatChanges}</dt>
          <dd>{figure.whatWouldChangeIt}</dd>
          <dt>{text.cannotTell}</dt>
          <dd>{figure.whatItCannotTell}</dd>
          <dt>{text.restsOn}</dt>
          <dd>
            {figure.restsOn}
            {figure.asOf !== undefined && `; ${text.asOf.toLowerCase()} ${sayMoment(figure.asOf, timeZone)}`}
          </dd>
        </dl>
      </details>
      {children}
    </article>
  );
}

/** A number and its sign of per cent stay on one line. */
function keepUnits(said: string): string {
  return said.replaceAll(' %', '\u00a0%');
}
