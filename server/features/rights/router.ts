import { Router } from 'express';
import {
  challengeRequestSchema,
  contactRequestSchema,
  supportAskSchema,
  withdrawRequestSchema,
} from '../../contracts/rights.ts';
import type { Deps } from '../../deps.ts';
import { actorOf } from '../../http/authenticate.ts';
import { parseInput } from '../../http/parse-request.ts';
import { downloadAsHtml, downloadAsJson } from './download.ts';
import {
  askForSupport,
  chooseContact,
  raiseChallenge,
  readRights,
  readSupport,
  takeBackChallenge,
  takeBackRequest,
} from './service.ts';

/** A student's ways to ask, to object, to choose and to take everything along: only ever their own. */
export function createRightsRouter(deps: Deps): Router {
  const router = Router();
  router.get('/rights', async (request, response) => {
    response.json(await readRights(actorOf(request), deps));
  });
  router.put('/rights/contact', async (request, response) => {
    response.json(await chooseContact(actorOf(request), parseInput(contactRequestSchema, request.body), deps));
  });
  router.get('/rights/support', async (request, response) => {
    response.json(await readSupport(actorOf(request), deps));
  });
  router.post('/rights/support', async (request, response) => {
    const asked = await askForSupport(actorOf(request), parseInput(supportAskSchema, request.body), deps);
    response.status(201).json(asked);
  });
  router.post('/rights/support/:id/withdraw', async (request, response) => {
    const { rev } = parseInput(withdrawRequestSchema, request.body);
    response.json(await takeBackRequest(actorOf(request), request.params.id, rev, deps));
  });
  router.post('/rights/challenges', async (request, response) => {
    const raised = await raiseChallenge(actorOf(request), parseInput(challengeRequestSchema, request.body), deps);
    response.status(201).json(raised);
  });
  router.post('/rights/challenges/:id/withdraw', async (request, response) => {
    const { rev } = parseInput(withdrawRequestSchema, request.body);
    response.json(await takeBackChallenge(actorOf(request), request.params.id, rev, deps));
  });
  router.get('/rights/download.json', async (request, response) => {
    const everything = await downloadAsJson(actorOf(request), deps);
    response.attachment('waymark.json').type('application/json').send(everything);
  });
  router.get('/rights/download.html', async (request, response) => {
    const everything = await downloadAsHtml(actorOf(request), deps);
    response.attachment('waymark.html').type('html').send(everything);
  });
  return router;
}
