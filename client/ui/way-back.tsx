import { useSession, useText } from '../session.ts';
import { common } from '../text/common.ts';
import { fillsWindow, keptWays } from '../way-back.ts';

/** Above everything, where Waymark fills the window: a phone shows no other way back to the course than its own. */
export function WayBackBar() {
  const link = useWayBack();
  if (!link) return null;
  return (
    <nav className="way-back" aria-label={common.leave}>
      <WayBackLink {...link} />
    </nav>
  );
}

/** The same as a line of its own, below a notice that says why one would want it. */
export function WayBackLine() {
  const link = useWayBack();
  return link ? (
    <p>
      <WayBackLink {...link} />
    </p>
  ) : null;
}

/** Where there is no session: by what an earlier launch in this tab told, in words that need no institution. */
export function WayBackWithoutSession() {
  const url = fillsWindow ? keptWays().wayBack : undefined;
  return url === undefined ? null : (
    <p>
      <WayBackLink url={url} label={common.backToSite} />
    </p>
  );
}

function useWayBack(): { url: string; label: string } | undefined {
  const { course, wayBack } = useSession();
  const t = useText();
  if (wayBack === undefined || !fillsWindow) return undefined;
  return { url: wayBack, label: course ? t(common.backTo) : common.backToSite };
}

function WayBackLink({ url, label }: { url: string; label: string }) {
  return (
    <a className="quiet-link" href={url}>
      <span aria-hidden="true">← </span>
      {label}
    </a>
  );
}
