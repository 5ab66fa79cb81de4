import { Router } from 'express';
import { researchExportSchema } from '../../contracts/oversight.ts';
import type { Deps } from '../../deps.ts';
import { actorOf } from '../../http/authenticate.ts';
import { parseInput } from '../../http/parse-request.ts';
import { exportForResearch } from './research-export.ts';
import { writeYearlyReport } from './yearly-report.ts';

/** What an engagement lead may take out of Waymark: figures, and rows without names. */
export function createLeadRouter(deps: Deps): Router {
  const router = Router();
  router.get('/oversight/yearly-report', async (request, response) => {
    const csv = await writeYearlyReport(deps, actorOf(request));
    response.type('text/csv; charset=utf-8').attachment('yearly-report.csv').send(csv);
  });
  router.post('/oversight/research-export', async (request, response) => {
    const csv = await exportForResearch(deps, actorOf(request), parseInput(researchExportSchema, request.body));
    response.type('text/csv; charset=utf-8').attachment('research-export.csv').send(csv);
  });
  return router;
}
