import { useState } from 'react';
import { kindWords } from '../../../../server/contracts/casework-words.ts';
import type { FlagList } from '../../../../server/contracts/flag-list.ts';
import type { Filters } from '../../../../server/contracts/saved-views.ts';
import { useText } from '../../../session.ts';
import { common } from '../../../text/common.ts';
import { listText } from '../../../text/tutor-list.ts';
import { text } from '../../../text/tutor.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useIsRoomy } from '../../../ui/use-is-wide.ts';
import { useFlagList } from '../data.ts';
import { sayMoment } from '../say-when.ts';
import { ListBody } from './list-body.tsx';
import { ListFilters } from './list-filters.tsx';
import { OrderOfRows } from './order-of-rows.tsx';
import { recallFilters, recallSearch, rememberFilters } from './remembered-list.ts';
import { YourDay } from './your-day.tsx';

export function ListPage() {
  const [filters, setFilters] = useState<Filters>(recallFilters);
  const [search, setSearch] = useState(recallSearch);
  const isRoomy = useIsRoomy();
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
        {/* In a low frame what is said once opens on demand, so that the list itself is in sight. */}
        {list.data && !isRoomy && (
          <details className="order">
            <summary>{listText.orderOfRows}</summary>
            <OrderOfRows view={filters.view ?? 'support'} />
          </details>
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
