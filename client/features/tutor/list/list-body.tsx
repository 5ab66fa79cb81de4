import { useCallback, useEffect, useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { FlagList } from '../../../../server/contracts/flag-list.ts';
import type { Filters } from '../../../../server/contracts/saved-views.ts';
import { sayNumber } from '../../../format.ts';
import { useText } from '../../../session.ts';
import { listText } from '../../../text/tutor-list.ts';
import { text } from '../../../text/tutor.ts';
import { Notice } from '../../../ui/notice.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useIsRoomy } from '../../../ui/use-is-wide.ts';
import { ActionForm } from '../casework/action-form.tsx';
import { WriteToMany } from '../casework/write-to-many.tsx';
import { downloadList } from './download-list.ts';
import { countNotKnown, filterRows } from './filter-rows.ts';
import { OrderOfRows } from './order-of-rows.tsx';
import { RefreshButton } from './refresh-button.tsx';
import { rememberPeople, rememberSearch } from './remembered-list.ts';
import { SavedViews } from './saved-views.tsx';
import { StudentGrid } from './student-grid.tsx';

/** The rows that are left, and what can be done with all of them or with those selected. */
export function ListBody({
  list,
  filters,
  onFilters,
  search,
  onSearch,
}: {
  list: FlagList;
  filters: Filters;
  onFilters: (filters: Filters) => void;
  search: string;
  onSearch: (search: string) => void;
}) {
  const t = useText();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<'write' | 'record' | 'sent'>();
  const [problem, setProblem] = useState<unknown>();
  const [said, setSaid] = useState('');
  const rows = useMemo(() => filterRows(list, filters, search), [list, filters, search]);
  const all = useMemo(() => filterRows(list, { view: filters.view }, ''), [list, filters.view]);
  const notKnown = useMemo(() => countNotKnown(list, filters, search), [list, filters, search]);
  const isFiltered = rows.length !== all.length;
  useEffect(() => {
    rememberSearch(search);
    rememberPeople(rows);
  }, [rows, search]);
  const shownKey = isFiltered ? 'shown' : all.length === 1 ? 'one' : 'all';
  const view = filters.view ?? 'support';
  const isRoomy = useIsRoomy();

  const toggle = useCallback(
    (personId: string) =>
      setSelected((before) => {
        const next = new Set(before);
        if (!next.delete(personId)) next.add(personId);
        return next;
      }),
    [],
  );
  return (
    <>
      <div className="strip">
        <div className="strip-start">
          {all.length > 0 && (
            <p className="check">
              <input
                id="select-all"
                type="checkbox"
                checked={rows.length > 0 && rows.every(({ personId }) => selected.has(personId))}
                onChange={({ target }) =>
                  setSelected(target.checked ? new Set(rows.map(({ personId }) => personId)) : new Set())
                }
              />
              <label htmlFor="select-all">{listText.selectAll}</label>
            </p>
          )}
          <p role="status">
            {t(listText[shownKey], { shown: sayNumber(rows.length), all: sayNumber(all.length) })}
            {notKnown > 0 && ` · ${t(listText.moreNotKnown, { count: sayNumber(notKnown) })}`}
            {selected.size > 0 && ` · ${t(text.selected, { count: sayNumber(selected.size) })}`}
          </p>
          {selected.size > 0 && (
            <div className="buttons">
              <button type="button" className="button" onClick={() => setOpen('write')}>
                {listText.writeToMany}
              </button>
              <button type="button" className="button button-main" onClick={() => setOpen('record')}>
                {listText.recordForMany}
              </button>
            </div>
          )}
        </div>
        <div className="buttons">
          <RefreshButton />
          <SavedViews filters={filters} onApply={onFilters} />
          {rows.length > 0 && (
            <button
              type="button"
              className="button"
              onClick={() =>
                void downloadList(
                  view === 'closed' ? 'closed' : 'running',
                  rows.map(({ personId }) => personId),
                ).catch(setProblem)
              }
            >
              {text.download}
            </button>
          )}
        </div>
      </div>
      {problem !== undefined && <Problem error={problem} />}
      {rows.length > 0 && isRoomy && <OrderOfRows view={view} />}
      <div role="status">{said && <Notice kind="good">{said}</Notice>}</div>
      {open === 'write' && selected.size > 0 && (
        <WriteToMany personIds={[...selected]} onSent={() => setOpen('sent')} onCancel={() => setOpen(undefined)} />
      )}
      {(open === 'record' || open === 'sent') && selected.size > 0 && (
        <ActionForm
          key={open}
          heading="h2"
          personIds={[...selected]}
          {...(open === 'sent' && { start: { channel: 'university-email', outcome: 'awaiting-reply' as const } })}
          onCancel={() => setOpen(undefined)}
          onRecorded={({ actions }) => {
            setOpen(undefined);
            setSelected(new Set());
            setSaid(t(listText.recordedMany, { count: actions.length }));
          }}
        />
      )}
      {rows.length > 0 ? (
        <div className="grid-box">
          <StudentGrid list={list} rows={rows} view={filters.view} selected={selected} onToggle={toggle} />
        </div>
      ) : (
        <Notice kind="information">
          <p>{isFiltered ? text.nothing : listText.nothingYet[view]}</p>
          {isFiltered && (
            <button
              type="button"
              className="button"
              onClick={() => {
                onSearch('');
                onFilters({ view: filters.view });
              }}
            >
              {listText.clearFilters}
            </button>
          )}
        </Notice>
      )}
      <p className="hint">
        {list.optedOut === 1 && listText.optedOutOne}
        {list.optedOut > 1 && t(listText.optedOutMany, { count: list.optedOut })}{' '}
        <Link href="/everyone">{text.everyone}</Link>
      </p>
    </>
  );
}
