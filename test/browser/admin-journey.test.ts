import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PlatformModel } from '../../server/database/models/platform.ts';
import { expectAccessible } from '../support/accessible.ts';
import { openBrowser, watchProblems } from '../support/browser.ts';
import { useDatabase } from '../support/database.ts';
import { institutionRole, ltiClaim, membershipRole, startIssuerAndWaymark } from '../support/issuer-and-waymark.ts';

/** What an administrator does once for a VLE, with a mouse and without one, at the width of a phone and of a desk. */

const database = useDatabase();
let started: Awaited<ReturnType<typeof startIssuerAndWaymark>>;
let browser: Browser;
let functions: string[] = [];
let acceptsToken = true;

beforeAll(async () => {
  started = await startIssuerAndWaymark(database.uri, {
    clientDir: 'dist/client',
    env: { WAYMARK_REGISTRATION_SECRET: 'open sesame and more' },
  });
  const { issuer } = started;
  issuer.routes.set('/webservice/rest/server.php', (_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    const about = { sitename: 'QMplus', siteurl: issuer.issuer, username: 'waymark', userid: 2, release: '4.5.6' };
    const refusal = { exception: 'moodle_exception', errorcode: 'invalidtoken', message: 'Invalid token' };
    const site = { ...about, functions: functions.map((name) => ({ name, version: '1' })) };
    response.end(JSON.stringify(acceptsToken ? site : refusal));
  });
  await started.launchAs('3', [`${membershipRole}#Learner`]);
  browser = await openBrowser();
});
beforeEach(() => {
  functions = ['core_enrol_get_enrolled_users'];
  acceptsToken = true;
});
afterAll(async () => {
  await browser.close();
  await started.close();
});

async function open(width: number, sub: string, roles: string[], more = {}) {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  const problems = watchProblems(page);
  await page.goto(`${started.url}/app/#code=${await started.launchAs(sub, roles, more)}`);
  return { page, problems };
}

/** How a person presses and types; nothing in a journey knows which it is. */
interface Hand {
  press(target: Locator): Promise<void>;
  type(field: Locator, text: string): Promise<void>;
}

const mouse: Hand = {
  press: (target) => target.click(),
  type: (field, text) => field.fill(text),
};

const keyboard: Hand = {
  async press(target) {
    await tabTo(target);
    await target.page().keyboard.press('Enter');
  },
  async type(field, text) {
    await tabTo(field);
    await field.page().keyboard.press('Control+A');
    await field.page().keyboard.type(text);
  },
};

/** Tab, and only Tab, until it has the focus; a control that can't be reached so is out of a person's reach. */
async function tabTo(target: Locator): Promise<void> {
  await target.waitFor();
  for (let steps = 0; steps < 120; steps += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await target.page().keyboard.press('Tab');
  }
  throw new Error('No number of tabs leads there.');
}

