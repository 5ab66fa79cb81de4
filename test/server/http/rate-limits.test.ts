import express from 'express';
import request from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { pino } from 'pino';
import type { Actor } from '../../../server/domain/access.ts';
import { authenticate } from '../../../server/http/authenticate.ts';
import { handleErrors } from '../../../server/http/error-handler.ts';
import { limitBySession, limitRate, limitRefusedByAddress } from '../../../server/http/rate-limits.ts';
import { createSessionTokens } from '../../../server/http/session-token.ts';

const tokens = createSessionTokens({ secret: 'for-tests-only-0123456789-0123456789-abc', issuer: 'http://localhost' });
const now = () => new Date('2026-11-23T12:00:00Z');

function app() {
  const limited = express();
  limited.use(limitRefusedByAddress(3), authenticate(tokens, now), limitBySession(5));
  limited.get('/', (_request, response) => void response.json({}));
  limited.use(handleErrors(pino({ level: 'silent' })));
  return limited;
}

const tokenFor = async (sessionId: string) => {
  const actor: Actor = { sessionId, personId: 'p', platformId: 'f', courseId: 'c', role: 'student' };
  return (await tokens.issue(actor, now())).token;
};

describe('limits on requests', () => {
  let one: string;
  let other: string;
  beforeAll(async () => {
    one = await tokenFor('one');
    other = await tokenFor('other');
  });

  test('many people behind one address do not use up each other’s share', async () => {
    const limited = app();
    const get = (token: string) => request(limited).get('/').set('authorization', `Bearer ${token}`);
    for (let i = 0; i < 5; i++) await get(one).expect(200);
    const tooMany = await get(one).expect(429);
    expect(tooMany.body.error.message).toBe('That was a lot at once. Please wait a moment.');
    await get(other).expect(200);
  });

  test('guessing tokens from one address is braked', async () => {
    const limited = app();
    const guess = () => request(limited).get('/').set('authorization', 'Bearer guessed');
    for (let i = 0; i < 3; i++) await guess().expect(401);
    await guess().expect(429);
  });

  test('who has hung up, and so has no address any more, is no error', async () => {
    const limited = express();
    limited.use((asked, _response, next) => {
      Object.defineProperty(asked, 'ip', { value: undefined });
      next();
    });
    limited.use(limitRate({ perMinute: 1 }));
    limited.get('/', (_request, response) => void response.json({}));
    limited.use(handleErrors(pino({ level: 'silent' })));
    await request(limited).get('/').expect(200);
  });
});
