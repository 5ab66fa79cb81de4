import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { actorOf } from './authenticate.ts';

interface Limit {
  readonly perMinute: number;
  /** What is counted together; the address by default. */
  readonly keyOf?: (request: Request) => string;
  /** Only requests that were answered with 401 stay counted. */
  readonly countsOnlyRefused?: boolean;
}

/** Who has hung up already has no address; they are counted together, and wait for no answer. */
const addressOf = ({ ip }: Request): string => (ip === undefined ? 'gone' : ipKeyGenerator(ip));

/** A limit per key and minute; the answer is the usual error shape. Limits are per process: a brake, not an account. */
export function limitRate({ perMinute, keyOf, countsOnlyRefused = false }: Limit): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: keyOf ?? addressOf,
    validate: { keyGeneratorIpFallback: false },
    ...(countsOnlyRefused && {
      skipSuccessfulRequests: true,
      requestWasSuccessful: (_request, response) => response.statusCode !== 401,
    }),
    handler: (_request, _response, next) => {
      next(Object.assign(new Error('Too many requests'), { status: 429 }));
    },
  });
}

/**
 * Guessing codes or tokens is braked by address. A whole campus may share one address, so who has a session never counts
 * here, and is limited by `limitBySession` instead.
 */
export const limitRefusedByAddress = (perMinute = 600): RequestHandler =>
  limitRate({ perMinute, countsOnlyRefused: true });

/** Behind `authenticate`: far more than a person needs, and one runaway page never costs anybody else. */
export const limitBySession = (perMinute = 1_200): RequestHandler =>
  limitRate({ perMinute, keyOf: (request) => actorOf(request).sessionId });
