import { Router } from 'express';
import {
  activitySwitchSchema,
  courseQuerySchema,
  deploymentSchema,
  moodleEntrySchema,
  newFeedSchema,
  newPlatformSchema,
} from '../../contracts/admin.ts';
import { actorOf } from '../../http/authenticate.ts';
import { parseInput } from '../../http/parse-request.ts';
import { readCourses } from './courses.ts';
import type { AdminDeps } from './deps.ts';
import { addFeed, switchFeed } from './feeds.ts';
import { connectMoodle, disconnectMoodle, retestMoodle } from './moodle-connection.ts';
import { readOverview } from './overview.ts';
import { addPlatform, allowDeployment, forbidDeployment, switchPlatform } from './platforms.ts';

export function createAdminRouter(deps: AdminDeps): Router {
  const router = Router();
  router.get('/admin/overview', async (request, response) => {
    response.json(await readOverview(deps, actorOf(request)));
  });
  router.get('/admin/courses', async (request, response) => {
    response.json(await readCourses(actorOf(request), parseInput(courseQuerySchema, request.query)));
  });
  router.post('/admin/platforms', async (request, response) => {
    const given = parseInput(newPlatformSchema, request.body);
    response.status(201).json(await addPlatform(deps, actorOf(request), given));
  });
  router.post('/admin/platforms/:platformId/active', async (request, response) => {
    const { isActive } = parseInput(activitySwitchSchema, request.body);
    await switchPlatform(deps, actorOf(request), request.params.platformId, isActive);
    response.status(204).end();
  });
  router.post('/admin/platforms/:platformId/deployments', async (request, response) => {
    const { deploymentId } = parseInput(deploymentSchema, request.body);
    await allowDeployment(deps, actorOf(request), request.params.platformId, deploymentId);
    response.status(204).end();
  });
  router.delete('/admin/platforms/:platformId/deployments', async (request, response) => {
    const { deploymentId } = parseInput(deploymentSchema, request.body);
    await forbidDeployment(deps, actorOf(request), request.params.platformId, deploymentId);
    response.status(204).end();
  });
  router.put('/admin/platforms/:platformId/moodle', async (request, response) => {
    const entry = parseInput(moodleEntrySchema, request.body);
    response.json(await connectMoodle(deps, actorOf(request), request.params.platformId, entry));
  });
  router.post('/admin/platforms/:platformId/moodle/test', async (request, response) => {
    response.json(await retestMoodle(deps, actorOf(request), request.params.platformId));
  });
  router.delete('/admin/platforms/:platformId/moodle', async (request, response) => {
    await disconnectMoodle(deps, actorOf(request), request.params.platformId);
    response.status(204).end();
  });
  router.post('/admin/platforms/:platformId/feeds', async (request, response) => {
    const given = parseInput(newFeedSchema, request.body);
    response.status(201).json(await addFeed(deps, actorOf(request), request.params.platformId, given));
  });
  router.post('/admin/feeds/:feedId/active', async (request, response) => {
    const { isActive } = parseInput(activitySwitchSchema, request.body);
    await switchFeed(deps, actorOf(request), request.params.feedId, isActive);
    response.status(204).end();
  });
  return router;
}
