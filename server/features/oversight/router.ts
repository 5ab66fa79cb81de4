import { Router } from 'express';
import type { Deps } from '../../deps.ts';
import { actorOf } from '../../http/authenticate.ts';
import { readFairness } from './fairness.ts';
import { readHelped } from './helped.ts';
import { readOverview } from './overview.ts';

export function createOversightRouter(deps: Deps): Router {
  const router = Router();
  router.get('/oversight', async (request, response) => {
    response.json(await readOverview(deps, actorOf(request)));
  });
  router.get('/oversight/helped', async (request, response) => {
    response.json(await readHelped(deps, actorOf(request)));
  });
  router.get('/oversight/fairness', async (request, response) => {
    response.json(await readFairness(deps, actorOf(request)));
  });
  return router;
}
