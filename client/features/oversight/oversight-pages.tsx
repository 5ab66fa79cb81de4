import { common } from '../../text/common.ts';
import { Page } from '../../ui/page.tsx';

export function OversightPages() {
  return <Page title={common.loading}>{null}</Page>;
}
