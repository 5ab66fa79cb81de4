import { existsSync } from 'node:fs';
import type { PracticeCourse } from '../practice-vle/practice-course.ts';
import type { PracticeVleOptions } from '../practice-vle/practice-vle.ts';
import { startPractice, type PracticeOptions } from '../practice-vle/with-waymark.ts';

/** Everything as in production, on a port of the system's choice, with a practice VLE registered as its platform. */
export async function startWaymark(
  databaseUri: string,
  options: {
    vle?: PracticeVleOptions;
    env?: Record<string, string>;
    hasServices?: boolean;
    onRequest?: PracticeOptions['onRequest'];
  } = {},
) {
  const practice = await startPractice({
    databaseUri,
    ...(options.vle && { vle: options.vle }),
    ...(options.onRequest && { onRequest: options.onRequest }),
    ...(options.hasServices !== undefined && { hasServices: options.hasServices }),
    env: { NODE_ENV: 'test', WAYMARK_SECRET: 'for-tests-only-0123456789-0123456789-abc', ...options.env },
    clientDir: existsSync('dist/client/index.html') ? 'dist/client' : undefined,
  });
  const { url, vle, tool } = practice;
  return {
    ...practice,

    /** Launches as somebody, through every real step, and returns the bearer token with what came along. */
    async launchAs(personId: number, course?: PracticeCourse) {
      const code = await launchForCode(
        url,
        vle.startLaunch({ tool, personId, ...(course && { course }) }),
        tool.loginUrl,
      );
      const reply = await fetch(`${url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code }),
      });
      if (!reply.ok) throw new Error(`No session: ${reply.status} ${await reply.text()}`);
      const session = (await reply.json()) as { token: string; role: string };
      return {
        ...session,
        /** Calls the API as this person. */
        // Tests look inside replies of every shape.
        // eslint-disable-next-line @typescript-eslint/no-explicit-any
        async api(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
          const response = await fetch(`${url}${path}`, {
            method,
            headers: {
              authorization: `Bearer ${session.token}`,
              ...(body !== undefined && { 'content-type': 'application/json' }),
            },
            ...(body !== undefined && { body: JSON.stringify(body) }),
          });
          const text = await response.text();
          return {
            status: response.status,
            body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
          };
        },
      };
    },
  };
}

/** Follows a launch as a browser without scripts would: login, authorisation, form post; returns the one-time code. */
export async function launchForCode(toolUrl: string, login: Record<string, string>, loginUrl: string): Promise<string> {
  const toLogin = await fetch(loginUrl, { method: 'POST', body: new URLSearchParams(login), redirect: 'manual' });
  const cookies = toLogin.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  const location = toLogin.headers.get('location');
  if (!location) throw new Error(`Login answered ${toLogin.status}: ${await toLogin.text()}`);
  const form = await (await fetch(location, { redirect: 'manual' })).text();
  const fields = new URLSearchParams();
  for (const [, name, value] of form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)) {
    fields.set(name!, unescapeHtml(value!));
  }
  const landed = await fetch(`${toolUrl}/lti/launch`, {
    method: 'POST',
    body: fields,
    headers: { cookie: cookies.join('; ') },
    redirect: 'manual',
  });
  const code = /#code=([\w-]+)/.exec(landed.headers.get('location') ?? '')?.[1];
  if (!code) throw new Error(`Launch answered ${landed.status}: ${await landed.text()}`);
  return code;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };
function unescapeHtml(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);
}
