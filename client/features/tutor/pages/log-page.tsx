import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LogPage as Log } from '../../../../server/contracts/actions.ts';
import { download, get } from '../../../api.ts';
import { useText } from '../../../session.ts';
import { common } from '../../../text/common.ts';
import { caseworkText } from '../../../text/tutor-casework.ts';
import { text } from '../../../text/tutor.ts';
import { Loading } from '../../../ui/loading.tsx';
import { Page } from '../../../ui/page.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ActionEntry } from '../casework/action-entry.tsx';
import { AlertEntry } from '../casework/alert-entry.tsx';

/** Every entry of the course's log, newest first, page by page. */
export function LogPage() {
  const t = useText();
  const [problem, setProblem] = useState<unknown>();
  const log = useInfiniteQuery({
    queryKey: ['casework', 'log'],
    queryFn: ({ pageParam, signal }) => get<Log>(`/api/actions${pageParam ? `?before=${pageParam}` : ''}`, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
  const actions = log.data?.pages.flatMap((page) => page.actions) ?? [];
  return (
    <Page title={caseworkText.logTitle} lead={t(caseworkText.logLead)}>
      <p>
        <button
          type="button"
          className="button"
          onClick={() => void download('/api/actions/export', 'log.csv').catch(setProblem)}
        >
          {text.download}
        </button>
      </p>
      {problem !== undefined && <Problem error={problem} />}
      {log.isPending && <Loading label={common.loading} />}
      {log.isError && <Problem error={log.error} onRetry={() => void log.refetch()} />}
      {log.data && actions.length === 0 && <p>{text.noLog}</p>}
      <h2 className="only-spoken">{text.logOf}</h2>
      {actions.map((action) => (
        <ActionEntry key={action.id} action={action} showStudent />
      ))}
      {log.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={log.isFetchingNextPage}
          onClick={() => void log.fetchNextPage()}
        >
          {caseworkText.older}
        </button>
      )}
      <Alerts alerts={log.data?.pages[0]?.alerts ?? []} />
    </Page>
  );
}

function Alerts({ alerts }: { alerts: Log['alerts'] }) {
  if (alerts.length === 0) return null;
  return (
    <section>
      <h2>{caseworkText.alertsTitle}</h2>
      {alerts.map((alert) => (
        <AlertEntry key={alert.id} alert={alert} showStudent />
      ))}
    </section>
  );
}
