import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AdminOverview } from '../../../server/contracts/admin.ts';
import { get } from '../../api.ts';

const overviewKey = ['admin-overview'];

export function useOverview() {
  return useQuery({
    queryKey: overviewKey,
    queryFn: ({ signal }) => get<AdminOverview>('/api/admin/overview', signal),
    refetchInterval: 60_000,
  });
}

/** A change after which the overview is read again. */
export function useChange<Input, Reply>(change: (input: Input) => Promise<Reply>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ queryKey: overviewKey }),
  });
}
