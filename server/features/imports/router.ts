import { Router } from 'express';
import { importFormSchema } from '../../contracts/imports.ts';
import type { Deps } from '../../deps.ts';
import { actorOf } from '../../http/authenticate.ts';
import { parseInput } from '../../http/parse-request.ts';
import { asTutor, listImports, preview, runImport, undo } from './service.ts';
import { readUpload } from './upload.ts';

/** Files of attendance, lecture capture, meetings and co-curricular activity, taken in by a tutor for their course. */
export function createImportsRouter(deps: Deps): Router {
  const router = Router();
  router.get('/imports', async (request, response) => {
    response.json(await listImports(actorOf(request), deps));
  });
  router.post('/imports/preview', async (request, response) => {
    const tutor = asTutor(actorOf(request));
    const { fields, ...file } = await readUpload(request);
    response.json(await preview(tutor, { ...file, ...parseInput(importFormSchema, fields) }, deps));
  });
  router.post('/imports', async (request, response) => {
    const tutor = asTutor(actorOf(request));
    const { fields, ...file } = await readUpload(request);
    response.status(201).json(await runImport(tutor, { ...file, ...parseInput(importFormSchema, fields) }, deps));
  });
  router.post('/imports/:importId/undo', async (request, response) => {
    response.json(await undo(actorOf(request), request.params.importId, deps));
  });
  return router;
}
