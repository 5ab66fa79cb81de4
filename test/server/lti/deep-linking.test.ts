import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PlatformModel } from '../../../server/database/models/platform.ts';
import { PersonModel } from '../../../server/database/models/person.ts';
import { useIssuerAndTool } from '../../support/use-issuer-and-tool.ts';
import { type LtiIssuer } from '../../support/lti-issuer.ts';
import {
  beginLogin,
  goodClaims,
  postForm,
  refusalOf,
  sendLaunch,
  startLtiTool,
  type LtiTool,
} from '../../support/lti-tool.ts';

const lti = 'https://purl.imsglobal.org/spec/lti/claim/';
const dl = 'https://purl.imsglobal.org/spec/lti-dl/claim/';
const started = useIssuerAndTool();
let issuer: LtiIssuer;
let tool: LtiTool;
let second: LtiTool;

beforeAll(async () => {
  ({ issuer, tool } = started());
  second = await startLtiTool();
});
afterAll(() => second.close());

/** A deep linking request as Moodle sends it; the certification suite sends no target link. */
async function open(settings: Record<string, unknown> = {}, role = 'Instructor', at = tool) {
  const begun = await beginLogin(at, issuer);
  const claims = goodClaims(at, issuer, begun.nonce);
  delete claims[`${lti}resource_link`];
  delete claims[`${lti}target_link_uri`];
  Object.assign(claims, {
    [`${lti}message_type`]: 'LtiDeepLinkingRequest',
    [`${lti}roles`]: [`http://purl.imsglobal.org/vocab/lis/v2/membership#${role}`],
    [`${dl}deep_linking_settings`]: {
      accept_types: ['ltiResourceLink'],
      accept_presentation_document_targets: ['frame', 'iframe', 'window'],
      accept_multiple: true,
      deep_link_return_url: `${issuer.issuer}/mod/lti/contentitem_return.php?course=2&id=1&sesskey=abc`,
      data: 'opaque <data>',
      ...settings,
    },
  });
  return sendLaunch(at, begun, await issuer.sign(claims));
}

const requestOf = (page: string) => /name="request" value="([^"]+)"/.exec(page)![1]!;

async function choose(page: string, fields: [string, string][], at = tool) {
  const body = new URLSearchParams([['request', requestOf(page)], ...fields]);
  const response = await fetch(`${at.url}/lti/deep-link`, { method: 'POST', body });
  const text = await response.text();
  const token = /name="JWT" value="([^"]+)"/.exec(text)?.[1];
  return { response, text, token };
}

test('a tutor places both views with titles and a size; the answer is signed for the platform', async () => {
  const offered = await open();
  expect(offered.status).toBe(200);
  const page = await offered.text();
  expect(page).toContain('My engagement');
  expect(page).toContain('Engagement and support list');
  // Another process can finish what this one began.
  const { response, text, token } = await choose(
    page,
    [
      ['place', 'mine'],
      ['place', 'list'],
      ['title-mine', 'How am I doing? <b>'],
      ['height', '640'],
    ],
    second,
  );
  expect(text).toContain(`action="${issuer.issuer}/mod/lti/contentitem_return.php?course=2&#38;id=1&#38;sesskey=abc"`);
  expect(response.headers.get('content-security-policy')).toContain(`form-action 'self' ${issuer.issuer}`);
  const keys = (await fetch(`${tool.url}/lti/keys`).then((reply) => reply.json())) as JSONWebKeySet;
  const { payload } = await jwtVerify(token!, createLocalJWKSet(keys), {
    issuer: 'client-1',
    audience: issuer.issuer,
    algorithms: ['RS256'],
  });
  expect(payload).toMatchObject({
    [`${lti}message_type`]: 'LtiDeepLinkingResponse',
    [`${lti}version`]: '1.3.0',
    [`${lti}deployment_id`]: '1',
    [`${dl}data`]: 'opaque <data>',
    [`${dl}content_items`]: [
      {
        type: 'ltiResourceLink',
        title: 'How am I doing? <b>',
        url: `${second.url}/lti/launch`,
        custom: { waymark_view: 'mine' },
        iframe: { height: 640 },
      },
      { type: 'ltiResourceLink', title: 'Engagement and support list', custom: { waymark_view: 'list' } },
    ],
  });
  expect(payload.exp! - payload.iat!).toBeLessThanOrEqual(300);
  expect(payload['nonce']).toBeTruthy();
});

test('where one link is accepted, one is placed; choosing none sends an empty answer back', async () => {
  const page = await (await open({ accept_multiple: false })).text();
  expect(page).toContain('type="radio"');
  const both = await choose(page, [
    ['place', 'mine'],
    ['place', 'list'],
  ]);
  expect(itemsOf(both.token!)).toHaveLength(1);
  expect(itemsOf((await choose(page, [])).token!)).toEqual([]);
});

test('a height is asked for only where the platform puts links into a frame', async () => {
  expect(await (await open()).text()).toContain('Height in the page');
  const windowed = await (await open({ accept_presentation_document_targets: ['window'] })).text();
  expect(windowed).not.toContain('Height in the page');
  const { token } = await choose(windowed, [['place', 'mine']]);
  expect(decodeJwt(token!)[`${dl}content_items`]).toEqual([expect.not.objectContaining({ iframe: expect.anything() })]);
});

test('placing stores nobody', async () => {
  await open();
  expect(await PersonModel.countDocuments({})).toBe(0);
});

test('a student is not offered to place anything', async () => {
  expect(refusalOf(await open({}, 'Learner'))).toBe('deep-linking-not-for-role');
});

test('who administers the course, or the platform, may place links as who teaches it', async () => {
  expect((await open({}, 'Administrator')).status).toBe(200);
  expect(refusalOf(await open({}, 'Mentor'))).toBe('deep-linking-not-for-role');
});

test('a platform that takes no links is told apart', async () => {
  expect(refusalOf(await open({ accept_types: ['file'] }))).toBe('deep-linking-incomplete');
});

test('a choice that was changed on the way is refused', async () => {
  const page = await (await open()).text();
  const request = requestOf(page);
  const response = await postForm(`${tool.url}/lti/deep-link`, {
    request: `${request.slice(0, -4)}AAAA`,
    place: 'mine',
  });
  expect(refusalOf(response)).toBe('state-unknown');
});

test('a choice that took too long, or whose registration was switched off meanwhile, is refused', async () => {
  let now = new Date();
  const slow = await startLtiTool({ now: () => now });
  const page = await (await open({}, 'Instructor', slow)).text();
  await PlatformModel.updateOne({}, { isActive: false });
  expect(refusalOf((await choose(page, [['place', 'mine']], slow)).response)).toBe('platform-disabled');
  await PlatformModel.updateOne({}, { isActive: true });
  expect((await choose(page, [['place', 'mine']], slow)).token).toBeDefined();
  now = new Date(now.getTime() + 31 * 60_000);
  expect(refusalOf((await choose(page, [['place', 'mine']], slow)).response)).toBe('state-unknown');
  await slow.close();
});

function itemsOf(token: string): unknown[] {
  const payload = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown[]>;
  return payload[`${dl}content_items`]!;
}
