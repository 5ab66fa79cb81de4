import { Router } from 'express';
import { sessionRequestSchema } from '../../contracts/session.ts';
import type { Deps } from '../../deps.ts';
import { actorOf, authenticate } from '../../http/authenticate.ts';
import { parseInput } from '../../http/parse-request.ts';
import { closeSession, openSession, renewSession } from './service.ts';

/** The only API routes that answer someone who has no token yet. */
export function createSessionRouter(deps: Deps): Router {
  const router = Router();
  router.post('/session', async (request, response) => {
    const { code } = parseInput(sessionRequestSchema, request.body);
    response.json(await openSession(code, deps));
  });
  router.use('/session', authenticate(deps.tokens, deps.now));
  router.post('/session/renew', async (request, response) => {
    response.json(await renewSession(actorOf(request), deps));
  });
  router.post('/session/end', async (request, response) => {
    await closeSession(actorOf(request), deps);
    response.status(204).end();
  });
  return router;
}
