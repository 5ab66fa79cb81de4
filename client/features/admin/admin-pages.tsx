import { Route, Switch } from 'wouter';
import { ReadingPage } from '../../reading/reading-page.tsx';
import { admin } from '../../text/admin.ts';
import { common } from '../../text/common.ts';
import { Loading } from '../../ui/loading.tsx';
import { Navigation } from '../../ui/navigation.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { ReadingLink } from '../../ui/reading-link.tsx';
import { useOverview } from './data.ts';
import { FreshnessPage } from './freshness-page.tsx';
import { HealthPage } from './health-page.tsx';
import { PlatformsPage } from './platforms-page.tsx';
import './admin.css';

const items = [
  { path: '/', label: admin.nav.health },
  { path: '/platforms', label: admin.nav.platforms },
  { path: '/freshness', label: admin.nav.freshness },
];

/** The administrator's pages: the system, never the people in it. */
export function AdminPages() {
  const overview = useOverview();
  return (
    <>
      <Navigation items={items}>
        <ReadingLink />
      </Navigation>
      {overview.data === undefined && overview.isError && (
        <Page title={admin.health.title}>
          <Problem error={overview.error} onRetry={() => void overview.refetch()} />
        </Page>
      )}
      {overview.data === undefined && !overview.isError && <Loading label={common.loading} />}
      {overview.data && (
        <Switch>
          <Route path="/">
            <HealthPage overview={overview.data} />
          </Route>
          <Route path="/platforms">
            <PlatformsPage overview={overview.data} />
          </Route>
          <Route path="/reading">
            <ReadingPage />
          </Route>
          <Route path="/freshness">
            <FreshnessPage key="all" only="all" />
          </Route>
          <Route path="/freshness/troubled">
            <FreshnessPage key="troubled" only="troubled" />
          </Route>
          <Route>
            <Page title={common.notFoundTitle}>
              <p>{common.notFound}</p>
            </Page>
          </Route>
        </Switch>
      )}
    </>
  );
}
