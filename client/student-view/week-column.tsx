import type { MiddleRangeReply } from '../../server/contracts/dashboard.ts';
import type { Week, Work } from '../../server/contracts/student-view.ts';
import { bottom, height, plotHeight, top, yOf } from './chart-scale.ts';
import { DueMarks } from './due-marks.tsx';

/** Of a whole week, so many days without news are worth a sign. */
const unseenWorthSaying = 2;

/** One week of the chart: its bar, what is special about it, the work that is due in it, and its number. */
export function WeekColumn({
  week,
  work,
  range,
  x,
  slot,
  hasNumber,
  patterns,
}: {
  week: Week;
  work: readonly Work[];
  range: NonNullable<MiddleRangeReply['weeks']>[number] | undefined;
  x: number;
  slot: number;
  hasNumber: boolean;
  /** The id of the chart's patterns. */
  patterns: string;
}) {
  const middle = x + slot / 2;
  const bar = Math.max(6, Math.min(40, slot * 0.6));
  const column = { x: x + 1, width: slot - 2, y: top, height: plotHeight };
  const isNow = week.when === 'now';
  return (
    <g>
      {week.vacation && <rect {...column} fill={`url(#${patterns}-vacation)`} />}
      {!week.vacation && week.pausedDays > 0 && <rect {...column} fill={`url(#${patterns}-pause)`} />}
      {range && (
        <rect
          className="chart-range"
          x={x + 2}
          width={slot - 4}
          y={yOf(range.to) - 1}
          height={yOf(range.from) - yOf(range.to) + 2}
        />
      )}
      {week.activeDays > 0 && (
        <rect
          className={isNow ? 'chart-bar-now' : 'chart-bar'}
          x={middle - bar / 2}
          width={bar}
          y={yOf(week.activeDays)}
          height={yOf(0) - yOf(week.activeDays)}
          rx={2}
          fill={isNow ? `url(#${patterns}-now)` : undefined}
        />
      )}
      {isUnseen(week) && (
        <text className="chart-label chart-strong" x={middle} y={yOf(0) - 6} textAnchor="middle">
          ?
        </text>
      )}
      <DueMarks work={work} middle={middle} slot={slot} />
      {(hasNumber || isNow) && (
        <text
          className={isNow ? 'chart-label chart-strong' : 'chart-label'}
          x={middle}
          y={height - bottom + 18}
          textAnchor="middle"
        >
          {week.vacation ? 'V' : week.number}
        </text>
      )}
      {isNow && <path className="chart-now" d={`M${middle - 5} ${height - 6} h10 l-5 -7 z`} />}
    </g>
  );
}

/** Whether too much of a week that has begun is not known. */
export function isUnseen({ when, unseenDays }: Week): boolean {
  return when !== 'to-come' && unseenDays > unseenWorthSaying;
}
