import { useId } from 'react';
import type { MiddleRangeReply } from '../../server/contracts/dashboard.ts';
import type { StudentView } from '../../server/contracts/student-view.ts';
import { useWidth } from '../ui/use-width.ts';
import { ChartPatterns } from './chart-patterns.tsx';
import { height, left, yOf } from './chart-scale.ts';
import { WeekChartKey } from './week-chart-key.tsx';
import { WeekColumn } from './week-column.tsx';
import { workDueIn } from './week-table.tsx';

/** Below this, a number for each week would touch the next. */
const numberWidth = 22;

/**
 * The term as bars of active days. It is a picture of the table that stands with it: patterns and signs carry what colour
 * does, and for a screen reader it is one image with a sentence.
 */
export default function WeekChart({
  view,
  range,
  summary,
}: {
  view: StudentView;
  range?: MiddleRangeReply['weeks'];
  summary: string;
}) {
  const id = useId();
  const [frame, width] = useWidth();
  const slot = (width - left - 4) / view.weeks.length;
  const showEvery = slot < numberWidth ? 2 : 1;
  return (
    <figure className="chart">
      <div ref={frame}>
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summary}>
          <ChartPatterns id={id} />
          {[0, 2, 4, 6].map((days) => (
            <g key={days}>
              <line className="chart-grid" x1={left} x2={width} y1={yOf(days)} y2={yOf(days)} />
              <text className="chart-label" x={left - 6} y={yOf(days) + 4} textAnchor="end">
                {days}
              </text>
            </g>
          ))}
          {view.weeks.map((week, index) => (
            <WeekColumn
              key={week.week}
              week={week}
              work={workDueIn(week, view)}
              range={range?.find((each) => each.week === week.week)}
              x={left + index * slot}
              slot={slot}
              hasNumber={index % showEvery === 0}
              patterns={id}
            />
          ))}
          {view.usual && (
            <line
              className="chart-usual"
              x1={left}
              x2={width}
              y1={yOf(view.usual.activeDays)}
              y2={yOf(view.usual.activeDays)}
            />
          )}
          <line className="chart-axis" x1={left} x2={width} y1={yOf(0)} y2={yOf(0)} />
        </svg>
      </div>
      <figcaption>
        <WeekChartKey view={view} hasRange={range !== undefined} patterns={id} />
      </figcaption>
    </figure>
  );
}
