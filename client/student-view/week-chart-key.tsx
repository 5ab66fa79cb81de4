import type { ReactNode } from 'react';
import type { StudentView, Week } from '../../server/contracts/student-view.ts';
import { sayCount } from '../format.ts';
import { useText } from '../session.ts';
import { viewText as text } from '../text/student-view.ts';
import { DueMark } from './due-marks.tsx';
import { isUnseen } from './week-column.tsx';

/** What each sign of the chart stands for; only those that the chart has. */
export function WeekChartKey({
  view,
  hasRange,
  patterns,
}: {
  view: StudentView;
  hasRange: boolean;
  /** The id of the chart's patterns. */
  patterns: string;
}) {
  const t = useText();
  const has = (isSo: (week: Week) => boolean) => view.weeks.some(isSo);
  const hasDue = (isSo: (isHandedIn: boolean) => boolean) =>
    view.work.some(({ dueAt, submittedAt }) => dueAt !== undefined && isSo(submittedAt !== undefined));
  return (
    <ul className="chart-key">
      <Key label={text.keyActive}>
        <rect className="chart-bar" x="4" y="2" width="12" height="14" />
      </Key>
      {has(({ when }) => when === 'now') && (
        <Key label={text.keyNow}>
          <rect className="chart-bar-now" x="4" y="2" width="12" height="14" fill={`url(#${patterns}-now)`} />
        </Key>
      )}
      {view.usual && (
        <Key label={`${text.keyUsual}: ${sayCount(view.usual.activeDays, 'day')}`}>
          <line className="chart-usual" x1="0" x2="20" y1="9" y2="9" />
        </Key>
      )}
      {hasRange && (
        <Key label={t(text.keyRange)}>
          <rect className="chart-range" x="2" y="3" width="16" height="12" />
        </Key>
      )}
      {hasDue((isHandedIn) => isHandedIn) && (
        <Key label={text.keyHandedIn}>
          <DueMark x={10} y={9} isHandedIn />
        </Key>
      )}
      {hasDue((isHandedIn) => !isHandedIn) && (
        <Key label={text.keyDue}>
          <DueMark x={10} y={9} isHandedIn={false} />
        </Key>
      )}
      {has(({ vacation }) => vacation !== undefined) && (
        <Key label={`${text.keyVacation} (V)`}>
          <rect x="2" y="2" width="16" height="14" fill={`url(#${patterns}-vacation)`} />
        </Key>
      )}
      {has(({ vacation, pausedDays }) => !vacation && pausedDays > 0) && (
        <Key label={text.keyPause}>
          <rect x="2" y="2" width="16" height="14" fill={`url(#${patterns}-pause)`} />
        </Key>
      )}
      {has(isUnseen) && (
        <Key label={text.keyUnseen}>
          <text className="chart-label chart-strong" x="10" y="14" textAnchor="middle">
            ?
          </text>
        </Key>
      )}
    </ul>
  );
}

function Key({ label, children }: { label: string; children: ReactNode }) {
  return (
    <li>
      <svg width="20" height="18" aria-hidden="true">
        {children}
      </svg>
      {label}
    </li>
  );
}
