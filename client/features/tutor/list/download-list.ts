import { downloadFrom } from '../../../api.ts';

/** Downloads the rows named; a post, so that no list of students stands in an address. */
export function downloadList(which: 'running' | 'closed', personIds: readonly string[]): Promise<void> {
  return downloadFrom('POST', '/api/flags/export', 'support-list.csv', { which, personIds });
}
