import { lazy, Suspense, useEffect, useState } from 'react';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import type { SessionReply } from '../server/contracts/session.ts';
import { ApiError, onSessionEnd, openSession } from './api.ts';
import { MentorPage } from './features/mentor/mentor-page.tsx';
import { SessionContext } from './session.ts';
import { common } from './text/common.ts';
import { imports } from './text/imports.ts';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { Loading } from './ui/loading.tsx';
import { Notice } from './ui/notice.tsx';
import { UrgentHelpLink } from './ui/urgent-help-link.tsx';
import { WayBackBar, WayBackLine, WayBackWithoutSession } from './ui/way-back.tsx';
import { keepWays, keptWays } from './way-back.ts';

const Student = lazy(() =>
  import('./features/student/student-pages.tsx').then((module) => ({ default: module.StudentPages })),
);
const Tutor = lazy(() => import('./features/tutor/tutor-pages.tsx').then((module) => ({ default: module.TutorPages })));
const Admin = lazy(() => import('./features/admin/admin-pages.tsx').then((module) => ({ default: module.AdminPages })));
const Imports = lazy(() =>
  import('./features/imports/imports-page.tsx').then((module) => ({ default: module.ImportsPage })),
);
const Oversight = lazy(() =>
  import('./features/oversight/oversight-pages.tsx').then((module) => ({ default: module.OversightPages })),
);

/** The launch's code is used up at once and taken out of the address, so that it stays in no history. */
let opening: Promise<SessionReply> | undefined;
function openFromAddress(): Promise<SessionReply> {
  if (!opening) {
    const code = /^#code=([\w-]+)$/.exec(location.hash)?.[1];
    opening = code ? openWithCode(code) : openWithoutCode();
    opening.catch(() => undefined);
  }
  return opening;
}

async function openWithCode(code: string): Promise<SessionReply> {
  history.replaceState(null, '', `${location.pathname}#/`);
  const session = await openSession(code);
  if (session.opensAt) history.replaceState(null, '', `${location.pathname}#${session.opensAt}`);
  keepWays(session);
  return session;
}

/** The page was loaded anew, or by Back: the platform launches it again where it has said how, and else a person does. */
function openWithoutCode(): Promise<SessionReply> {
  const { wayIn } = keptWays();
  if (wayIn === undefined) return Promise.reject(new ApiError('not-signed-in', 401, common.openAgain));
  location.replace(wayIn);
  return new Promise(() => undefined);
}

export function App() {
  const [session, setSession] = useState<SessionReply>();
  const [problem, setProblem] = useState<string>();
  const [hasEnded, setHasEnded] = useState(false);

  useEffect(() => {
    openFromAddress().then(setSession, (error: unknown) =>
      setProblem(error instanceof ApiError ? error.message : common.openAgain),
    );
    return onSessionEnd(() => setHasEnded(true));
  }, []);

  if (problem) {
    return (
      <main className="page">
        <h1>{common.openAgainTitle}</h1>
        <Notice kind="information">{problem}</Notice>
        <WayBackWithoutSession />
        <p>
          <UrgentHelpLink />
        </p>
      </main>
    );
  }
  if (!session) return <Loading label={common.opening} />;
  return (
    <SessionContext value={session}>
      {!hasEnded && <WayBackBar />}
      {hasEnded && (
        <div className="page" role="alert">
          <Notice kind="attention">
            <p>{common.sessionEnded}</p>
            <WayBackLine />
            <p>
              <UrgentHelpLink />
            </p>
          </Notice>
        </div>
      )}
      <Router hook={useHashLocation}>
        <ErrorBoundary>
          <Suspense fallback={<Loading label={common.loading} />}>
            <PagesFor role={session.role} />
          </Suspense>
        </ErrorBoundary>
      </Router>
    </SessionContext>
  );
}

function PagesFor({ role }: { role: SessionReply['role'] }) {
  switch (role) {
    case 'student':
      return <Student />;
    case 'tutor':
      return <Tutor more={[{ path: '/imports', label: imports.nav, page: <Imports /> }]} />;
    case 'assistant':
      return <Tutor />;
    case 'mentor':
      return <MentorPage />;
    case 'lead':
      return <Oversight />;
    case 'administrator':
      return <Admin />;
  }
}
