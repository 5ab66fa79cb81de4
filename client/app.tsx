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
    history.replaceState(null, '', `${location.pathname}#/`);
    opening = code ? openSession(code) : Promise.reject(new ApiError('not-signed-in', 401, common.openAgain));
    void opening
      .then(({ opensAt }) => opensAt && history.replaceState(null, '', `${location.pathname}#${opensAt}`))
      .catch(() => undefined);
  }
  return opening;
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
        <p>
          <UrgentHelpLink />
        </p>
      </main>
    );
  }
  if (!session) return <Loading label={common.opening} />;
  return (
    <SessionContext value={session}>
      {hasEnded && (
        <div className="page" role="alert">
          <Notice kind="attention">
            <p>{common.sessionEnded}</p>
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
