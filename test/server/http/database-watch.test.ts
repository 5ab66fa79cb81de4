import express from 'express';
import request from 'supertest';
import { expect, it } from 'vitest';
import { databaseWatch } from '../../../server/http/database-watch.ts';

/** A page that takes a moment longer than the watch waits before it looks, on a database that answers as given. */
function slowPage(ping: () => Promise<unknown>) {
  const app = express();
  app.use(databaseWatch(ping));
  app.get('/', async (_request, response) => {
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    if (!response.headersSent) response.send('read');
  });
  app.use(((_error, _request, response, _next) => {
    response.status(503).send('away');
  }) as express.ErrorRequestHandler);
  return request(app).get('/');
}

it('lets long work go on where the database was late once, and answers where it stays away', async () => {
  let asked = 0;
  const lateOnce = () => (++asked === 1 ? new Promise(() => undefined) : Promise.resolve());
  const [busy, away] = await Promise.all([slowPage(lateOnce), slowPage(() => new Promise(() => undefined))]);
  expect([busy.status, busy.text]).toEqual([200, 'read']);
  expect([away.status, away.text]).toEqual([503, 'away']);
}, 20_000);
