import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { DashboardReply, MiddleRangeReply } from '../../../server/contracts/dashboard.ts';
import type { JournalReply } from '../../../server/contracts/reflections.ts';
import type { RightsReply, SupportReply } from '../../../server/contracts/rights.ts';
import type { StudentView } from '../../../server/contracts/student-view.ts';
import { get, put } from '../../api.ts';

const askAgainMs = 15_000;

export const keys = {
  dashboard: ['dashboard'],
  journal: ['journal'],
  support: ['support'],
  rights: ['rights'],
} as const;

export function useDashboard() {
  return useQuery({
    queryKey: keys.dashboard,
    queryFn: ({ signal }) => get<DashboardReply>('/api/dashboard', signal),
    refetchInterval: ({ state: { data } }) => (data && isUnread(data.view) ? askAgainMs : false),
  });
}

/** Whether no source of the course has been read yet: it was opened for the first time a moment ago. */
export function isUnread({ computedAt, sources }: StudentView): boolean {
  return computedAt === undefined && sources.every(({ state }) => state === 'never');
}

export function useJournal() {
  return useQuery({ queryKey: keys.journal, queryFn: ({ signal }) => get<JournalReply>('/api/journal', signal) });
}

export function useSupport() {
  return useQuery({
    queryKey: keys.support,
    queryFn: ({ signal }) => get<SupportReply>('/api/rights/support', signal),
  });
}

export function useRights() {
  return useQuery({ queryKey: keys.rights, queryFn: ({ signal }) => get<RightsReply>('/api/rights', signal) });
}

/** Asked for only while the student has the comparison switched on. */
export function useMiddleRange(isWanted: boolean) {
  return useQuery({
    queryKey: ['middle-range'],
    queryFn: ({ signal }) => get<MiddleRangeReply>('/api/dashboard/middle-range', signal),
    enabled: isWanted,
  });
}

export function useComparison() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (showsMiddleRange: boolean) => put<void>('/api/dashboard/comparison', { showsMiddleRange }),
    onMutate: (showsMiddleRange) => {
      queries.setQueryData<DashboardReply>(keys.dashboard, (known) => known && { ...known, showsMiddleRange });
    },
    onError: () => queries.invalidateQueries({ queryKey: keys.dashboard }),
  });
}

export function useSuggestionChoice() {
  return useMutation({
    mutationFn: (choice: { id: string; isDismissed: boolean }) => put<void>('/api/dashboard/suggestion', choice),
  });
}

/** Fetches the named pieces again after something was saved. */
export function useRefreshed(): (...names: (keyof typeof keys)[]) => Promise<void> {
  const queries = useQueryClient();
  return async (...names) => {
    await Promise.all(names.map((name) => queries.invalidateQueries({ queryKey: keys[name] })));
  };
}
