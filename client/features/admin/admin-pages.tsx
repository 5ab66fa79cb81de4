import { common } from '../../text/common.ts';
import { Page } from '../../ui/page.tsx';

export function AdminPages() {
  return <Page title={common.loading}>{null}</Page>;
}
