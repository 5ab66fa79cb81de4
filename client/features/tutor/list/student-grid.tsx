import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useLocation } from 'wouter';
import { askedWords, outcomeWords, stateWords } from '../../../../server/contracts/casework-words.ts';
import type { FlagList, ListRow } from '../../../../server/contracts/flag-list.ts';
import type { Filters } from '../../../../server/contracts/saved-views.ts';
import { useText } from '../../../session.ts';
import { listText } from '../../../text/tutor-list.ts';
import { text } from '../../../text/tutor.ts';
import { isDue, sayDistance, sayShortDay, sayWaiting } from '../say-when.ts';
import { flagsInView } from './filter-rows.ts';
import { takePerson } from './remembered-list.ts';

const columns = [
  listText.columnSelect,
  listText.columnStudent,
  listText.columnWhy,
  listText.columnState,
  listText.columnContact,
];

/**
 * The rows on screen of a list that may hold thousands. One row takes part in the tab order; arrow keys, Home, End and Page
 * keys move, Enter opens, Space selects. Only the rows near the screen exist, so every row says its own place.
 */
export function StudentGrid({
  list,
  rows,
  view,
  selected,
  onToggle,
}: {
  list: FlagList;
  rows: readonly ListRow[];
  view: Filters['view'];
  selected: ReadonlySet<string>;
  onToggle: (personId: string) => void;
}) {
  const [, navigate] = useLocation();
  const [openedLast] = useState(takePerson);
  const [active, setActive] = useState(() =>
    Math.max(
      0,
      rows.findIndex(({ personId }) => personId === openedLast),
    ),
  );
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const measureMargin = useCallback((element: HTMLDivElement | null) => {
    body.current = element;
    if (!element) return undefined;
    // What stands above the list grows and shrinks (filters wrap, a form opens).
    const observer = new ResizeObserver(() => setMargin(Math.round(element.getBoundingClientRect().top + scrollY)));
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const current = Math.min(active, rows.length - 1);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => 84,
    overscan: 6,
    // Where another page had been scrolled to says nothing about this one.
    initialOffset: 0,
    getItemKey: (index) => rows[index]?.personId ?? index,
    scrollMargin: margin,
    // The row that has the focus stays in the page, wherever one scrolls to.
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const from = Math.max(0, startIndex - overscan);
      const to = Math.min(count - 1, endIndex + overscan);
      const shown = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
      return shown.includes(current) || current < 0 ? shown : [...shown, current].sort((one, other) => one - other);
    },
  });

  // Whoever comes back from a student's page goes on from there, once it is known where the list begins on the page.
  const isBack = useRef(openedLast !== undefined && rows[active]?.personId === openedLast);
  useEffect(() => {
    if (!isBack.current || margin === 0) return;
    isBack.current = false;
    virtualizer.scrollToIndex(active, { align: 'center' });
    requestAnimationFrame(() => {
      body.current?.querySelector<HTMLElement>(`[data-index="${active}"]`)?.focus({ preventScroll: true });
    });
  }, [active, margin, virtualizer]);

  const focusRow = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setActive(next);
    virtualizer.scrollToIndex(next, { align: 'auto' });
    requestAnimationFrame(() => {
      body.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus({ preventScroll: true });
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + 10,
      PageUp: current - 10,
      Home: 0,
      End: rows.length - 1,
    };
    const row = rows[current];
    const to = moves[event.key];
    if (to !== undefined) focusRow(to);
    else if (event.key === 'Enter' && row) navigate(`/students/${row.personId}`);
    else if (event.key === ' ' && row) onToggle(row.personId);
    else return;
    event.preventDefault();
  };

  return (
    <div
      className="grid"
      role="grid"
      aria-label={text.listTitle}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-multiselectable="true"
      aria-describedby="grid-keys"
    >
      <div role="rowgroup">
        <div role="row" className="grid-row grid-head" aria-rowindex={1}>
          {columns.map((column, index) => (
            <div key={column} role="columnheader" className={`cell cell-${index}`}>
              {index === 0 ? <span className="only-spoken">{column}</span> : column}
            </div>
          ))}
        </div>
      </div>
      <div ref={measureMargin} role="rowgroup" className="grid-body" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <div
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              role="row"
              className="grid-row grid-line"
              aria-rowindex={index + 2}
              aria-selected={selected.has(row.personId)}
              tabIndex={index === current ? 0 : -1}
              onFocus={() => setActive(index)}
              onKeyDown={onKeyDown}
              style={{ transform: `translateY(${start - margin}px)` }}
            >
              <RowCells row={row} list={list} view={view} isSelected={selected.has(row.personId)} onToggle={onToggle} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Rows come and go with every frame of scrolling: those that stay are left as they are. */
const RowCells = memo(function RowCells({
  row,
  list,
  view,
  isSelected,
  onToggle,
}: {
  row: ListRow;
  list: FlagList;
  view: Filters['view'];
  isSelected: boolean;
  onToggle: (personId: string) => void;
}) {
  const t = useText();
  const flags = flagsInView(row, view);
  const isFollowUpDue = row.followUpAt !== undefined && isDue(row.followUpAt, list.now);
  return (
    <>
      <div role="gridcell" className="cell cell-0">
        <input
          type="checkbox"
          className="tick"
          tabIndex={-1}
          checked={isSelected}
          onChange={() => onToggle(row.personId)}
          aria-label={`${listText.columnSelect} ${row.name}`}
        />
      </div>
      <div role="gridcell" className="cell cell-1">
        <a href={`#/students/${row.personId}`} tabIndex={-1}>
          {row.name}
        </a>
        {row.groups.length > 0 && (
          <span className="soft">{row.groups.map((place) => list.groups[place]).join(', ')}</span>
        )}
      </div>
      <div role="gridcell" className="cell cell-2">
        {row.askedAt !== undefined && <span className="asked">{askedWords}</span>}
        {flags.map((flag) => (
          <span key={flag.id} className={flag.isStrong && flag.kind === 'support' ? 'strong' : undefined}>
            {flag.texts.map((reason) => (
              <span key={reason} className="reason">
                {reason}
              </span>
            ))}
            {flag.hasCleared && <span className="soft">{listText.cleared}</span>}
          </span>
        ))}
      </div>
      <div role="gridcell" className="cell cell-3">
        <span className="tag">{flags[0] ? stateWords[flags[0].state] : stateWords.open}</span>{' '}
        {/* What a closed flag waited for is over: there the list says when it was raised. */}
        <span className="soft">
          {flags.some(({ isStrong, kind }) => isStrong && kind === 'support') && `${listText.strong}, `}
          {view === 'closed'
            ? t(listText.raised, { when: sayShortDay(row.waitingSince) })
            : sayWaiting(row.waitingSince, list.now)}
        </span>
      </div>
      <div role="gridcell" className="cell cell-4">
        {!row.last && <span className="soft only-wide">{listText.noContact}</span>}
        {row.last && (
          <span>
            {list.channels[row.last.channel] ?? row.last.channel}, {sayShortDay(row.last.at)}
            <span className="soft">
              {outcomeWords[row.last.outcome]}, {sayDistance(row.last.at, list.now)}
            </span>
          </span>
        )}
        {row.followUpAt !== undefined && (
          <span className={isFollowUpDue ? 'due' : 'soft'}>
            {t(text.followUpDue, { when: sayShortDay(row.followUpAt) })}
          </span>
        )}
        <a className="record" href={`#/students/${row.personId}/record`} tabIndex={-1}>
          {listText.record}
        </a>
      </div>
    </>
  );
});
