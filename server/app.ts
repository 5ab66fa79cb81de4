import express, { type Express, type Router } from 'express';
import type { Deps } from './deps.ts';
import { createSessionRouter } from './features/session/router.ts';
import { pingDatabase } from './database/connect.ts';
import { NotFound } from './errors.ts';
import { authenticate } from './http/authenticate.ts';
import { databaseWatch, tellWhetherReady } from './http/database-watch.ts';
import { endAnswered, handleErrors } from './http/error-handler.ts';
import { limitBySession, limitRefusedByAddress } from './http/rate-limits.ts';
import { securityHeaders } from './http/security-headers.ts';
import { serveClient } from './http/serve-client.ts';
import { createPlainPageStyleRouter } from './http/plain-page.ts';
import { createUrgentHelpRouter } from './http/urgent-help.ts';

export interface AppParts {
  readonly deps: Deps;
  readonly isHttps: boolean;
  readonly trustedProxies: number;
  /** The built client; absent in tests that only speak to the API. */
  readonly clientDir?: string | undefined;
  /** Login, launch, keys, registration, deep linking: parses its own bodies, so it stands before every body parser. */
  readonly lti: { readonly router: Router; readonly frameAncestors: () => Promise<readonly string[]> };
  /** What is shown at the tool’s own address; absent in tests that only speak to the API. */
  readonly frontPage?: Router | undefined;
  /** Event feeds: their own credentials, their own body limits. */
  readonly feeds: readonly Router[];
  /** Routers under /api, behind the session token. */
  readonly features: readonly Router[];
}

/** Every mount, on one page, in the order in which a request meets them. */
export function createApp({
  deps,
  isHttps,
  trustedProxies,
  clientDir,
  lti,
  frontPage,
  feeds,
  features,
}: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', trustedProxies);
  app.set('query parser', 'simple');
  app.use(securityHeaders({ frameAncestors: lti.frameAncestors, isHttps }));

  app.get('/healthz', (_request, response) => void response.json({ status: 'up' }));
  app.get('/readyz', tellWhetherReady(pingDatabase));
  app.use(createPlainPageStyleRouter());
  app.use(createUrgentHelpRouter(deps.pack));
  if (frontPage) app.use(frontPage);
  app.use('/lti', lti.router);
  const whileDatabaseIsThere = databaseWatch(pingDatabase);
  if (feeds.length > 0) app.use(['/xapi', '/caliper'], whileDatabaseIsThere);
  for (const feed of feeds) app.use(feed);
  if (clientDir) app.use('/app', serveClient(clientDir));

  const api = express.Router();
  api.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  api.use(whileDatabaseIsThere);
  api.use(limitRefusedByAddress());
  api.use(express.json({ limit: '256kb' }));
  api.use(createSessionRouter(deps));
  api.use(authenticate(deps.tokens, deps.now));
  api.use(limitBySession());
  for (const feature of features) api.use(feature);
  app.use('/api', api);

  app.use(() => {
    throw new NotFound();
  });
  app.use(handleErrors(deps.log), ...endAnswered);
  return app;
}
