import { useDeferredValue, useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { FlagList } from '../../../../server/contracts/flag-list.ts';
import type { Filters } from '../../../../server/contracts/saved-views.ts';
import { useText } from '../../../session.ts';
import { common } from '../../../text/common.ts';
import { text } from '../../../text/tutor.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ActionForm } from '../casework/action-form.tsx';
import { useFlagList } from '../data.ts';
import { sayMoment } from '../say-when.ts';
import { downloadList } from './download-list.ts';
import { filterRows } from './filter-rows.ts';
import { ListFilters } from './list-filters.tsx';
import { recallFilters, rememberFilters } from './remembered-filters.ts';
import { RefreshButton } from './refresh-button.tsx';
import { SavedViews } from './saved-views.tsx';
import { StudentGrid } from './student-grid.tsx';

export function ListPage() {
  const [filters, setFilters] = useState<Filters>(recallFilters);
  const list = useFlagList(filters.view === 'closed' ? 'closed' : 'running');
  const change = (next: Filters) => {
    rememberFilters(next);
    setFilters(next);
  };
  return (
    <Page title={text.listTitle} lead={list.data && <DataLine list={list.data} />}>
      <div className="tabs" role="group" aria-label={text.viewLabel}>
        {(['support', 'stretch', 'closed'] as const).map((view) => (
          <button
            key={view}
            type="button"
            className="tab"
            aria-pressed={(filters.view ?? 'support') === view}
            onClick={() => change({ ...filters, view, state: undefined })}
          >
            {{ support: text.viewSupport, stretch: text.viewStretch, closed: text.viewClosed }[view]}
          </button>
        ))}
      </div>
      {list.isPending && <Loading label={common.loading} />}
      {list.isError && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && <ListBody list={list.data} filters={filters} onFilters={change} />}
    </Page>
  );
}

function DataLine({ list }: { list: FlagList }) {
  const t = useText();
  return (
    <>
      <p>
        {list.teachingWeek !== undefined && list.teachingWeek > 0 && `${t(text.week, { week: list.teachingWeek })} `}
        {list.asOf === undefined ? text.neverRead : t(text.asOf, { when: sayMoment(list.asOf) })}{' '}
        {list.teachingWeek !== undefined && list.teachingWeek < 4 && text.earlyWeeks}
      </p>
      {list.notices.length > 0 && (
        <details>
          <summary>
            {text.aboutData} ({list.notices.length})
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

function ListBody({
  list,
  filters,
  onFilters,
}: {
  list: FlagList;
  filters: Filters;
  onFilters: (filters: Filters) => void;
}) {
  const t = useText();
  const [search, setSearch] = useState('');
  const deferredSearch = useDeferredValue(search);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isRecording, setIsRecording] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const [said, setSaid] = useState('');
  const rows = useMemo(() => filterRows(list, filters, deferredSearch), [list, filters, deferredSearch]);
  const all = useMemo(() => filterRows(list, { view: filters.view }, ''), [list, filters.view]);
  const isFiltered = rows.length !== all.length;

  const toggle = (personId: string) =>
    setSelected((before) => {
      const next = new Set(before);
      if (!next.delete(personId)) next.add(personId);
      return next;
    });
  return (
    <>
      <ListFilters list={list} filters={filters} onFilters={onFilters} search={search} onSearch={setSearch} />
      <div className="strip">
        <p role="status">
          {t(text.shown, { shown: rows.length, all: all.length })}
          {selected.size > 0 && ` · ${t(text.selected, { count: selected.size })}`}
        </p>
        <div className="buttons">
          <RefreshButton />
          <button
            type="button"
            className="button"
            onClick={() => void downloadList(rows.map(({ personId }) => personId)).catch(setProblem)}
          >
            {text.download}
          </button>
          <SavedViews filters={filters} onApply={onFilters} />
        </div>
      </div>
      {problem !== undefined && <Problem error={problem} />}
      <p className="hint">
        {text.order} <span id="grid-keys">{text.keys}</span>
      </p>
      <p className="check">
        <input
          id="select-all"
          type="checkbox"
          checked={rows.length > 0 && rows.every(({ personId }) => selected.has(personId))}
          onChange={({ target }) =>
            setSelected(target.checked ? new Set(rows.map(({ personId }) => personId)) : new Set())
          }
        />
        <label htmlFor="select-all">{text.selectAll}</label>
        {selected.size > 0 && (
          <button type="button" className="button button-main" onClick={() => setIsRecording(true)}>
            {text.recordForMany}
          </button>
        )}
      </p>
      <div role="status">{said && <Notice kind="good">{said}</Notice>}</div>
      {isRecording && selected.size > 0 && (
        <ActionForm
          personIds={[...selected]}
          onCancel={() => setIsRecording(false)}
          onRecorded={({ actions }) => {
            setIsRecording(false);
            setSelected(new Set());
            setSaid(t(text.recordedMany, { count: actions.length }));
          }}
        />
      )}
      {rows.length > 0 ? (
        <StudentGrid list={list} rows={rows} view={filters.view} selected={selected} onToggle={toggle} />
      ) : (
        <Notice kind="information">
          <p>{isFiltered ? text.nothing : text.nothingYet}</p>
          {isFiltered && (
            <button
              type="button"
              className="button"
              onClick={() => {
                setSearch('');
                onFilters({ view: filters.view });
              }}
            >
              {text.clearFilters}
            </button>
          )}
        </Notice>
      )}
      <p className="hint">
        {list.optedOut === 1 && text.optedOutOne}
        {list.optedOut > 1 && t(text.optedOutMany, { count: list.optedOut })}{' '}
        <Link href="/everyone">{text.everyone}</Link>
      </p>
    </>
  );
}
