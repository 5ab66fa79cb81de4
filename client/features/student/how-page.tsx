import { Link } from 'wouter';
import type { SeenFlag, StudentView } from '../../../server/contracts/student-view.ts';
import { sayDate, sayMoment } from '../../format.ts';
import { useText } from '../../session.ts';
import { ExplainedFigure } from '../../student-view/explained-indicator.tsx';
import { student } from '../../text/student.ts';
import { viewText } from '../../text/student-view.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useDashboard } from './data.ts';

const text = student.weeks;

export function HowPage() {
  const { data, error, refetch } = useDashboard();
  return (
    <Page title={text.how} lead={<p>{text.howLead}</p>}>
      {data ? (
        <How view={data.view} />
      ) : error ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading label={student.loading} />
      )}
    </Page>
  );
}

function How({ view }: { view: StudentView }) {
  const t = useText();
  const { timeZone } = view.course;
  const known = view.indicators.filter(({ noData }) => !noData);
  const missing = view.indicators.filter(({ noData }) => noData);
  const cards = (figures: StudentView['indicators']) => (
    <div className="cards">
      {figures.map((figure) => (
        <ExplainedFigure key={figure.indicator} figure={figure} timeZone={timeZone}>
          <p>
            <Link className="quiet-link" href={`/wrong/indicator/${figure.indicator}`}>
              {text.wrong}
              <span className="only-spoken">: {figure.label}</span>
            </Link>
          </p>
        </ExplainedFigure>
      ))}
    </div>
  );
  return (
    <>
      {view.computedAt !== undefined && (
        <p className="hint">{t(text.computed, { when: sayMoment(view.computedAt, timeZone) })}</p>
      )}
      <section aria-labelledby="flags">
        <h2 id="flags">{text.flags}</h2>
        <p>{view.flags.length === 0 ? text.flagsNone : text.flagsLead}</p>
        {view.flags.map((flag) => (
          <Flag key={flag.id} flag={flag} timeZone={timeZone} />
        ))}
      </section>
      {known.length > 0 && (
        <section aria-labelledby="figures">
          <h2 id="figures">{text.figures}</h2>
          {cards(known)}
        </section>
      )}
      {missing.length > 0 && (
        <section aria-labelledby="figures-missing">
          <h2 id="figures-missing">{text.figuresMissing}</h2>
          <p>{text.figuresMissingLead}</p>
          {cards(missing)}
        </section>
      )}
      <p className="page-end">
        <Link className="button" href="/weeks">
          {text.back}
        </Link>
      </p>
    </>
  );
}

function Flag({ flag, timeZone }: { flag: SeenFlag; timeZone: string }) {
  const t = useText();
  return (
    <article className="card flag">
      <h3>{flag.title}</h3>
      <p className="hint">
        {t(viewText.flagSince, { date: sayDate(flag.openedAt, timeZone), state: viewText.flagStates[flag.state] })}
      </p>
      <p>{flag.summary}</p>
      <div className="flag-parts">
        <div>
          <ul>
            {flag.reasons.map((reason) => (
              <li key={reason.indicator}>
                {reason.label}: {reason.result}
                {reason.rules.map(({ text: rule }) => ` (${rule})`)}
              </li>
            ))}
          </ul>
          <p>{flag.together}</p>
          {flag.later.map(({ at, reasons }) => (
            <p key={at}>
              {t(viewText.flagLater, {
                date: sayDate(at, timeZone),
                what: reasons.map(({ label, result }) => `${label}: ${result}`).join('; '),
              })}
            </p>
          ))}
          {flag.notKnown.length > 0 && (
            <p>
              {viewText.notKnown}: {flag.notKnown.map(({ label }) => label).join(', ')}.
            </p>
          )}
          {flag.gaps.map((gap) => (
            <p key={gap}>{gap}</p>
          ))}
        </div>
        <div>
          <h4>{viewText.whatChanges}</h4>
          <ul>
            {flag.reasons.map(({ indicator, label, whatWouldChangeIt }) => (
              <li key={indicator}>
                {label}: {whatWouldChangeIt}
              </li>
            ))}
          </ul>
          {flag.state === 'open' && <p>{viewText.flagCloses}</p>}
          <p>{flag.notTheWholePicture}</p>
        </div>
      </div>
      {flag.history.length > 0 && (
        <details>
          <summary>{viewText.flagHistory}</summary>
          <ol className="steps">
            {flag.history.map(({ at, by, to, reason }) => (
              <li key={at + to}>
                {t(reason ? viewText.flagStepBecause : viewText.flagStep, {
                  date: sayDate(at, timeZone),
                  by,
                  state: viewText.flagStates[to],
                  reason: reason ? t(viewText.flagReasons[reason]) : '',
                })}
              </li>
            ))}
          </ol>
        </details>
      )}
      <p>
        <Link className="quiet-link" href={`/wrong/flag/${flag.id}`}>
          {text.wrong}
          <span className="only-spoken">: {flag.title}</span>
        </Link>
      </p>
    </article>
  );
}
