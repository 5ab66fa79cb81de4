import { lazy, Suspense } from 'react';
import type { StudentView } from '../../../../server/contracts/student-view.ts';
import { useText } from '../../../session.ts';
import { studentText } from '../../../text/tutor-student.ts';
import { ExplainedFigure } from '../../../student-view/explained-indicator.tsx';
import { WeekTable } from '../../../student-view/week-table.tsx';
import { WorkList } from '../../../student-view/work-list.tsx';
import '../../../student-view/student-view.css';

const WeekChart = lazy(() => import('../../../student-view/week-chart.tsx'));

/** The student's own view, by the same pieces that the student sees. */
export function TheirView({ view }: { view: StudentView }) {
  const t = useText();
  const when = { today: view.course.today, timeZone: view.course.timeZone };
  const dated = view.work.filter(({ dueAt }) => dueAt !== undefined);
  const undated = view.work.filter(({ dueAt }) => dueAt === undefined);
  return (
    <section>
      <h2>{studentText.theirView}</h2>
      {view.weeks.length > 0 && (
        <>
          <Suspense fallback={null}>
            <WeekChart view={view} summary={studentText.weeksSummary} />
          </Suspense>
          <details>
            <summary>{studentText.weeksAsTable}</summary>
            <WeekTable view={view} />
          </details>
        </>
      )}
      {dated.length > 0 && <WorkList work={dated} {...when} />}
      {undated.length > 0 && (
        <details>
          <summary>{t(studentText.undated, { count: undated.length })}</summary>
          <WorkList work={undated} {...when} />
        </details>
      )}
      {view.indicators.length > 0 && (
        <details>
          <summary>{studentText.allFigures}</summary>
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
