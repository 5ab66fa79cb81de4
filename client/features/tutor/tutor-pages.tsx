import type { ReactNode } from 'react';
import { Link, Route, Switch } from 'wouter';
import { FairnessPage } from '../../fairness/fairness-report.tsx';
import { ApiError } from '../../api.ts';
import { ReadingPage } from '../../reading/reading-page.tsx';
import { useText } from '../../session.ts';
import { common } from '../../text/common.ts';
import { fairness } from '../../text/fairness.ts';
import { text } from '../../text/tutor.ts';
import { Loading } from '../../ui/loading.tsx';
import { Navigation } from '../../ui/navigation.tsx';
import { Page } from '../../ui/page.tsx';
import { ReadingLink } from '../../ui/reading-link.tsx';
import { Problem } from '../../ui/problem.tsx';
import { UrgentHelpLink } from '../../ui/urgent-help-link.tsx';
import { useAnswers, useDiscussions, useFollowUps, useGuidance } from './data.ts';
import { ListPage } from './list/list-page.tsx';
import { AnswersPage } from './pages/answers-page.tsx';
import { DiscussionsPage } from './pages/discussions-page.tsx';
import { EveryonePage } from './pages/everyone-page.tsx';
import { FollowUpsPage } from './pages/follow-ups-page.tsx';
import { GuidancePage } from './pages/guidance-page.tsx';
import { HelpedPage } from './pages/helped-page.tsx';
import { LogPage } from './pages/log-page.tsx';
import { RulesPage } from './pages/rules-page.tsx';
import { isDue } from './say-when.ts';
import { StudentPageOf } from './student/student-page.tsx';
import './tutor.css';

/** A page of another feature that has its place in the tutor's bar. */
interface FurtherPage {
  readonly path: string;
  readonly label: string;
  readonly page: ReactNode;
}

/** The tutor's side. Until this year's guidance is acknowledged there is one page only. */
export function TutorPages({ more = [] }: { more?: readonly FurtherPage[] }) {
  const guidance = useGuidance();
  if (guidance.isPending) return <Loading label={common.loading} />;
  // Only where there is nothing to show yet: a page that is open stays, and with it what its reader is typing.
  if (!guidance.data) {
    if (guidance.error instanceof ApiError && guidance.error.code === 'not-allowed') return <NotYoursPage />;
    return (
      <Page title={common.couldNotLoad}>
        <Problem error={guidance.error} onRetry={() => void guidance.refetch()} />
      </Page>
    );
  }
  if (guidance.data.acknowledgedAt === undefined) return <GuidancePage guidance={guidance.data} />;
  return (
    <Framed more={more}>
      <Switch>
        <Route path="/">
          <ListPage />
        </Route>
        <Route path="/everyone">
          <EveryonePage />
        </Route>
        <Route path="/students/:personId/:step?">
          {({ personId, step }) => <StudentPageOf key={personId} personId={personId} opensRecord={step === 'record'} />}
        </Route>
        <Route path="/follow-ups">
          <FollowUpsPage />
        </Route>
        <Route path="/answers">
          <AnswersPage />
        </Route>
        <Route path="/discussions">
          <DiscussionsPage />
        </Route>
        <Route path="/log">
          <LogPage />
        </Route>
        <Route path="/rules">
          <RulesPage />
        </Route>
        <Route path="/what-helped">
          <HelpedPage />
        </Route>
        <Route path="/fairness">
          <FairnessPage />
        </Route>
        <Route path="/guidance">
          <GuidancePage guidance={guidance.data} />
        </Route>
        <Route path="/reading">
          <ReadingPage />
        </Route>
        {more.map(({ path, page }) => (
          <Route key={path} path={path}>
            {page}
          </Route>
        ))}
        <Route>
          <Page title={common.notFoundTitle}>
            <p>{common.notFound}</p>
          </Page>
        </Route>
      </Switch>
    </Framed>
  );
}

/** For teaching assistants where the institution keeps individuals to tutors: what this is, and whom to turn to. */
function NotYoursPage() {
  const t = useText();
  return (
    <Page title={t(text.notYoursTitle)}>
      <p>{t(text.notYours)}</p>
      <p>{t(text.notYoursInstead)}</p>
      <p>
        <UrgentHelpLink />
      </p>
    </Page>
  );
}

function Framed({ more, children }: { more: readonly FurtherPage[]; children: ReactNode }) {
  const t = useText();
  const followUps = useFollowUps();
  const answers = useAnswers();
  const discussions = useDiscussions();
  const due = (followUps.data?.actions ?? []).filter(
    ({ followUp }) => followUp && followUp.ownerId === followUps.data?.me && isDue(followUp.dueAt, followUps.data.now),
  ).length;
  const waiting =
    (answers.data?.requests.filter(({ state }) => state === 'asked' || state === 'seen').length ?? 0) +
    (answers.data?.challenges.filter(({ state }) => state === 'raised' || state === 'looking').length ?? 0);
  const count = (value: number, meaning: string) => ({ count: { value, meaning } });
  return (
    <>
      <Navigation
        items={[
          { path: '/', label: text.navList },
          { path: '/follow-ups', label: text.navFollowUps, ...count(due, text.followUpsMeaning) },
          { path: '/answers', label: text.navAnswers, ...count(waiting, text.answersMeaning) },
          {
            path: '/discussions',
            label: text.navDiscussions,
            ...count(discussions.data?.discussions.length ?? 0, text.discussionsMeaning),
          },
        ]}
        further={[
          { path: '/log', label: text.navLog },
          { path: '/rules', label: text.navRules },
          { path: '/what-helped', label: text.navHelped },
          { path: '/fairness', label: fairness.nav },
          ...more.map(({ path, label }) => ({ path, label })),
        ]}
      >
        <ReadingLink />
        <Link href="/guidance" className="bar-link">
          {t(text.urgent)}
        </Link>
      </Navigation>
      {children}
    </>
  );
}
