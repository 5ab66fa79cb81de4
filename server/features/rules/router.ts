import { Router } from 'express';
import { proposedRulesSchema, saveRulesSchema } from '../../contracts/rules.ts';
import type { Deps } from '../../deps.ts';
import { actorOf } from '../../http/authenticate.ts';
import { parseInput } from '../../http/parse-request.ts';
import { createPreview } from './preview.ts';
import { readRules, saveRules } from './service.ts';

export function createRulesRouter(deps: Deps): Router {
  const router = Router();
  const previewRules = createPreview(deps);
  router.get('/rules', async (request, response) => {
    response.json(await readRules(deps, actorOf(request)));
  });
  router.put('/rules', async (request, response) => {
    response.json(await saveRules(deps, actorOf(request), parseInput(saveRulesSchema, request.body)));
  });
  router.post('/rules/preview', async (request, response) => {
    const { rules } = parseInput(proposedRulesSchema, request.body);
    response.json(await previewRules(actorOf(request), rules));
  });
  return router;
}
