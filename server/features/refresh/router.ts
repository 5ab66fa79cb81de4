import { Router } from 'express';
import { actorOf } from '../../http/authenticate.ts';
import type { RefreshDeps } from '../../refresh/deps.ts';
import { readRefresh, startRefresh } from './service.ts';

/** `GET /refresh`: how fresh the course is and how far a refresh; `POST /refresh`: read everything now. */
export function createRefreshRouter(deps: RefreshDeps): Router {
  const router = Router();
  router.get('/refresh', async (request, response) => {
    response.json(await readRefresh(actorOf(request)));
  });
  router.post('/refresh', async (request, response) => {
    response.status(202).json(await startRefresh(actorOf(request), deps));
  });
  return router;
}
