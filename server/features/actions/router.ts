import { Router } from 'express';
import {
  correctActionSchema,
  followUpChangeSchema,
  logQuerySchema,
  recordActionSchema,
} from '../../contracts/actions.ts';
import { alertAnswerSchema, alertSchoolSchema } from '../../contracts/alerts.ts';
import { decideSchema, replySchema, startDiscussionSchema } from '../../contracts/discussions.ts';
import { addressesRequestSchema, checkDraftSchema, draftRequestSchema } from '../../contracts/drafts.ts';
import type { Deps } from '../../deps.ts';
import { actorOf } from '../../http/authenticate.ts';
import { parseId } from '../../http/parse-id.ts';
import { parseInput } from '../../http/parse-request.ts';
import { readAddresses } from './addresses.ts';
import { alertSchool, answerAlert } from './alerts.ts';
import { changeFollowUp, correctAction } from './correct-action.ts';
import { decideDiscussion, readDiscussions, replyToDiscussion, startDiscussion } from './discussions.ts';
import { checkMessage, draftMessage } from './drafts.ts';
import { exportLog } from './export-log.ts';
import { readFollowUps, readForms, readLog } from './log.ts';
import { recordAction } from './record-action.ts';

export function createActionsRouter(deps: Deps): Router {
  const router = Router();

  router.get('/actions', async (request, response) => {
    response.json(await readLog(deps, actorOf(request), parseInput(logQuerySchema, request.query)));
  });
  router.get('/actions/forms', async (request, response) => {
    response.json(await readForms(deps, actorOf(request)));
  });
  router.get('/actions/export', async (request, response) => {
    const csv = await exportLog(deps, actorOf(request));
    response.type('text/csv; charset=utf-8').attachment('log.csv').send(csv);
  });
  router.post('/actions', async (request, response) => {
    const input = parseInput(recordActionSchema, request.body);
    response.status(201).json(await recordAction(deps, actorOf(request), input));
  });
  router.put('/actions/:actionId', async (request, response) => {
    const id = parseId(request.params.actionId);
    response.json(await correctAction(deps, actorOf(request), id, parseInput(correctActionSchema, request.body)));
  });
  router.get('/follow-ups', async (request, response) => {
    response.json(await readFollowUps(deps, actorOf(request)));
  });
  router.post('/actions/:actionId/follow-up', async (request, response) => {
    const id = parseId(request.params.actionId);
    response.json(await changeFollowUp(deps, actorOf(request), id, parseInput(followUpChangeSchema, request.body)));
  });

  router.get('/discussions', async (request, response) => {
    response.json(await readDiscussions(deps, actorOf(request)));
  });
  router.post('/discussions', async (request, response) => {
    const input = parseInput(startDiscussionSchema, request.body);
    response.status(201).json(await startDiscussion(deps, actorOf(request), input));
  });
  router.post('/discussions/:discussionId/replies', async (request, response) => {
    const id = parseId(request.params.discussionId);
    const { text } = parseInput(replySchema, request.body);
    response.json(await replyToDiscussion(deps, actorOf(request), id, text));
  });
  router.post('/discussions/:discussionId/decision', async (request, response) => {
    const id = parseId(request.params.discussionId);
    response.json(await decideDiscussion(deps, actorOf(request), id, parseInput(decideSchema, request.body)));
  });

  router.post('/alerts', async (request, response) => {
    const input = parseInput(alertSchoolSchema, request.body);
    response.status(201).json(await alertSchool(deps, actorOf(request), input));
  });
  router.post('/alerts/:alertId/answer', async (request, response) => {
    const id = parseId(request.params.alertId);
    response.json(await answerAlert(deps, actorOf(request), id, parseInput(alertAnswerSchema, request.body)));
  });

  router.post('/drafts', async (request, response) => {
    response.json(await draftMessage(deps, actorOf(request), parseInput(draftRequestSchema, request.body)));
  });
  router.post('/drafts/addresses', async (request, response) => {
    const input = parseInput(addressesRequestSchema, request.body);
    response.json(await readAddresses(deps, actorOf(request), input));
  });
  router.post('/drafts/check', async (request, response) => {
    const { text } = parseInput(checkDraftSchema, request.body);
    response.json(await checkMessage(deps, actorOf(request), text));
  });
  return router;
}
