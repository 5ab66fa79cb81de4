import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { CaseworkForms, FollowUps } from '../../../server/contracts/actions.ts';
import type { Answers } from '../../../server/contracts/answers.ts';
import type { Discussions } from '../../../server/contracts/discussions.ts';
import type { FlagList } from '../../../server/contracts/flag-list.ts';
import type { Guidance } from '../../../server/contracts/guidance.ts';
import type { StudentPage } from '../../../server/contracts/student-page.ts';
import { get, getIfChanged } from '../../api.ts';

/**
 * What the tutor's pages read; a change anywhere makes everything that shows students stale. What colleagues and students write
 * is read anew whenever a page of it opens: until then it may be shown as it was.
 */
const readAnew = { refetchOnMount: 'always' } as const;

export function useGuidance() {
  return useQuery({ queryKey: ['guidance'], queryFn: ({ signal }) => get<Guidance>('/api/guidance', signal) });
}
export function useFlagList(which: 'running' | 'closed') {
  return useQuery({
    queryKey: ['casework', 'list', which],
    queryFn: ({ signal }) => getIfChanged<FlagList>(which === 'running' ? '/api/flags' : '/api/flags/closed', signal),
    // Comparing thousands of rows one by one would take longer than showing the new ones.
    structuralSharing: false,
  });
}
export function useStudentPage(personId: string) {
  return useQuery({
    queryKey: ['casework', 'student', personId],
    queryFn: ({ signal }) => get<StudentPage>(`/api/students/${personId}`, signal),
    ...readAnew,
  });
}
export function useForms() {
  return useQuery({ queryKey: ['forms'], queryFn: ({ signal }) => get<CaseworkForms>('/api/actions/forms', signal) });
}
export function useFollowUps() {
  return useQuery({
    queryKey: ['casework', 'follow-ups'],
    queryFn: ({ signal }) => get<FollowUps>('/api/follow-ups', signal),
    ...readAnew,
  });
}
export function useAnswers() {
  return useQuery({
    queryKey: ['casework', 'answers'],
    queryFn: ({ signal }) => get<Answers>('/api/answers', signal),
    ...readAnew,
  });
}
export function useDiscussions() {
  return useQuery({
    queryKey: ['casework', 'discussions'],
    queryFn: ({ signal }) => get<Discussions>('/api/discussions', signal),
    ...readAnew,
  });
}

/** Call after anything was recorded or changed. */
export function useRefreshCasework(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['casework'] });
}
