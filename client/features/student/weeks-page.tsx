import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import type { StudentView } from '../../../server/contracts/student-view.ts';
import type { DashboardReply } from '../../../server/contracts/dashboard.ts';
import { sayCount, sayDay } from '../../format.ts';
import { useText } from '../../session.ts';
import { WeekTable } from '../../student-view/week-table.tsx';
import { WorkList } from '../../student-view/work-list.tsx';
import { student } from '../../text/student.ts';
import { viewText } from '../../text/student-view.ts';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useComparison, useDashboard, useMiddleRange } from './data.ts';

const text = student.weeks;
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
  const range = showsMiddleRange ? middle.data?.weeks : undefined;
  const now = view.weeks.find(({ when }) => when === 'now');
  const summary = t(text.summary, {
    usual: view.usual ? t(text.summaryUsual, { count: sayCount(view.usual.activeDays, 'active day') }) : '',
    now: now ? t(text.summaryNow, { count: sayCount(now.activeDays, 'active day') }) : '',
  }).replace(/\s+/g, ' ');
  return (
    <>
      <section aria-labelledby="chart">
        <h2 id="chart">{viewText.chartTitle}</h2>
        <Suspense fallback={<Loading label={viewText.chartLoading} />}>
          <WeekChart view={view} summary={summary} {...(range && { range })} />
        </Suspense>
        <details>
          <summary>{text.table}</summary>
          <WeekTable view={view} {...(range && { range })} />
        </details>
        <div className="switch">
          <label className="choice">
            <input
              type="checkbox"
              checked={showsMiddleRange}
              aria-describedby="compare-hint"
              onChange={(event) => comparison.mutate(event.target.checked)}
            />
            {t(text.compare)}
          </label>
          <p id="compare-hint" className="hint">
            {t(text.compareHint)}
          </p>
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
      <p>
        <Link className="button" href="/how">
          {text.howLink}
        </Link>
      </p>
    </>
  );
}

/** Work with a due time in its order; the rest stands aside, so that it does not look like a heap of things to do. */
function Work({ view }: { view: StudentView }) {
  const t = useText();
  const dated = view.work.filter(({ dueAt }) => dueAt !== undefined);
  const undated = view.work.filter(({ dueAt }) => dueAt === undefined);
  const { today, timeZone } = view.course;
  return (
    <>
      <WorkList
        work={dated}
        today={today}
        timeZone={timeZone}
        after={(work) =>
          work.state === 'not-seen' && (
            <div>
              <Link className="quiet-link" href={`/wrong/submission/${encodeURIComponent(work.id)}`}>
                {text.wrong}
                <span className="only-spoken">: {work.title}</span>
              </Link>
            </div>
          )
        }
      />
      {undated.length > 0 && (
        <details>
          <summary>{t(text.undated, { count: undated.length })}</summary>
          <WorkList work={undated} today={today} timeZone={timeZone} />
        </details>
      )}
    </>
  );
}
