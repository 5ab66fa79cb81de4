import { setTimeout as sleep } from 'node:timers/promises';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

export const FAULTY_SERVICES = ['moodle', 'nrps', 'ags', 'token', 'jwks', 'authorisation', 'registration'] as const;
export type FaultyService = (typeof FAULTY_SERVICES)[number];

export const FAULT_KINDS = ['slow', 'hang', 'down', 'reset', 'html', 'half-json', 'exception', 'too-many'] as const;

export interface Fault {
  service: FaultyService;
  kind: (typeof FAULT_KINDS)[number];
  /** Only this web-service function; every one of the service when left out. */
  function?: string;
  /** For `slow`: how long to wait before the right answer. */
  delayMs?: number;
  /** After so many requests the fault is over; it stays when left out. */
  times?: number;
}

/** A request that reached the platform, as far as tests want to know. */
export interface SeenRequest {
  service: FaultyService;
  function?: string | undefined;
  userAgent?: string | undefined;
}

export interface Faults {
  /** From now on requests meet this fault; returns how to take it back. */
  add(fault: Fault): () => void;
  clear(): void;
  /** Every request since the start or the last `forget`, faulty or not. */
  seen: SeenRequest[];
  /** The place in a route where faults of a service happen. */
  at(service: FaultyService): RequestHandler;
}

/** Keeps what should go wrong, and remembers what was asked. */
export function createFaults(): Faults {
  let active: Fault[] = [];
  const seen: SeenRequest[] = [];

  function take(service: FaultyService, functionName: string | undefined): Fault | undefined {
    const fault = active.find((one) => one.service === service && (!one.function || one.function === functionName));
    if (fault?.times !== undefined) {
      fault.times -= 1;
      if (fault.times <= 0) active = active.filter((one) => one !== fault);
    }
    return fault;
  }

  return {
    seen,
    add(fault) {
      const own = { ...fault };
      active.push(own);
      return () => {
        active = active.filter((one) => one !== own);
      };
    },
    clear() {
      active = [];
    },
    at: (service) => (request, response, next) => {
      const functionName = webServiceFunction(request);
      seen.push({ service, function: functionName, userAgent: request.get('user-agent') });
      const fault = take(service, functionName);
      if (fault) void happen(fault, request, response, next);
      else next();
    },
  };
}

function webServiceFunction(request: Request): string | undefined {
  const body = request.body as Record<string, unknown> | undefined;
  const name = body?.['wsfunction'] ?? request.query['wsfunction'];
  return typeof name === 'string' ? name : undefined;
}

async function happen(fault: Fault, request: Request, response: Response, next: NextFunction): Promise<void> {
  switch (fault.kind) {
    case 'slow':
      await sleep(fault.delayMs ?? 1000);
      return next();
    case 'hang':
      return;
    case 'down':
      response.status(503).type('html').send('<html><body><h1>503 Service Unavailable</h1></body></html>');
      return;
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'html':
      response
        .status(200)
        .type('html')
        .send('<!DOCTYPE html><html><head><title>Site under maintenance</title></head></html>');
      return;
    case 'half-json':
      response.json = (body: unknown) => {
        const text = JSON.stringify(body);
        return response.type('json').send(text.slice(0, Math.floor(text.length / 2)));
      };
      return next();
    case 'exception':
      response.json({
        exception: 'core\\exception\\required_capability_exception',
        errorcode: 'nopermissions',
        message: 'Sorry, but you do not currently have permissions to do that.',
      });
      return;
    case 'too-many':
      response.status(429).set('Retry-After', '1').type('html').send('Too many requests');
      return;
  }
}
