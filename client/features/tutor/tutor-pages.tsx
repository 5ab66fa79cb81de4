import type { ReactNode } from 'react';
import { Link, Route, Switch } from 'wouter';
import { useText } from '../../session.ts';
import { common } from '../../text/common.ts';
import { text } from '../../text/tutor.ts';
import { Loading } from '../../ui/loading.tsx';
import { Navigation } from '../../ui/navigation.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
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
import { StudentPageOf } from './student/student-page.tsx';
import './tutor.css';

/** The tutor's side. Until this year's guidance is acknowledged there is one page only. */
export function TutorPages() {
  const guidance = useGuidance();
  if (guidance.isPending) return <Loading label={common.loading} />;
  if (guidance.isError) {
    return (
      <Page title={text.listTitle}>
        <Problem error={guidance.error} onRetry={() => void guidance.refetch()} />
      </Page>
    );
  }
  if (guidance.data.acknowledgedAt === undefined) return <GuidancePage guidance={guidance.data} />;
  return (
    <Framed>
      <Switch>
        <Route path="/">
          <ListPage />
        </Route>
        <Route path="/everyone">
          <EveryonePage />
        </Route>
        <Route path="/students/:personId">
          {({ personId }) => <StudentPageOf key={personId} personId={personId} />}
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
        <Route path="/guidance">
          <GuidancePage guidance={guidance.data} />
        </Route>
        <Route>
          <Page title={common.notFoundTitle}>
            <p>{common.notFound}</p>
          </Page>
        </Route>
      </Switch>
    </Framed>
  );
}

function Framed({ children }: { children: ReactNode }) {
  const t = useText();
  const followUps = useFollowUps();
  const answers = useAnswers();
  const discussions = useDiscussions();
  const due = (followUps.data?.actions ?? []).filter(
    ({ followUp }) => followUp && followUp.ownerId === followUps.data?.me && followUp.dueAt <= followUps.data.now,
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
          { path: '/log', label: text.navLog },
          { path: '/rules', label: text.navRules },
          { path: '/what-helped', label: text.navHelped },
        ]}
      >
        <Link href="/guidance" className="bar-link">
          {t(text.urgent)}
        </Link>
      </Navigation>
      {children}
    </>
  );
}
