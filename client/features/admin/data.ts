import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AdminCourses, AdminOverview, CourseQuery } from '../../../server/contracts/admin.ts';
import { get } from '../../api.ts';

const overviewKey = ['admin-overview'];

export function useOverview() {
  return useQuery({
    queryKey: overviewKey,
    queryFn: ({ signal }) => get<AdminOverview>('/api/admin/overview', signal),
    refetchInterval: 60_000,
  });
}

/** A page of courses; the one before stays in sight until it has come. */
export function useCourses({ search, only, page }: CourseQuery) {
  return useQuery({
    queryKey: ['admin-courses', only, search, page],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ only, search, page: String(page) });
      return get<AdminCourses>(`/api/admin/courses?${query}`, signal);
    },
    placeholderData: keepPreviousData,
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
