import express, { type Router } from 'express';
import { z } from 'zod';
import { FAULT_KINDS, FAULTY_SERVICES } from './faults.ts';
import type { Site } from './site.ts';

const faultSchema = z.object({
  service: z.enum(FAULTY_SERVICES),
  kind: z.enum(FAULT_KINDS),
  function: z.string().optional(),
  delayMs: z.number().int().min(0).optional(),
  times: z.number().int().min(1).optional(),
});

/** /practice/faults, only where the VLE was started with it: POST a fault, DELETE all of them, GET the requests so far. */
export function controlRouter(site: Site): Router {
  const router = express.Router();
  router.get('/practice/faults', (_request, response) => void response.json(site.faults.seen));
  router.delete('/practice/faults', (_request, response) => {
    site.faults.clear();
    response.status(204).end();
  });
  router.post('/practice/faults', express.json(), (request, response) => {
    const fault = faultSchema.safeParse(request.body);
    if (!fault.success) return void response.status(422).json({ problem: z.prettifyError(fault.error) });
    const { service, kind, function: name, delayMs, times } = fault.data;
    site.faults.add({
      service,
      kind,
      ...(name !== undefined && { function: name }),
      ...(delayMs !== undefined && { delayMs }),
      ...(times !== undefined && { times }),
    });
    response.status(204).end();
  });
  return router;
}
