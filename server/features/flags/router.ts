import { Router } from 'express';
import { exportSchema, flagChangeSchema } from '../../contracts/flag-list.ts';
import { coursePauseSchema, pauseSchema } from '../../contracts/pauses.ts';
import { saveViewSchema } from '../../contracts/saved-views.ts';
import type { Deps } from '../../deps.ts';
import { actorOf } from '../../http/authenticate.ts';
import { parseId } from '../../http/parse-id.ts';
import { parseInput } from '../../http/parse-request.ts';
import { sendPrepared } from '../../http/prepared-json.ts';
import { changeFlag } from './change-flag.ts';
import { exportFlagList } from './export-list.ts';
import { createFlagList, readRoster } from './list-service.ts';
import { addCoursePause, addPause, readCoursePauses, removeCoursePause, removePause } from './pauses.ts';
import { deleteView, listViews, saveView } from './saved-views.ts';
import { readStudentPage } from './student-page.ts';

export function createFlagsRouter(deps: Deps): Router {
  const router = Router();
  const readFlagList = createFlagList(deps);

  router.get('/flags', async (request, response) => {
    sendPrepared(request, response, await readFlagList(actorOf(request), 'running'));
  });
  router.get('/flags/closed', async (request, response) => {
    sendPrepared(request, response, await readFlagList(actorOf(request), 'closed'));
  });
  router.post('/flags/export', async (request, response) => {
    const csv = await exportFlagList(deps, readFlagList, actorOf(request), parseInput(exportSchema, request.body));
    response.type('text/csv; charset=utf-8').attachment('support-list.csv').send(csv);
  });
  router.post('/flags/:flagId/state', async (request, response) => {
    const id = parseId(request.params.flagId);
    response.json(await changeFlag(deps, actorOf(request), id, parseInput(flagChangeSchema, request.body)));
  });

  router.get('/students', async (request, response) => {
    response.json(await readRoster(deps, actorOf(request)));
  });
  router.get('/students/:personId', async (request, response) => {
    response.json(await readStudentPage(deps, actorOf(request), parseId(request.params.personId)));
  });
  router.post('/students/:personId/pauses', async (request, response) => {
    const id = parseId(request.params.personId);
    response.json(await addPause(deps, actorOf(request), id, parseInput(pauseSchema, request.body)));
  });
  router.delete('/students/:personId/pauses/:pauseId', async (request, response) => {
    const id = parseId(request.params.personId);
    response.json(await removePause(deps, actorOf(request), id, request.params.pauseId));
  });

  router.get('/course/pauses', async (request, response) => {
    response.json(await readCoursePauses(deps, actorOf(request)));
  });
  router.post('/course/pauses', async (request, response) => {
    response.json(await addCoursePause(deps, actorOf(request), parseInput(coursePauseSchema, request.body)));
  });
  router.delete('/course/pauses', async (request, response) => {
    response.json(await removeCoursePause(deps, actorOf(request), parseInput(coursePauseSchema, request.body)));
  });

  router.get('/views', async (request, response) => {
    response.json(await listViews(deps, actorOf(request)));
  });
  router.put('/views', async (request, response) => {
    response.json(await saveView(deps, actorOf(request), parseInput(saveViewSchema, request.body)));
  });
  router.delete('/views/:viewId', async (request, response) => {
    response.json(await deleteView(deps, actorOf(request), parseId(request.params.viewId)));
  });
  return router;
}