describe.each([
  ['a mouse, on a desk', mouse, 1280],
  ['the keyboard, at the width of a phone', keyboard, 320],
] as const)('an administrator with %s', (name, hand, width) => {
  let page: Page;
  let problems: string[];
  const clientId = name.split(',')[0]!.replaceAll(' ', '-');
  const card = () => page.getByRole('region', { name: `VLE by ${clientId}` });

  it('sees how the system is, and what the VLE must be told', async () => {
    ({ page, problems } = await open(width, '900', [`${institutionRole}#Administrator`]));
    await page.getByRole('heading', { name: 'Health' }).waitFor();
    await page.getByText(/^answers, in/).waitFor();
    await page.getByText(`${started.url}/lti/register?secret=YOUR-SECRET`).waitFor();
    expect(await page.textContent('body')).not.toMatch(/open sesame|Amina|student01/);
    await expectAccessible(page);
    await hand.press(page.getByRole('link', { name: 'Freshness' }));
    await page.getByRole('heading', { name: 'EDU101 Learning and Teaching' }).waitFor();
    expect(await page.textContent('main')).toMatch(/Students: 1/);
    await hand.type(page.getByLabel('Find a module by its name or code'), 'chemistry');
    await hand.press(page.getByRole('button', { name: 'Find' }));
    await page.getByText('Nothing is called “chemistry”.').waitFor();
    await hand.press(page.getByRole('link', { name: 'With a source that could not be read' }));
    await page.getByRole('heading', { name: 'EDU101 Learning and Teaching' }).waitFor();
    expect(await page.textContent('body')).not.toMatch(/Amina|student01/);
    await expectAccessible(page);
    await hand.press(page.getByRole('link', { name: 'Registrations' }));
    await page.getByRole('heading', { name: 'Test VLE' }).waitFor();
    await expectAccessible(page);
  });

  it('registers a platform by hand, after being told which address can’t be right', async () => {
    const { issuer } = started.issuer;
    const form = page.getByRole('region', { name: 'Register by hand' });
    await hand.type(form.getByLabel('Name'), `VLE by ${clientId}`);
    await hand.type(form.getByLabel('Issuer'), issuer);
    await hand.type(form.getByLabel('Client id'), clientId);
    await hand.type(form.getByLabel('Authentication request address'), `${issuer}/auth`);
    await hand.type(form.getByLabel('Access token address'), `${issuer}/token`);
    await hand.type(form.getByLabel('Public key set address'), 'http://example.org/keys');
    await hand.press(form.getByRole('button', { name: 'Save registration' }));
    await form.getByText('must be https').waitFor();
    await expectAccessible(page);
    await hand.type(form.getByLabel('Public key set address'), started.issuer.jwksUri);
    await hand.press(form.getByRole('button', { name: 'Save registration' }));
    await page.getByText('The registration is saved.').waitFor();
    await card().waitFor();
    expect(await PlatformModel.countDocuments({ clientId })).toBe(1);
  });

  it('enters a Moodle token, sees what came of trying it, and what it can’t read', async () => {
    acceptsToken = false;
    await hand.press(card().getByText('Enter an address and a token'));
    await hand.type(card().getByLabel('Site address'), started.issuer.issuer);
    await hand.type(card().getByLabel('Web-service token'), 'a'.repeat(32));
    await hand.press(card().getByRole('button', { name: 'Try and keep token' }));
    await card().getByText('The site does not accept the token').waitFor();
    await card().getByText(`Tried with ${started.issuer.issuer} on`).waitFor();
    expect(await card().getByLabel('Site address').inputValue()).toBe(started.issuer.issuer);
    acceptsToken = true;
    await hand.press(card().getByRole('button', { name: 'Try again' }));
    await card().getByText('The site accepts the token.').waitFor();
    await hand.press(card().getByText('Functions that the token may not call'));
    await card().getByText('mod_assign_get_assignments').waitFor();
    expect(await page.content()).not.toContain('a'.repeat(32));
    await expectAccessible(page);
  });

  it('makes a credential for a feed, and can read its secret once', async () => {
    await hand.press(card().getByText('Make a credential for another system'));
    await hand.type(card().getByLabel('Name', { exact: true }), 'Moodle logstore');
    await hand.press(card().getByRole('button', { name: 'Make credential' }));
    await card().getByText('Copy the secret now').waitFor();
    const secret = await card().locator('dt:has-text("Secret") + dd').innerText();
    expect(secret.length).toBeGreaterThan(20);
    await expectAccessible(page);
    await hand.press(page.getByRole('link', { name: 'Health' }));
    await page.getByRole('heading', { name: 'Health' }).waitFor();
    await hand.press(page.getByRole('link', { name: 'Registrations' }));
    await card().getByText('Moodle logstore', { exact: true }).waitFor();
    expect(await page.content()).not.toContain(secret);
  });

  it('switches a registration off after being asked, and on again', async () => {
    const isActive = async () => (await PlatformModel.findOne({ clientId }).lean().orFail()).isActive;
    const switchOff = card().getByRole('button', { name: /^Switch off ?: VLE by/ });
    await hand.press(switchOff);
    await expectAccessible(page);
    await hand.press(card().getByRole('button', { name: 'No, leave it' }));
    expect(await isActive()).toBe(true);
    await hand.press(switchOff);
    await hand.press(card().getByRole('button', { name: 'Yes, do it' }));
    await card().getByText('Switched off', { exact: true }).waitFor();
    expect(await isActive()).toBe(false);
    await hand.press(card().getByRole('button', { name: /^Switch on/ }));
    await card().getByText('Switched on', { exact: true }).waitFor();
    expect(await isActive()).toBe(true);
    expect(problems).toEqual([]);
    await page.close();
  });
});

it.each([320, 1280])('tells a mentor plainly, at %d px, that there is nothing to see', async (width) => {
  const { page, problems } = await open(width, '77', [`${membershipRole}#Mentor`], {
    [`${ltiClaim}role_scope_mentor`]: ['3'],
  });
  await page.getByRole('heading', { name: 'Waymark is for students and those who teach them' }).waitFor();
  expect(await page.textContent('body')).not.toMatch(/Amina Ahmed|guidance|list/);
  await expectAccessible(page);
  expect(problems).toEqual([]);
  await page.close();
});
