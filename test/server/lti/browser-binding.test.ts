import express from 'express';
import request from 'supertest';
import { expect, test } from 'vitest';
import { createBrowserBinding } from '../../../server/lti/browser-binding.ts';

/** What a browser is given at login, without the cookie's name and value. */
async function givenBy(publicUrl: string): Promise<string[]> {
  const app = express();
  app.get('/', (_request, response) => {
    createBrowserBinding(publicUrl).give(response, 'a-state', 'a-secret');
    response.end();
  });
  const { headers } = await request(app).get('/');
  return (headers['set-cookie'] as unknown as string[]).map((cookie) => cookie.replace(/^[\w-]+=a-secret; /, ''));
}

const plain = 'Max-Age=600; Path=/lti; HttpOnly';
const framed = 'Max-Age=600; Path=/lti; HttpOnly; Secure; Partitioned; SameSite=None';

test.each([
  ['over https, only such as lives in a frame', 'https://waymark.example', [framed]],
  ['over http on the own machine, also such as WebKit takes there', 'http://localhost:3000', [plain, framed]],
  ['over http on the own machine by number', 'http://127.0.0.1:3000', [plain, framed]],
  ['over http elsewhere, such as needs no https', 'http://waymark.example', [plain]],
])('a login gives a cookie: %s', async (_where, publicUrl, expected) => {
  expect(await givenBy(publicUrl)).toEqual(expected);
});

test('the secret comes back from the browser that was given it, for its own login alone', async () => {
  const binding = createBrowserBinding('http://localhost:3000');
  const app = express();
  app.get('/give', (_request, response) => {
    binding.give(response, 'a-state', 'a-secret');
    response.end();
  });
  app.get('/read', (asked, response) => {
    response.json([binding.read(asked, 'a-state'), binding.read(asked, 'another')]);
  });
  const given = (await request(app).get('/give')).headers['set-cookie'] as unknown as string[];
  for (const kept of [given, given.slice(0, 1), given.slice(1)]) {
    const cookie = kept.map((header) => header.split(';')[0]).join('; ');
    expect((await request(app).get('/read').set('Cookie', cookie)).body).toEqual(['a-secret', null]);
  }
});
