import { useCallback, useEffect, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { kindWords } from '../../../../server/contracts/casework-words.ts';
import type { FlagList } from '../../../../server/contracts/flag-list.ts';
import type { Filters } from '../../../../server/contracts/saved-views.ts';
import { useText } from '../../../session.ts';
import { common } from '../../../text/common.ts';
import { listText } from '../../../text/tutor-list.ts';
import { text } from '../../../text/tutor.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useIsRoomy } from '../../../ui/use-is-wide.ts';
import { ActionForm } from '../casework/action-form.tsx';
import { useFlagList } from '../data.ts';
import { sayMoment } from '../say-when.ts';
import { downloadList } from './download-list.ts';
import { filterRows } from './filter-rows.ts';
import { ListFilters } from './list-filters.tsx';
import { recallFilters, recallSearch, rememberFilters, rememberPeople, rememberSearch } from './remembered-list.ts';
import { RefreshButton } from './refresh-button.tsx';
import { SavedViews } from './saved-views.tsx';
import { StudentGrid } from './student-grid.tsx';
import { YourDay } from './your-day.tsx';

export function ListPage() {
  const [filters, setFilters] = useState<Filters>(recallFilters);
  const [search, setSearch] = useState(recallSearch);
  const list = useFlagList(filters.view === 'closed' ? 'closed' : 'running');
  const change = (next: Filters) => {
    rememberFilters(next);
    setFilters(next);
  };
  return (
    <Page title={text.listTitle} lead={list.data && <DataLine list={list.data} />}>
      <YourDay />
      <div className="list-head">
        <div className="tabs" role="group" aria-label={listText.viewLabel}>
          {(['support', 'stretch', 'closed'] as const).map((view) => (
            <button
              key={view}
              type="button"
              className="tab"
              aria-pressed={(filters.view ?? 'support') === view}
              onClick={() => change(withView(filters, view))}
            >
              {{ ...kindWords, closed: listText.viewClosed }[view]}
            </button>
          ))}
        </div>
        {list.data && (
          <ListFilters list={list.data} filters={filters} onFilters={change} search={search} onSearch={setSearch} />
        )}
      </div>
      {list.isPending && <Loading label={common.loading} />}
      {list.isError && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && (
        <ListBody list={list.data} filters={filters} onFilters={change} search={search} onSearch={setSearch} />
      )}
    </Page>
  );
}

/** Another view with what was chosen, but for what the other one has no choice of. */
function withView(filters: Filters, view: NonNullable<Filters['view']>): Filters {
  const reason = view !== 'support' && filters.reason === 'asked' ? undefined : filters.reason;
  return { ...filters, view, reason, state: undefined, ...(view === 'closed' && { waiting: undefined }) };
}

function DataLine({ list }: { list: FlagList }) {
  const t = useText();
  return (
    <>
      <p>
        {list.teachingWeek !== undefined &&
          list.teachingWeek > 0 &&
          `${t(listText.week, { week: list.teachingWeek })} `}
        {list.asOf === undefined ? listText.neverRead : t(text.asOf, { when: sayMoment(list.asOf) })}{' '}
        {list.teachingWeek !== undefined && list.teachingWeek < 4 && listText.earlyWeeks}
      </p>
      {list.notices.length > 0 && (
        <details>
          <summary>
            {listText.aboutData} ({list.notices.length})
          </summary>
          <ul>
            {list.notices.map((notice) => (
              <li key={notice}>{notice}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** By which rule the rows are ordered, and which keys move in them. */
function OrderOfRows({ view }: { view: NonNullable<Filters['view']> }) {
  return (
    <p className="hint">
      {listText.order[view]}{' '}
      <span id="grid-keys" className="only-wide">
        {listText.keys}
      </span>
    </p>
  );
}

function ListBody({
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
  const [isRecording, setIsRecording] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [said, setSaid] = useState('');
  const rows = useMemo(() => filterRows(list, filters, search), [list, filters, search]);
  const all = useMemo(() => filterRows(list, { view: filters.view }, ''), [list, filters.view]);
  const isFiltered = rows.length !== all.length;
  useEffect(() => {
    rememberSearch(search);
    rememberPeople(rows);
  }, [rows, search]);
  const shownKey = isFiltered ? 'shown' : all.length === 1 ? 'one' : 'all';
  const view = filters.view ?? 'support';
  // In a low frame what is said once opens on demand, so that the list itself is in sight.
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
            {t(listText[shownKey], { shown: rows.length, all: all.length })}
            {selected.size > 0 && ` · ${t(text.selected, { count: selected.size })}`}
          </p>
          {rows.length > 0 && !isRoomy && (
            <details className="order">
              <summary>{listText.orderOfRows}</summary>
              <OrderOfRows view={view} />
            </details>
          )}
          {selected.size > 0 && (
            <button type="button" className="button button-main" onClick={() => setIsRecording(true)}>
              {listText.recordForMany}
            </button>
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
      {isRecording && selected.size > 0 && (
        <ActionForm
          heading="h2"
          personIds={[...selected]}
          onCancel={() => setIsRecording(false)}
          onRecorded={({ actions }) => {
            setIsRecording(false);
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
