import type { SessionReply } from '../server/contracts/session.ts';

/**
 * The platform's pages that lead out of Waymark, and into it anew. They stay with the entry of the window's history: a phone
 * throws pages away and loads them again, and Back loads a frame as it last was, with no session that could tell. Frames of
 * many browsers have no other storage.
 */
export type Ways = Pick<SessionReply, 'wayBack' | 'wayIn'>;

/** Whether the page is in no frame: a frame has the course around it already. */
export const fillsWindow = window.parent === window;

/** Takes what a session says, for this entry of the history and those to come. */
export function keepWays({ wayBack, wayIn }: Ways): void {
  const keep = () => history.replaceState({ ...history.state, ways: { wayBack, wayIn } }, '');
  keep();
  addEventListener('hashchange', keep);
}

/** Returns what the launch told that made this entry of the history. */
export function keptWays(): Ways {
  return (history.state as { ways?: Ways } | null)?.ways ?? {};
}
