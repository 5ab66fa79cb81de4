import type { RequestHandler } from 'express';
import { Unavailable } from '../errors.ts';

const firstLookMs = 2_000;
const answerWithinMs = 1_000;

/**
 * Answers for a request that waits for a database which is away, instead of leaving a browser or a sender to hang: a
 * connection that takes requests and never answers throws nothing for minutes. Work that is merely long goes on. Takes a
 * question to the database that is quick while it is there; whoever waits at once shares it.
 */
export function databaseWatch(ping: () => Promise<unknown>): RequestHandler {
  let asking: Promise<boolean> | undefined;
  const isThere = () =>
    (asking ??= answersTwice(ping).finally(() => {
      asking = undefined;
    }));
  return (_request, response, next) => {
    const look = async () => {
      if (await isThere()) watch = setTimeout(() => void look(), firstLookMs);
      else if (!response.headersSent && !response.closed) next(new Unavailable(databaseAwayMessage));
    };
    let watch = setTimeout(() => void look(), firstLookMs);
    response.once('close', () => clearTimeout(watch));
    next();
  };
}

/** For whoever decides where requests go: 200 while the database answers, 503 while it does not. Nothing else is told. */
export function tellWhetherReady(ping: () => Promise<unknown>): RequestHandler {
  return async (_request, response) => {
    const isReady = await answersInTime(ping);
    response.setHeader('Cache-Control', 'no-store');
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ready' : 'without database' });
  };
}

export const databaseAwayMessage =
  'Waymark can’t reach its own records at the moment. Please try again in a few minutes; nothing you see here is lost.';

/** Asked once more where it is late: after a busy moment of the process itself, an answer may be there and not yet read. */
async function answersTwice(ping: () => Promise<unknown>): Promise<boolean> {
  return (await answersInTime(ping)) || answersInTime(ping);
}

async function answersInTime(ping: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), answerWithinMs);
  });
  const answered = ping().then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}
