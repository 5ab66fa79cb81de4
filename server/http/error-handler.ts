import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { isDatabaseAway } from '../database/away.ts';
import { Conflict, InvalidInput, NotAllowed, NotFound, NotSignedIn, Unavailable } from '../errors.ts';
import type { ErrorCode, ErrorReply } from '../contracts/error.ts';
import { databaseAwayMessage } from './database-watch.ts';

interface Mapped {
  status: number;
  code: ErrorCode;
}

/** The one table from what went wrong to what HTTP says of it. */
function mapError(error: unknown): Mapped {
  if (error instanceof InvalidInput) return { status: 422, code: 'invalid-input' };
  if (error instanceof NotSignedIn) return { status: 401, code: 'not-signed-in' };
  if (error instanceof NotAllowed) return { status: 403, code: 'not-allowed' };
  if (error instanceof NotFound) return { status: 404, code: 'not-found' };
  if (error instanceof Conflict) return { status: 409, code: 'conflict' };
  if (error instanceof Unavailable) return { status: 503, code: 'unavailable' };
  const status = statusOf(error);
  if (status === 413) return { status, code: 'too-large' };
  if (status === 429) return { status, code: 'too-many-requests' };
  if (status !== undefined && status >= 400 && status < 500) return { status, code: 'invalid-input' };
  return { status: 500, code: 'internal' };
}

const retryAfterSeconds = 10;

/** body-parser and its like put the status on the error. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  return typeof error.status === 'number' ? error.status : undefined;
}

const ownMessages: Partial<Record<ErrorCode, string>> = {
  'too-large': 'That is larger than Waymark accepts.',
  'too-many-requests': 'That was a lot at once. Please wait a moment.',
  internal: 'Something went wrong on our side. It has been noted, and nothing was changed.',
};

/** Answers every error under /api and the feeds as JSON; logs name and place, never input or messages of unknown errors. */
export function handleErrors(log: Logger): ErrorRequestHandler {
  return (met: unknown, request, response, _next) => {
    const error = isDatabaseAway(met) ? new Unavailable(databaseAwayMessage, { cause: met }) : met;
    const { status, code } = mapError(error);
    if (status >= 500) {
      log.error(
        {
          code,
          path: request.route ? String((request.route as { path: unknown }).path) : undefined,
          error: describe(error),
        },
        'request failed',
      );
    }
    if (response.writableEnded) return;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const isOurs = code !== 'internal' && !(code in ownMessages);
    const reply: ErrorReply = {
      error: {
        code,
        message:
          isOurs && error instanceof Error && isOwnError(error)
            ? error.message
            : (ownMessages[code] ?? 'That could not be read.'),
        ...(error instanceof InvalidInput && { fields: { ...error.fields } }),
        ...(error instanceof Conflict && error.current !== undefined && { current: error.current }),
      },
    };
    if (code === 'unavailable') response.setHeader('Retry-After', retryAfterSeconds);
    response.status(status).json(reply);
  };
}

/**
 * Where a request ends that was answered while it still waited for a database that is away: what became of the wait needs no
 * second answer. Express would print it, and hang up on whoever asks next on the same connection. Stands last.
 */
export const endAnswered: readonly [RequestHandler, ErrorRequestHandler] = [
  (_request, response, next) => {
    if (!response.headersSent) next();
  },
  (error, _request, response, next) => {
    if (!response.headersSent) next(error);
  },
];

function isOwnError(error: Error): boolean {
  return [InvalidInput, NotSignedIn, NotAllowed, NotFound, Conflict, Unavailable].some((type) => error instanceof type);
}

/** Name and stack without the message, which may quote what a person typed. */
function describe(error: unknown): { name: string; at: string | undefined } {
  if (!(error instanceof Error)) return { name: typeof error, at: undefined };
  const lines = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return { name: error.name, at: lines?.slice(0, 6).join('\n') };
}
