import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectDatabase } from '../../server/database/connect.ts';
import { SessionModel } from '../../server/database/models/session.ts';
import { openBrowser } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { startLtiIssuer, type LtiIssuer } from '../support/lti-issuer.ts';
import { beginLogin, goodClaims, postForm, refusalOf, registerIssuer, startLtiTool } from '../support/lti-tool.ts';
import type { LtiTool } from '../support/lti-tool.ts';

/**
 * The platform is at 127.0.0.1, the tool at localhost: two sites to a browser, so the tool's cookies in the platform's page are
 * third-party cookies, and Chromium is started with those blocked.
 */

const database = useDatabase();
let connection: { close(): Promise<void> };
let issuer: LtiIssuer;
let tool: LtiTool;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let keepsNoFramedCookies = false;

beforeAll(async () => {
  connection = await connectDatabase(database.uri);
  issuer = await startLtiIssuer();
  tool = await startLtiTool({ onRequest: dropFramedCookies });
  await registerIssuer(issuer);
  servePlatformPages();
  browser = await openBrowser('--test-third-party-cookie-phaseout');
});
beforeEach(async () => {
  keepsNoFramedCookies = false;
  context = await browser.newContext();
  page = await context.newPage();
});
afterEach(() => context.close());
afterAll(async () => {
  await browser.close();
  await tool.close();
  await issuer.close();
  await connection.close();
});

/** A course page that frames the tool, and an authorisation endpoint that answers each hint once, as Moodle does. */
function servePlatformPages(): void {
  const html = (response: ServerResponse, body: string) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end(`<!doctype html><body>${body}</body>`);
  };
  const autoForm = (action: string, fields: Record<string, string>) =>
    `<form method="post" action="${action}">${Object.entries(fields)
      .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
      .join('')}</form><script>document.forms[0].submit()</script>`;
  const answered = new Set<string>();
  let lastHint = 0;

  const storage = `<script>
      const kept = new Map();
      addEventListener('message', (event) => {
        const { subject, message_id, key, value } = event.data;
        if (event.origin !== '${tool.url}') return;
        if (subject === 'lti.put_data') kept.set(key, value);
        else if (subject !== 'lti.get_data') return;
        event.source.postMessage({ subject: subject + '.response', message_id, key, value: kept.get(key) }, event.origin);
      });</script>`;
  issuer.routes.set('/storage', (_request, response) => html(response, storage));
  issuer.routes.set('/course', (request, response) => {
    const { searchParams } = new URL(request.url ?? '', issuer.issuer);
    const target = searchParams.get('storage');
    const at = searchParams.get('at') ?? '/storage';
    const named = at === 'nowhere' ? '' : `<iframe name="${target}" src="${at}" hidden></iframe>`;
    const offered = target === null ? '' : target === '_parent' ? storage : named;
    const start = `/start${target === null ? '' : `?storage=${target}`}`;
    html(response, `<h1>Course</h1>${offered}<iframe name="tool" src="${start}"></iframe>`);
  });
  issuer.routes.set('/start', (request, response) => {
    const target = new URL(request.url ?? '', issuer.issuer).searchParams.get('storage');
    lastHint += 1;
    html(
      response,
      autoForm(`${tool.url}/lti/login`, {
        iss: issuer.issuer,
        login_hint: '3',
        target_link_uri: `${tool.url}/lti/launch`,
        client_id: 'client-1',
        lti_message_hint: `hint-${lastHint}`,
        ...(target !== null && { lti_storage_target: target }),
      }),
    );
  });
  issuer.routes.set('/auth', (request, response) => {
    const query = new URL(request.url ?? '', issuer.issuer).searchParams;
    const hint = query.get('lti_message_hint') ?? '';
    if (answered.has(hint)) return html(response, 'This hint was answered already.');
    answered.add(hint);
    void issuer
      .sign(goodClaims(tool, issuer, query.get('nonce') ?? ''))
      .then((token) =>
        html(response, autoForm(query.get('redirect_uri') ?? '', { id_token: token, state: query.get('state') ?? '' })),
      );
  });
}

/** As in a browser that keeps no cookie at all in a frame: what is answered there carries none. */
function dropFramedCookies(request: IncomingMessage, response: ServerResponse): void {
  if (!keepsNoFramedCookies || request.headers['sec-fetch-dest'] !== 'iframe') return;
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    response.removeHeader('Set-Cookie');
    return writeHead(...args);
  };
}

async function toolFrame(): Promise<Frame> {
  await expect
    .poll(() =>
      page
        .frames()
        .find((frame) => frame.url().startsWith(tool.url))
        ?.url(),
    )
    .toBeTruthy();
  return page.frames().find((frame) => frame.url().startsWith(tool.url))!;
}

