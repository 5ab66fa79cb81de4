import type { Request, RequestHandler } from 'express';
import type { Actor } from '../domain/access.ts';
import { NotSignedIn } from '../errors.ts';
import type { SessionTokens } from './session-token.ts';

const actors = new WeakMap<Request, Actor>();

/** Reads `Authorization: Bearer …`; everything behind it has an actor. */
export function authenticate(tokens: SessionTokens, now: () => Date): RequestHandler {
  return async (request, _response, next) => {
    const [scheme, token] = (request.get('authorization') ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || !token) throw new NotSignedIn();
    actors.set(request, await tokens.verify(token, now()));
    next();
  };
}

/** The actor of a request behind `authenticate`; throws NotSignedIn elsewhere. */
export function actorOf(request: Request): Actor {
  const actor = actors.get(request);
  if (!actor) throw new NotSignedIn();
  return actor;
}
