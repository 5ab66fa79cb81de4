import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';

/** A limit per key and minute; the answer is the usual error shape. Limits are per process: a brake, not an account. */
export function limitRate({
  perMinute,
  keyOf,
}: {
  perMinute: number;
  keyOf?: (request: Request) => string;
}): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    ...(keyOf && { keyGenerator: keyOf, validate: { keyGeneratorIpFallback: false } }),
    handler: (_request, _response, next) => {
      next(Object.assign(new Error('Too many requests'), { status: 429 }));
    },
  });
}
