import { useEffect, type ReactNode } from 'react';
import { Link, Route, Switch, useRoute } from 'wouter';
import '../../student-view/student-view.css';
import { useSession } from '../../session.ts';
import { common } from '../../text/common.ts';
import { student as text } from '../../text/student.ts';
import { Navigation } from '../../ui/navigation.tsx';
import { Page } from '../../ui/page.tsx';
import { AboutPage } from './about-page.tsx';
import { forgetDraftsOfOthers } from './drafts.ts';
import { GoalsPage } from './goals-page.tsx';
import { HowPage } from './how-page.tsx';
import { ReadingPage } from '../../reading/reading-page.tsx';
import { SupportPage } from './support-page.tsx';
import { ThisWeekPage } from './this-week-page.tsx';
import { UrgentPage } from './urgent-page.tsx';
import { WeeksPage } from './weeks-page.tsx';
import { WrongPage } from './wrong-page.tsx';
import './student.css';

const items = [
  { path: '/', label: text.nav.week },
  { path: '/weeks', label: text.nav.weeks },
  { path: '/goals', label: text.nav.goals },
  { path: '/support', label: text.nav.support },
  { path: '/about', label: text.nav.about },
];

/** The student's own pages; urgent help is one step away from each of them. */
export function StudentPages() {
  const { draftsKey } = useSession();
  useEffect(() => forgetDraftsOfOthers(draftsKey), [draftsKey]);
  return (
    <>
      <Navigation items={items}>
        <EndLink path="/reading">
          <span>
            {text.nav.reading} <span className="wide-only">{text.nav.readingMore}</span>
          </span>
        </EndLink>
        <EndLink path="/urgent" className="urgent-link">
          {text.nav.urgent}
        </EndLink>
      </Navigation>
      <Switch>
        <Route path="/" component={ThisWeekPage} />
        <Route path="/weeks" component={WeeksPage} />
        <Route path="/how/:figure?" component={HowPage} />
        <Route path="/goals/:part?/:idea?" component={GoalsPage} />
        <Route path="/support" component={SupportPage} />
        <Route path="/about/:part?" component={AboutPage} />
        <Route path="/wrong/:topic?/:subject?" component={WrongPage} />
        <Route path="/reading" component={ReadingPage} />
        <Route path="/urgent" component={UrgentPage} />
        <Route>
          <Page title={common.notFoundTitle}>
            <p>{common.notFound}</p>
          </Page>
        </Route>
      </Switch>
    </>
  );
}

function EndLink({ path, className = '', children }: { path: string; className?: string; children: ReactNode }) {
  const [isHere] = useRoute(path);
  return (
    <Link href={path} className={`bar-link ${className}`} aria-current={isHere ? 'page' : undefined}>
      {children}
    </Link>
  );
}
