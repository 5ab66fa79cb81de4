import { lazy, Suspense, useState } from 'react';
import { Link } from 'wouter';
import type { StudentView, Work as SomeWork } from '../../../server/contracts/student-view.ts';
import type { DashboardReply } from '../../../server/contracts/dashboard.ts';
import { dayAt, sayCount, sayDay, sayUsual } from '../../format.ts';
import { useText } from '../../session.ts';
import { WeekTable } from '../../student-view/week-table.tsx';
import { WorkList } from '../../student-view/work-list.tsx';
import { student } from '../../text/student.ts';
import { viewText } from '../../text/student-view.ts';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { DueDatesButton } from './due-dates-button.tsx';
import { SaveProblem } from './form-parts.tsx';
import { useComparison, useDashboard, useMiddleRange } from './data.ts';

const text = student.weeks;
/** As many as can be taken in at a glance. */
const shown = 6;
const WeekChart = lazy(() => import('../../student-view/week-chart.tsx'));

export function WeeksPage() {
  const { data, error, refetch } = useDashboard();
  return (
    <Page title={text.title} lead={<p>{text.lead}</p>}>
      {data ? (
        <Weeks reply={data} />
      ) : error ? (
        <Problem error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading label={student.loading} />
      )}
    </Page>
  );
}

function Weeks({ reply: { view, showsMiddleRange } }: { reply: DashboardReply }) {
  const t = useText();
  const middle = useMiddleRange(showsMiddleRange);
  const comparison = useComparison();
  // Held here until the answer is in, so that the box keeps its tick from the moment of the click.
  const [asked, setAsked] = useState<boolean>();
  const range = showsMiddleRange ? middle.data?.weeks : undefined;
  const now = view.weeks.find(({ when }) => when === 'now');
  const summary = t(text.summary, {
    usual: view.usual ? t(text.summaryUsual, { count: sayUsual(view.usual.activeDays) }) : '',
    now: now ? t(text.summaryNow, { count: sayCount(now.activeDays, 'active day') }) : '',
  }).replace(/\s+/g, ' ');
  return (
    <>
      <section aria-labelledby="chart">
        <h2 id="chart">{viewText.chartTitle}</h2>
        <div className="chart-place">
          <ErrorBoundary fallback={<p>{viewText.chartMissing}</p>}>
            <Suspense fallback={<Loading label={viewText.chartLoading} />}>
              <WeekChart view={view} summary={summary} {...(range && { range })} />
            </Suspense>
          </ErrorBoundary>
        </div>
        {view.weeks.every(({ activeDays }) => activeDays === 0) && <p>{text.empty}</p>}
        <details>
          <summary>{text.table}</summary>
          <WeekTable view={view} {...(range && { range })} />
        </details>
        <div className="switch">
          <label className="choice">
            <input
              type="checkbox"
              checked={asked ?? showsMiddleRange}
              aria-describedby="compare-hint"
              onChange={(event) => {
                setAsked(event.target.checked);
                comparison.mutate(event.target.checked, { onSettled: () => setAsked(undefined) });
              }}
            />
            {t(text.compare)}
          </label>
          <p id="compare-hint" className="hint">
            {t(text.compareHint)}
          </p>
          <SaveProblem error={comparison.error ?? middle.error} />
          {showsMiddleRange && middle.data && !middle.data.weeks && (
            <p role="status">{t(text.compareSmall, { count: middle.data.minimumGroup })}</p>
          )}
        </div>
      </section>
      {view.work.length > 0 && (
        <section aria-labelledby="work">
          <h2 id="work">{text.allWork}</h2>
          <Work view={view} />
        </section>
      )}
      {view.pauses.length > 0 && (
        <section aria-labelledby="pauses">
          <h2 id="pauses">{text.pauses}</h2>
          <ul>
            {view.pauses.map(({ from, to, label }) => (
              <li key={from + label}>{t(text.pauseSpan, { label, from: sayDay(from), to: sayDay(to) })}</li>
            ))}
          </ul>
        </section>
      )}
      {view.corrections.length > 0 && (
        <section aria-labelledby="corrections">
          <h2 id="corrections">{text.corrections}</h2>
          <ul>
            {view.corrections.map((correction) => (
              <li key={correction}>{correction}</li>
            ))}
          </ul>
        </section>
      )}
      <p className="page-end">
        <Link className="button" href="/how">
          {text.howLink}
        </Link>
      </p>
    </>
  );
}

/** What comes next stands first, then what was, the latest first; the rest stands aside, so that nobody meets a heap. */
function Work({ view }: { view: StudentView }) {
  const t = useText();
  const { today, timeZone } = view.course;
  const dated = view.work.flatMap((work) =>
    work.dueAt === undefined ? [] : [{ work, day: dayAt(work.dueAt, timeZone) }],
  );
  const ahead = dated.filter(({ day }) => day >= today).map(({ work }) => work);
  const past = dated.flatMap(({ day, work }) => (day < today ? [work] : [])).reverse();
  const undated = view.work.filter(({ dueAt }) => dueAt === undefined);
  const list = (work: readonly SomeWork[]) => (
    <WorkList
      work={work}
      today={today}
      timeZone={timeZone}
      after={(each) =>
        each.state === 'not-seen' && (
          <div>
            <Link className="quiet-link" href={`/wrong/submission/${encodeURIComponent(each.id)}`}>
              {text.wrong}
              <span className="only-spoken">: {each.title}</span>
            </Link>
          </div>
        )
      }
    />
  );
  return (
    <>
      {ahead.length > 0 && (
        <>
          <h3>{text.ahead}</h3>
          {list(ahead.slice(0, shown))}
          <p className="links">
            <DueDatesButton work={ahead} />
          </p>
          {ahead.length > shown && (
            <details>
              <summary>{t(text.later, { count: ahead.length - shown })}</summary>
              {list(ahead.slice(shown))}
            </details>
          )}
        </>
      )}
      {past.length > 0 && (
        <>
          <h3>{text.past}</h3>
          {list(past.slice(0, shown))}
          {past.length > shown && (
            <details>
              <summary>{t(text.earlier, { count: past.length - shown })}</summary>
              {list(past.slice(shown))}
            </details>
          )}
        </>
      )}
      {undated.length > 0 && (
        <details>
          <summary>{t(text.undated, { count: undated.length })}</summary>
          <WorkList work={undated} today={today} timeZone={timeZone} />
        </details>
      )}
    </>
  );
}
