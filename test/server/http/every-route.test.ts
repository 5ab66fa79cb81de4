import type { Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/database.ts';
import { startWaymark } from '../../support/start-waymark.ts';

/** Every route that is mounted, read from the app itself: one that is added without a thought about who may use it fails here. */

const { uri } = useDatabase();
let world: Awaited<ReturnType<typeof startWaymark>>;
let routes: Route[];
let student: string;

beforeAll(async () => {
  world = await startWaymark(uri);
  routes = listApiRoutes(world.waymark.app);
  student = `Bearer ${(await world.launchAs(world.vle.students[0]!.person.id)).token}`;
});
afterAll(() => world.close());

interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
}

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle: { readonly stack?: readonly Layer[] };
  match(path: string): boolean;
}

function listApiRoutes(app: Express): Route[] {
  const top = (app as unknown as { router: { stack: readonly Layer[] } }).router.stack;
  const api = top.find((layer) => layer.handle.stack && layer.match('/api') && !layer.match('/elsewhere'));
  return routesIn(api?.handle.stack ?? []).map(({ method, path }) => ({ method, path: `/api${path}` }));
}

function routesIn(stack: readonly Layer[]): Route[] {
  return stack.flatMap(({ route, handle }) =>
    route
      ? Object.keys(route.methods).map((method) => ({ method: method as Route['method'], path: route.path }))
      : routesIn(handle.stack ?? []),
  );
}

/** What a student may use; who else may not is tried where these routes are tested. */
const students = [
  'post /api/session',
  'post /api/session/renew',
  'post /api/session/end',
  // When the course was last read; nobody is named in it.
  'get /api/refresh',
  'get /api/dashboard',
  'get /api/dashboard/middle-range',
  'put /api/dashboard/comparison',
  'put /api/dashboard/suggestion',
  'get /api/journal',
  'put /api/journal/goal',
  'delete /api/journal/goal/:id',
  'post /api/journal/entries',
  'put /api/journal/entries/:id',
  'delete /api/journal/entries/:id',
  'get /api/rights',
  'put /api/rights/contact',
  'get /api/rights/support',
  'post /api/rights/support',
  'post /api/rights/support/:id/withdraw',
  'post /api/rights/challenges',
  'post /api/rights/challenges/:id/withdraw',
  'get /api/rights/download.json',
  'get /api/rights/download.html',
];

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const addressOf = ({ path }: Route) => path.replace(/:\w+/g, '0'.repeat(24));

describe('every route under /api', () => {
  it('is found', () => {
    expect(routes.length).toBeGreaterThan(50);
    expect(students.filter((known) => !routes.some((route) => nameOf(route) === known))).toEqual([]);
  });

  it('asks for a session', async () => {
    const open: string[] = [];
    for (const route of routes) {
      const { status } = await request(world.url)[route.method](addressOf(route)).send({});
      if (status !== 401) open.push(`${nameOf(route)}: ${status}`);
    }
    // A launch's code is exchanged without one: what is not a code is refused for its form.
    expect(open).toEqual(['post /api/session: 422']);
  });

  it('reads nothing to a student but what is on the list above', async () => {
    const answered: string[] = [];
    for (const route of routes.filter((each) => each.method === 'get' && !students.includes(nameOf(each)))) {
      const { status } = await request(world.url).get(addressOf(route)).set('Authorization', student);
      if (![403, 404].includes(status)) answered.push(`${nameOf(route)}: ${status}`);
    }
    expect(answered).toEqual([]);
  });

  it('changes nothing for a student but what is on the list above', async () => {
    const answered: string[] = [];
    for (const route of routes.filter((each) => each.method !== 'get' && !students.includes(nameOf(each)))) {
      const asked = request(world.url)[route.method](addressOf(route));
      const { status } = await asked.set('Authorization', student).send({});
      // 422: the form is looked at before the person; nothing has been read or changed by then.
      if (![403, 404, 422].includes(status)) answered.push(`${nameOf(route)}: ${status}`);
    }
    expect(answered).toEqual([]);
  });
});
