import { afterAll, beforeAll, expect, it } from 'vitest';
import { OutboundFailed } from '../../../../server/outbound/outbound.ts';
import { describeOutbound } from '../../../../server/sources/moodle/failure.ts';
import { testToken } from '../../../../server/sources/moodle/test-token.ts';
import { moodleClientForTests } from '../../../support/moodle-client.ts';
import { startStubMoodle, type StubMoodle } from '../../../support/stub-moodle.ts';

let moodle: StubMoodle;
beforeAll(async () => {
  moodle = await startStubMoodle({ token: 'good' });
});
afterAll(() => moodle.close());

it('says which functions a token may call and what is missing without the others', async () => {
  const client = moodleClientForTests({ baseUrl: moodle.url, token: 'good' });
  const test = await testToken(client, 'http://127.0.0.1:8080');
  expect(test).toMatchObject({ isAccepted: true, missing: [], warnings: [], siteUrl: 'http://127.0.0.1:8080' });
  moodle.answer('core_webservice_get_site_info', () => ({
    json: {
      siteurl: 'http://other.example',
      userid: 2,
      userissiteadmin: true,
      functions: [{ name: 'core_course_get_contents' }],
    },
  }));
  const poor = await testToken(client, 'http://127.0.0.1:8080');
  expect(poor).toMatchObject({ isAccepted: true, functions: ['core_course_get_contents'] });
  expect(poor.isAccepted && poor.missing.map(({ without }) => without)).toContain('No completion.');
  expect(poor.isAccepted && poor.warnings).toHaveLength(2);
});

it('says in words why a token is not accepted, and keeps it out of addresses', async () => {
  const test = await testToken(moodleClientForTests({ baseUrl: moodle.url, token: 'bad' }), moodle.url);
  expect(test).toEqual({ isAccepted: false, problem: expect.stringMatching(/token is not accepted/) as string });
  expect(moodle.calls.every(({ params }) => 'wstoken' in params)).toBe(true);
});

/** As a real Moodle 4.5.6 answered, and what stands in front of one. */
const exception = (errorcode: string, message = 'Names Amina') => ({ json: { exception: 'x', errorcode, message } });
it.each<[string, ReturnType<Parameters<StubMoodle['answer']>[1]>, RegExp]>([
  [
    'a token that has expired, or is for other IP addresses',
    exception('accessexception'),
    /has expired or is for other IP/,
  ],
  ['a service that is switched off', exception('accessexception'), /the service is off/],
  ['a suspended service user', exception('wsaccessusersuspended'), /account of its user is suspended/],
  ['maintenance by the web', exception('sitemaintenance'), /in maintenance/],
  ['maintenance by the command line', { status: 503, text: '<!DOCTYPE html>' }, /status 503: it is in maintenance/],
  ['an upgrade', exception('upgraderunning'), /being upgraded/],
  ['web services switched off', { status: 403, text: '' }, /REST protocol are switched off/],
  ['another path', { status: 404, text: '<!doctype html>' }, /no web services at this address/],
  ['a redirect to single sign-on', { status: 302, text: '' }, /browsers end up at/],
  ['a sign-in page', { text: '<!DOCTYPE html><title>Log in</title>' }, /sign-in page or firewall stands before/],
  ['a PHP warning before the data', { text: 'Warning: foo{"siteurl":""}' }, /a warning of PHP/],
  ['a course that was deleted', exception('invalidrecord'), /course may have been deleted/],
  ['no answer', { isSilent: true }, /no answer within 0.5 s\). It is slow, or a firewall/],
])('%s: the administrator reads what to do', async (_, answer, words) => {
  moodle.answer('core_webservice_get_site_info', () => answer);
  const client = moodleClientForTests({ baseUrl: moodle.url, token: 'good', tries: 1 });
  const test = await testToken(client, moodle.url);
  expect(test).toEqual({ isAccepted: false, problem: expect.stringMatching(words) as string });
  expect(JSON.stringify(test)).not.toContain('Amina');
});

it.each([
  ['CERT_HAS_EXPIRED', /has expired/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /NODE_EXTRA_CA_CERTS/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /whole chain/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /another name than the address/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak https/],
  ['ENOTFOUND', /DNS/],
  ['ECONNREFUSED', /Nothing listens there/],
])('a request that fails with %s says what that means', (reason, words) => {
  const failure = describeOutbound('core_webservice_get_site_info', new OutboundFailed(reason));
  expect((failure as Error).message).toMatch(words);
});
