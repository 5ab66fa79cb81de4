import express, { type ErrorRequestHandler } from 'express';
import { createSecretKey, randomBytes } from 'node:crypto';
import request from 'supertest';
import { expect, test } from 'vitest';
import type { Platform } from '../../../server/database/models/platform.ts';
import { createGuardedLtijs, type LoginPass } from '../../../server/lti/guarded-ltijs.ts';
import { createLtijsDatabase } from '../../../server/lti/ltijs-database.ts';

/** A login that ltijs has found in order, answered as given. vitest fails on any unhandled rejection. */
function loginAnsweredBy(answer: LoginPass['answer']) {
  const platform = { name: 'VLE', issuer: 'https://vle.example', clientId: 'c', isActive: true } as Platform;
  const find = () => Promise.resolve(platform);
  const guarded = createGuardedLtijs({
    database: createLtijsDatabase({ published: () => Promise.resolve([]) } as never, { find, findById: find }),
    handlers: {
      readLogin: () =>
        Promise.resolve({
          issuer: platform.issuer,
          clientId: platform.clientId,
          begin: () => Promise.resolve(),
          answer,
        }),
      readLaunch: () => Promise.resolve(undefined),
      refuse: (_error, _request, response) => {
        if (!response.headersSent) response.status(500).send('refused');
      },
    },
    secret: createSecretKey(randomBytes(32)),
  });
  const app = express();
  app.get('/login', guarded);
  app.use(((_error, _request, response, _next) => void response.send('not handled')) as ErrorRequestHandler);
  return request(app).get('/login');
}

test('an answer to a login that fails is refused in our words, not in those of ltijs', async () => {
  const { status, text } = await loginAnsweredBy(() => {
    throw new Error('something of ours');
  });
  expect([status, text]).toEqual([500, 'refused']);
});

test('an answer to a login that fails when it was sent already is not sent twice', async () => {
  const { status, text } = await loginAnsweredBy((_request, response) => {
    response.send('answered');
    throw new Error('something of ours');
  });
  expect([status, text]).toEqual([200, 'answered']);
});
