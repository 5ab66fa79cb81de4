import { Router } from 'express';
import { acknowledgeSchema } from '../../contracts/guidance.ts';
import type { Deps } from '../../deps.ts';
import { actorOf } from '../../http/authenticate.ts';
import { parseInput } from '../../http/parse-request.ts';
import { acknowledgeGuidance, readGuidance } from './service.ts';

export function createGuidanceRouter(deps: Deps): Router {
  const router = Router();
  router.get('/guidance', async (request, response) => {
    response.json(await readGuidance(deps, actorOf(request)));
  });
  router.post('/guidance/acknowledge', async (request, response) => {
    const { version } = parseInput(acknowledgeSchema, request.body);
    response.json(await acknowledgeGuidance(deps, actorOf(request), version));
  });
  return router;
}
