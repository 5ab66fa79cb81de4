import type { Work } from '../../server/contracts/student-view.ts';
import { viewText as text } from '../text/student-view.ts';

const markWidth = 18;

/** One diamond for each piece of work; where they don't fit side by side, one for all of them with their number. */
export function DueMarks({ work, middle, slot }: { work: readonly Work[]; middle: number; slot: number }) {
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
export function DueMark({
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
