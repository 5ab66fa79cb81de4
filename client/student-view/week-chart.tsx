import { useId, useLayoutEffect, useRef, useState } from 'react';
import type { MiddleRangeReply } from '../../server/contracts/dashboard.ts';
import type { StudentView, Week, Work } from '../../server/contracts/student-view.ts';
import { sayCount } from '../format.ts';
import { useText } from '../session.ts';
import { viewText as text } from '../text/student-view.ts';
import { workDueIn } from './week-table.tsx';

const height = 260;
const top = 44;
const bottom = 34;
const left = 30;
const plotHeight = height - top - bottom;
const daysInWeek = 7;
const markWidth = 18;

/** The height of a number of days above the axis. */
function yOf(days: number): number {
  return top + plotHeight - (plotHeight * days) / daysInWeek;
}

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
  const t = useText();
  const id = useId();
  const [frame, width] = useWidth();
  const slot = (width - left - 4) / view.weeks.length;
  const bar = Math.max(6, Math.min(40, slot * 0.6));
  const showEvery = slot < 18 ? 2 : 1;
  const has = (isSo: (week: Week) => boolean) => view.weeks.some(isSo);
  const hasDue = (isSo: (isHandedIn: boolean) => boolean) =>
    view.work.some(({ dueAt, submittedAt }) => dueAt !== undefined && isSo(submittedAt !== undefined));
  return (
    <figure className="chart">
      <div ref={frame}>
        <svg width={width} height={height} role="img" aria-label={summary}>
          <Patterns id={id} />
          {[0, 2, 4, 6].map((days) => (
            <g key={days}>
              <line className="chart-grid" x1={left} x2={width} y1={yOf(days)} y2={yOf(days)} />
              <text className="chart-label" x={left - 6} y={yOf(days) + 4} textAnchor="end">
                {days}
              </text>
            </g>
          ))}
          {view.weeks.map((week, index) => {
            const x = left + index * slot;
            const middle = x + slot / 2;
            const column = { x: x + 1, width: slot - 2, y: top, height: plotHeight };
            const mid = range?.find((each) => each.week === week.week);
            return (
              <g key={week.week}>
                {week.vacation && <rect {...column} fill={`url(#${id}-vacation)`} />}
                {!week.vacation && week.pausedDays > 0 && <rect {...column} fill={`url(#${id}-pause)`} />}
                {mid && (
                  <rect
                    className="chart-range"
                    x={x + 2}
                    width={slot - 4}
                    y={yOf(mid.to) - 1}
                    height={yOf(mid.from) - yOf(mid.to) + 2}
                  />
                )}
                {week.activeDays > 0 && (
                  <rect
                    className={week.when === 'now' ? 'chart-bar-now' : 'chart-bar'}
                    x={middle - bar / 2}
                    width={bar}
                    y={yOf(week.activeDays)}
                    height={yOf(0) - yOf(week.activeDays)}
                    rx={2}
                    fill={week.when === 'now' ? `url(#${id}-now)` : undefined}
                  />
                )}
                {week.when !== 'to-come' && week.unseenDays > 2 && (
                  <text className="chart-label chart-strong" x={middle} y={yOf(0) - 6} textAnchor="middle">
                    ?
                  </text>
                )}
                <DueMarks work={workDueIn(week, view)} middle={middle} slot={slot} />
                {(index % showEvery === 0 || week.when === 'now') && (
                  <text
                    className={week.when === 'now' ? 'chart-label chart-strong' : 'chart-label'}
                    x={middle}
                    y={height - bottom + 18}
                    textAnchor="middle"
                  >
                    {week.vacation ? 'V' : week.number}
                  </text>
                )}
                {week.when === 'now' && <path className="chart-now" d={`M${middle - 5} ${height - 6} h10 l-5 -7 z`} />}
              </g>
            );
          })}
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
        <ul className="chart-key">
          <Key label={text.keyActive}>
            <rect className="chart-bar" x="4" y="2" width="12" height="14" />
          </Key>
          {has(({ when }) => when === 'now') && (
            <Key label={text.keyNow}>
              <rect className="chart-bar-now" x="4" y="2" width="12" height="14" fill={`url(#${id}-now)`} />
            </Key>
          )}
          {view.usual && (
            <Key label={`${text.keyUsual}: ${sayCount(view.usual.activeDays, 'day')}`}>
              <line className="chart-usual" x1="0" x2="20" y1="9" y2="9" />
            </Key>
          )}
          {range && (
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
              <rect x="2" y="2" width="16" height="14" fill={`url(#${id}-vacation)`} />
            </Key>
          )}
          {has(({ vacation, pausedDays }) => !vacation && pausedDays > 0) && (
            <Key label={text.keyPause}>
              <rect x="2" y="2" width="16" height="14" fill={`url(#${id}-pause)`} />
            </Key>
          )}
          {has(({ when, unseenDays }) => when !== 'to-come' && unseenDays > 2) && (
            <Key label={text.keyUnseen}>
              <text className="chart-label chart-strong" x="10" y="14" textAnchor="middle">
                ?
              </text>
            </Key>
          )}
        </ul>
      </figcaption>
    </figure>
  );
}

