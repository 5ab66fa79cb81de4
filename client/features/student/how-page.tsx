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
  // What says something stands before what cannot.
  const figures = [...view.indicators].sort((a, b) => Number(Boolean(a.noData)) - Number(Boolean(b.noData)));
  return (
    <>
      {view.computedAt !== undefined && (
        <p className="hint">{t(text.computed, { when: sayMoment(view.computedAt, timeZone) })}</p>
      )}
      <section aria-labelledby="flags">
        <h2 id="flags">{text.flags}</h2>
        {view.flags.length === 0 && <p>{text.flagsNone}</p>}
        {view.flags.map((flag) => (
          <Flag key={flag.id} flag={flag} timeZone={timeZone} />
        ))}
      </section>
      <section aria-labelledby="figures">
        <h2 id="figures">{text.how}</h2>
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
      </section>
    </>
  );
}

function Flag({ flag, timeZone }: { flag: SeenFlag; timeZone: string }) {
  const t = useText();
  return (
    <article className="card">
      <h3>{flag.title}</h3>
      <p>{t(viewText.flagSince, { date: sayDate(flag.openedAt, timeZone), state: viewText.flagStates[flag.state] })}</p>
      <p>{flag.summary}</p>
      <ul>
        {flag.reasons.map((reason) => (
          <li key={reason.indicator}>
            {reason.label}: {reason.result}
            {reason.rules.map(({ text: rule }) => ` (${rule})`)}
          </li>
        ))}
      </ul>
      <p>{flag.together}</p>
      {flag.notKnown.length > 0 && (
        <p>
          {viewText.notKnown}: {flag.notKnown.map(({ label }) => label).join(', ')}.
        </p>
      )}
      {flag.gaps.map((gap) => (
        <p key={gap}>{gap}</p>
      ))}
      <p>{flag.notTheWholePicture}</p>
      <p>
        <strong>{viewText.whatChanges}:</strong> {flag.whatWouldChangeIt}
      </p>
      <p>
        <Link className="quiet-link" href={`/wrong/flag/${flag.id}`}>
          {text.wrong}
          <span className="only-spoken">: {flag.title}</span>
        </Link>
      </p>
    </article>
  );
}
