import { afterAll, beforeAll, expect, it } from 'vitest';
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
