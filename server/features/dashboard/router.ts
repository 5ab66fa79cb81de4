import { Router } from 'express';
import { comparisonChoiceSchema, suggestionChoiceSchema } from '../../contracts/dashboard.ts';
import type { Deps } from '../../deps.ts';
import { actorOf } from '../../http/authenticate.ts';
import { parseInput } from '../../http/parse-request.ts';
import { chooseComparison, chooseSuggestion, readDashboard, readMiddleRange } from './service.ts';

/** What a student sees of their own engagement. */
export function createDashboardRouter(deps: Deps): Router {
  const router = Router();
  router.get('/dashboard', async (request, response) => {
    response.json(await readDashboard(actorOf(request), deps));
  });
  router.get('/dashboard/middle-range', async (request, response) => {
    response.json(await readMiddleRange(actorOf(request)));
  });
  router.put('/dashboard/comparison', async (request, response) => {
    await chooseComparison(actorOf(request), parseInput(comparisonChoiceSchema, request.body));
    response.status(204).end();
  });
  router.put('/dashboard/suggestion', async (request, response) => {
    await chooseSuggestion(actorOf(request), parseInput(suggestionChoiceSchema, request.body));
    response.status(204).end();
  });
  return router;
}
