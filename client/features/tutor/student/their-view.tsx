import { lazy, Suspense } from 'react';
import type { StudentView } from '../../../../server/contracts/student-view.ts';
import { text } from '../../../text/tutor.ts';
import { ExplainedFigure } from '../../../student-view/explained-indicator.tsx';
import { WeekTable } from '../../../student-view/week-table.tsx';
import { WorkList } from '../../../student-view/work-list.tsx';
import '../../../student-view/student-view.css';

const WeekChart = lazy(() => import('../../../student-view/week-chart.tsx'));

/** The student's own view, by the same pieces that the student sees. */
export function TheirView({ view }: { view: StudentView }) {
  return (
    <section>
      <h2>{text.theirView}</h2>
      {view.weeks.length > 0 && (
        <>
          <Suspense fallback={null}>
            <WeekChart view={view} summary={text.weeksSummary} />
          </Suspense>
          <details>
            <summary>{text.weeksAsTable}</summary>
            <WeekTable view={view} />
          </details>
        </>
      )}
      {view.work.length > 0 && <WorkList work={view.work} today={view.course.today} timeZone={view.course.timeZone} />}
      {view.indicators.length > 0 && (
        <details>
          <summary>{text.allFigures}</summary>
          <div className="cards">
            {view.indicators.map((figure) => (
              <ExplainedFigure key={figure.indicator} figure={figure} timeZone={view.course.timeZone} />
            ))}
          </div>
        </details>
      )}
    </section>
  );
}
