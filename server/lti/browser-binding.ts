import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import { hashSecret } from './models/login-attempt.ts';

/**
 * The cookie that ties a login to the browser in which it began. In a frame it is a third-party cookie: `SameSite=None`,
 * which needs `Secure`, and `Partitioned`, which browsers that block other third-party cookies still keep for the frame's own
 * page. Over plain http no cookie can live in a frame: there it is left without attributes, and frames fall back to a new window.
 * Most browsers count http on the own machine as secure, but WebKit's do not: there it is sent both ways, and what a browser takes
 * of it is the same secret.
 */
const prefix = 'waymark-login-';
const framesCookie = 'waymark-frames';
const attemptSeconds = 600;

export interface BrowserBinding {
  /** Sets the cookie of an attempt. */
  give(response: Response, state: string, binding: string): void;
  /** What this browser was given for an attempt; undefined when it kept nothing. */
  read(request: Request, state: string): string | undefined;
  /** Takes the cookie back, and remembers that cookies work in this frame. */
  settle(request: Request, response: Response, state: string): void;
  /** Whether an earlier launch in this frame has shown that cookies are kept. */
  isKnownToWork(request: Request): boolean;
}

export function createBrowserBinding(publicUrl: string): BrowserBinding {
  const { protocol, hostname } = new URL(publicUrl);
  const crossSite = { secure: true, sameSite: 'none', partitioned: true } as const;
  const isOwnMachine = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  // A browser that takes both keeps the later one.
  const ways = protocol === 'https:' ? [crossSite] : isOwnMachine ? [{}, crossSite] : [{}];

  function set(response: Response, name: string, value: string, maxAge: number): void {
    const cookie = { name, value, path: '/lti', httpOnly: true, maxAge };
    for (const way of ways) response.append('Set-Cookie', stringifySetCookie({ ...cookie, ...way }));
  }
  const nameOf = (state: string) => prefix + hashSecret(state).slice(0, 16);
  const all = (request: Request) => parseCookie(request.headers.cookie ?? '');

  return {
    give: (response, state, binding) => set(response, nameOf(state), binding, attemptSeconds),
    read: (request, state) => all(request)[nameOf(state)],
    settle(request, response, state) {
      // Logins that were never finished leave theirs behind; a header of them all would one day be too long.
      const kept = all(request);
      const left = Object.keys(kept).filter((name) => name.startsWith(prefix));
      const stale = left.length > 8 ? left : left.filter((name) => name === nameOf(state));
      for (const name of stale) set(response, name, '', 0);
      if (kept[framesCookie] === undefined) set(response, framesCookie, '1', 30 * 86_400);
    },
    isKnownToWork: (request) => all(request)[framesCookie] !== undefined,
  };
}