test('this browser does block third-party cookies, and keeps partitioned ones', async () => {
  const seen: (string | undefined)[] = [];
  const third = createServer((request, response) => {
    if (request.url !== '/') return response.writeHead(404).end();
    seen.push(request.headers.cookie);
    response.setHeader('Set-Cookie', [
      'plain=1; SameSite=None; Secure',
      'divided=1; SameSite=None; Secure; Partitioned; Path=/',
    ]);
    return response.end('x');
  });
  await new Promise<void>((resolve) => third.listen(0, '127.0.0.1', resolve));
  const address = `http://localhost:${(third.address() as AddressInfo).port}/`;
  issuer.routes.set('/third', (_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<iframe src="${address}"></iframe>`);
  });
  await page.goto(`${issuer.issuer}/third`);
  await page.goto(`${issuer.issuer}/third`);
  expect(seen).toEqual([undefined, 'divided=1']);
  third.closeAllConnections();
  await new Promise((resolve) => third.close(resolve));
});

test('a partitioned cookie carries a launch through a frame with third-party cookies blocked, and the probe is not repeated', async () => {
  const probes: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/lti/login/cookie')) probes.push(request.url());
  });
  await page.goto(`${issuer.issuer}/course`);
  await expect.poll(async () => (await toolFrame()).url(), { timeout: 15_000 }).toMatch(/\/app\/#code=[\w-]{40,}$/);
  expect(probes).toHaveLength(1);
  await page.goto(`${issuer.issuer}/course`);
  await expect.poll(async () => (await toolFrame()).url(), { timeout: 15_000 }).toMatch(/\/app\/#code=/);
  expect(probes).toHaveLength(1);
  // The cookies are kept for this platform's pages alone.
  const cookies = await context.cookies(tool.url);
  expect(cookies.every(({ secure, sameSite, httpOnly }) => secure && sameSite === 'None' && httpOnly)).toBe(true);
  const probe = await context.newPage();
  await probe.goto(`${tool.url}/lti/login/cookie?state=x`);
  expect(await probe.evaluate(() => document.cookie)).toBe('');
});

// `_parent`: the page that frames the tool. The others are frames beside it, by the names that platforms give them.
test.each(['_parent', 'lti_storage', 'post_message_forwarding'])(
  "without any cookie, the platform's storage carries it (%s)",
  async (target) => {
    keepsNoFramedCookies = true;
    await page.goto(`${issuer.issuer}/course?storage=${target}`);
    await expect.poll(async () => (await toolFrame()).url(), { timeout: 20_000 }).toMatch(/\/app\/#code=/);
  },
);

test('a storage frame that is not there, or is on another site, is not believed: a new window is offered', async () => {
  keepsNoFramedCookies = true;
  const heard: string[] = [];
  const stranger = createServer((request, response) => {
    if (request.url?.startsWith('/heard')) heard.push(request.url);
    response.setHeader('Content-Type', 'text/html');
    response.end(`<script>addEventListener('message', (event) => {
      fetch('/heard');
      event.source.postMessage({ ...event.data, subject: event.data.subject + '.response' }, '*');
    })</script>`);
  });
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const elsewhere = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`;
  for (const at of ['nowhere', elsewhere]) {
    await page.goto(`${issuer.issuer}/course?storage=lti_storage&at=${encodeURIComponent(at)}`);
    const frame = await toolFrame();
    await frame.getByRole('link', { name: 'Open Waymark in a new window' }).waitFor({ timeout: 20_000 });
  }
  expect(heard).toEqual([]);
  stranger.closeAllConnections();
  await new Promise((resolve) => stranger.close(resolve));
});

test('without cookies and storage, a new window is offered before the platform is asked, and works', async () => {
  keepsNoFramedCookies = true;
  await page.goto(`${issuer.issuer}/course`);
  const frame = await toolFrame();
  const link = frame.getByRole('link', { name: 'Open Waymark in a new window' });
  await link.waitFor();
  const [popup] = await Promise.all([context.waitForEvent('page'), link.click()]);
  await expect.poll(() => popup.url(), { timeout: 15_000 }).toMatch(/\/app\/#code=/);
});

test("a binding that another site's page sends along does not count", async () => {
  const before = await SessionModel.countDocuments({});
  const begun = await beginLogin(tool, issuer);
  const binding = begun.cookie.split('=')[1]!;
  const token = await issuer.sign(goodClaims(tool, issuer, begun.nonce));
  const send = (headers: Record<string, string>) =>
    postForm(`${tool.url}/lti/launch`, { id_token: token, state: begun.state, binding }, headers);
  expect(refusalOf(await send({}))).toBe('browser-mismatch');
  expect(refusalOf(await send({ Origin: 'null' }))).toBe('browser-mismatch');
  expect(refusalOf(await send({ Origin: issuer.issuer }))).toBe('browser-mismatch');
  expect(await SessionModel.countDocuments({})).toBe(before);
  expect(refusalOf(await send({ Origin: tool.url, 'Sec-Fetch-Site': 'same-origin' }))).toBeNull();
});
