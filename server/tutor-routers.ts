import type { Router } from 'express';
import type { Deps } from './deps.ts';
import { createActionsRouter } from './features/actions/router.ts';
import { createFlagsRouter } from './features/flags/router.ts';
import { createGuidanceRouter } from './features/guidance/router.ts';
import { createOversightRouter } from './features/oversight/router.ts';
import { createRequestsRouter } from './features/requests/router.ts';
import { createRulesRouter } from './features/rules/router.ts';

/** Every router of the tutor's side, for the composed tool and for the tests of who may call what. */
export function createTutorRouters(deps: Deps): Router[] {
  return [
    createGuidanceRouter(deps),
    createFlagsRouter(deps),
    createActionsRouter(deps),
    createRequestsRouter(deps),
    createRulesRouter(deps),
    createOversightRouter(deps),
  ];
}
