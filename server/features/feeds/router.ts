import express, { Router, type ErrorRequestHandler, type Request } from 'express';
import type { Feed } from '../../database/models/feed.ts';
import { InvalidInput } from '../../errors.ts';
import { receiveEnvelope } from './caliper-service.ts';
import { authenticateFeed } from './credentials.ts';
import type { FeedDeps } from './deps.ts';
import { readStatements, receiveStatements } from './xapi-service.ts';

/** The endpoints for systems that send events, each with credentials of its own: `/xapi` and `/caliper`. */
export function createFeedsRouter(deps: FeedDeps): Router {
  const router = Router();
  router.use('/xapi', createXapiRouter(deps));
  router.post(
    '/caliper/events',
    async (request, response, next) => {
      response.locals['feed'] = await authenticateFeed(request, 'caliper');
      next();
    },
    readBody,
    async (request, response) => {
      await receiveEnvelope(response.locals['feed'] as Feed, request.body, deps);
      response.json({});
    },
  );
  // Both specifications ask for 400 where the API of the pages says 422.
  router.use(((error: unknown, _request, response, next) => {
    if (!(error instanceof InvalidInput)) return next(error);
    response.status(400).json({ error: { code: 'invalid-input', message: error.message, fields: error.fields } });
  }) satisfies ErrorRequestHandler);
  return router;
}

const bodyLimit = '4mb';
const readBody = express.json({ limit: bodyLimit, type: ['application/json', 'application/*+json'], strict: true });
/** Statements with attachments; Waymark keeps nothing of those. */
const readMixed = express.raw({ limit: '10mb', type: 'multipart/mixed' });
const versions = ['1.0.0', '1.0.1', '1.0.2', '1.0.3', '2.0.0'];

/**
 * The receiving half of an xAPI record store. Statements can be sent, not read back: nobody needs to, and what is kept of
 * them is no longer a statement.
 */
function createXapiRouter(deps: FeedDeps): Router {
  const router = Router();
  router.use((_request, response, next) => {
    response.setHeader('X-Experience-API-Version', '1.0.3');
    next();
  });
  router.get('/about', (_request, response) => void response.json({ version: versions }));
  router
    .route('/statements')
    // Credentials before the body: what a stranger sends is not even read.
    .all(async (request, response, next) => {
      response.locals['feed'] = await authenticateFeed(request, 'xapi');
      requireVersion(request);
      next();
    })
    .post(readBody, readMixed, async (request, response) => {
      const sent = readStatements(request.body, request.get('content-type') ?? '');
      const ids = await receiveStatements(response.locals['feed'] as Feed, sent, deps);
      // Not `json()`: that would also work out an entity tag for an answer nobody asks for twice.
      response.type('application/json').end(JSON.stringify(ids));
    })
    .put(readBody, readMixed, async (request, response) => {
      const { statementId } = request.query;
      if (typeof statementId !== 'string') throw new InvalidInput({ statementId: 'is missing' });
      const sent = readStatements(request.body, request.get('content-type') ?? '');
      await receiveStatements(response.locals['feed'] as Feed, sent, deps, statementId);
      response.status(204).end();
    })
    .all((_request, response) => {
      response.setHeader('Allow', 'POST, PUT');
      const message = 'Statements can be sent to Waymark, not read from it.';
      response.status(405).json({ error: { code: 'not-allowed', message } });
    });
  return router;
}

function requireVersion(request: Request): void {
  const version = request.get('x-experience-api-version') ?? '';
  if (/^(1\.0|2\.0)(\.\d+)?$/.test(version)) return;
  const message = `The header X-Experience-API-Version must name one of ${versions.join(', ')}.`;
  throw new InvalidInput({ 'X-Experience-API-Version': 'is missing or not supported' }, message);
}
