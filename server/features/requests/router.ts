import { Router } from 'express';
import { answerChallengeSchema, answerRequestSchema } from '../../contracts/answers.ts';
import type { Deps } from '../../deps.ts';
import { actorOf } from '../../http/authenticate.ts';
import { parseId } from '../../http/parse-id.ts';
import { parseInput } from '../../http/parse-request.ts';
import { answerChallenge } from './answer-challenge.ts';
import { readCorrectionChoices } from './correction-choices.ts';
import { answerRequest, readAnswers } from './service.ts';

export function createRequestsRouter(deps: Deps): Router {
  const router = Router();
  router.get('/answers', async (request, response) => {
    response.json(await readAnswers(deps, actorOf(request)));
  });
  router.post('/answers/requests/:requestId', async (request, response) => {
    const id = parseId(request.params.requestId);
    response.json(await answerRequest(deps, actorOf(request), id, parseInput(answerRequestSchema, request.body)));
  });
  router.get('/answers/challenges/:challengeId/choices', async (request, response) => {
    response.json(await readCorrectionChoices(deps, actorOf(request), parseId(request.params.challengeId)));
  });
  router.post('/answers/challenges/:challengeId', async (request, response) => {
    const id = parseId(request.params.challengeId);
    response.json(await answerChallenge(deps, actorOf(request), id, parseInput(answerChallengeSchema, request.body)));
  });
  return router;
}