function Key({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <li>
      <svg width="20" height="18" aria-hidden="true">
        {children}
      </svg>
      {label}
    </li>
  );
}

/** One diamond for each piece of work; where they don't fit side by side, one for all of them with their number. */
function DueMarks({ work, middle, slot }: { work: readonly Work[]; middle: number; slot: number }) {
  const isDone = ({ submittedAt }: Work) => submittedAt !== undefined;
  // Never so large that it touches the mark of the week beside it.
  const size = Math.min(1, slot / markWidth);
  const titles = work.map(({ title, state }) => `${title}: ${text.workStates[state]}`);
  if (work.length > 1 && work.length * markWidth > slot) {
    return (
      <>
        <DueMark x={middle} size={size} isHandedIn={work.every(isDone)} title={titles.join('\n')} />
        <text className="chart-label chart-strong" x={middle} y={10} textAnchor="middle">
          {work.length}
        </text>
      </>
    );
  }
  return work.map((each, place) => (
    <DueMark
      key={each.id}
      size={size}
      x={middle + (place - (work.length - 1) / 2) * markWidth}
      isHandedIn={isDone(each)}
      title={titles[place] ?? ''}
    />
  ));
}

/** A diamond for work that is due; filled with a tick once something was handed in. */
function DueMark({
  x,
  y = 24,
  size = 1,
  isHandedIn,
  title,
}: {
  x: number;
  y?: number;
  size?: number;
  isHandedIn: boolean;
  title?: string;
}) {
  return (
    <g
      className={isHandedIn ? 'chart-due chart-due-done' : 'chart-due'}
      transform={`translate(${x} ${y}) scale(${size})`}
    >
      {title && <title>{title}</title>}
      <path d="M0 -8 l8 8 l-8 8 l-8 -8 z" />
      {isHandedIn && <path className="chart-tick" d="M-3.5 0 l2.5 3 l4.5 -6" />}
    </g>
  );
}

function Patterns({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={`${id}-now`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="chart-pattern-paper" width="6" height="6" />
        <rect className="chart-pattern-bar" width="3.5" height="6" />
      </pattern>
      <pattern id={`${id}-vacation`} width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
        <rect className="chart-pattern-quiet" width="1.5" height="8" />
      </pattern>
      <pattern id={`${id}-pause`} width="8" height="8" patternUnits="userSpaceOnUse">
        <circle className="chart-pattern-quiet" cx="4" cy="4" r="1.4" />
      </pattern>
    </defs>
  );
}

/** The width there is, so that letters keep their size however narrow the frame is. */
function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(320);
  // Before it is painted, so that nobody sees it narrow first.
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const measure = () => {
      // What is not laid out yet has no width to go by.
      if (element.clientWidth > 0) setWidth(Math.max(200, Math.floor(element.clientWidth)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [frame, width];
}
