import { Router } from 'express';
import {
  deleteRequestSchema,
  goalRequestSchema,
  reflectionChangeSchema,
  reflectionRequestSchema,
} from '../../contracts/reflections.ts';
import type { Deps } from '../../deps.ts';
import { actorOf } from '../../http/authenticate.ts';
import { parseInput } from '../../http/parse-request.ts';
import { changeReflection, forgetGoal, forgetReflection, keepReflection, readJournal, setGoal } from './service.ts';

/** A student's goals and journal: only ever their own. */
export function createReflectionsRouter(deps: Deps): Router {
  const router = Router();
  router.get('/journal', async (request, response) => {
    response.json(await readJournal(actorOf(request), deps));
  });
  router.put('/journal/goal', async (request, response) => {
    response.json(await setGoal(actorOf(request), parseInput(goalRequestSchema, request.body), deps));
  });
  router.delete('/journal/goal/:id', async (request, response) => {
    const { rev } = parseInput(deleteRequestSchema, request.body);
    await forgetGoal(actorOf(request), request.params.id, rev, deps);
    response.status(204).end();
  });
  router.post('/journal/entries', async (request, response) => {
    const entry = await keepReflection(actorOf(request), parseInput(reflectionRequestSchema, request.body), deps);
    response.status(201).json(entry);
  });
  router.put('/journal/entries/:id', async (request, response) => {
    const change = parseInput(reflectionChangeSchema, request.body);
    response.json(await changeReflection(actorOf(request), request.params.id, change, deps));
  });
  router.delete('/journal/entries/:id', async (request, response) => {
    const { rev } = parseInput(deleteRequestSchema, request.body);
    await forgetReflection(actorOf(request), request.params.id, rev, deps);
    response.status(204).end();
  });
  return router;
}
