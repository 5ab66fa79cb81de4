import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { RefreshReply } from '../../../../server/contracts/refresh.ts';
import { get, post } from '../../../api.ts';
import { listText } from '../../../text/tutor-list.ts';
import { useRefreshCasework } from '../data.ts';

/** Reads the course again and shows how far it is; the list follows by itself once it is done. */
export function RefreshButton() {
  const queries = useQueryClient();
  const refreshCasework = useRefreshCasework();
  const run = useQuery({
    queryKey: ['refresh'],
    queryFn: ({ signal }) => get<RefreshReply>('/api/refresh', signal),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 1000 : false),
  });
  const start = useMutation({
    mutationFn: () => post<RefreshReply>('/api/refresh', {}),
    onSuccess: (reply) => queries.setQueryData(['refresh'], reply),
  });
  const isRunning = run.data?.state === 'running' || start.isPending;
  const wasRunning = useRef(false);
  useEffect(() => {
    if (wasRunning.current && !isRunning) void refreshCasework();
    wasRunning.current = isRunning;
  }, [isRunning, refreshCasework]);
  const { done = 0, total = 0 } = run.data ?? {};
  return (
    <>
      <button type="button" className="button" disabled={isRunning} onClick={() => start.mutate()}>
        {isRunning ? listText.reading : listText.readAgain}
      </button>
      <span role="status">
        {isRunning && total > 0 && <progress value={done} max={total} aria-label={listText.reading} />}
        {start.isError && start.error.message}
      </span>
    </>
  );
}
