import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express, { type Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../../server/app.ts';
import { newId } from '../../../../server/database/connect.ts';
import { AlertModel } from '../../../../server/database/models/alert.ts';
import { ActionModel } from '../../../../server/database/models/action.ts';
import { challengeSeal, ChallengeModel } from '../../../../server/database/models/challenge.ts';
import { DiscussionModel } from '../../../../server/database/models/discussion.ts';
import { SavedViewModel } from '../../../../server/database/models/saved-view.ts';
import { SupportRequestModel } from '../../../../server/database/models/support-request.ts';
import { loadPolicyPack } from '../../../../server/policy/load-pack.ts';
import { discussionContext } from '../../../../server/staff/present-discussion.ts';
import { alertContext } from '../../../../server/staff/present-alert.ts';
import { createTutorRouters } from '../../../../server/tutor-routers.ts';
import { useDatabase } from '../../../support/database.ts';
import { dayMs, makeCourse, newHexId, startApp, type TestPerson } from '../../../support/staffed-course.ts';

const { uri } = useDatabase();
const { app, deps, close } = await startApp(uri, createTutorRouters);
afterAll(close);
const now = deps.now();
const at = now.getTime();

/** Who asks. `tutor`, `assistant` and the rest are of the course; `elsewhere` is a tutor of another one. */
const refused = ['assistant', 'lead', 'administrator', 'mentor', 'student', 'the student'] as const;
type Who = (typeof refused)[number] | 'tutor' | 'elsewhere' | 'unread' | 'allowed assistant';

interface Row {
  /** The path with ids put in; the mounted one where there are none. */
  readonly path?: () => string;
  readonly body?: () => object;
  /** What a tutor of another course gets: their own, or the 404 of what does not exist. */
  readonly elsewhere: 200 | 201 | 404 | 409 | 422;
  /** Of those who are refused elsewhere: whoever may come in here. */
  readonly open?: readonly (typeof refused)[number][];
  /** May be used before this year's guidance has been acknowledged: it names nobody. */
  readonly beforeGuidance?: true;
  /** For tutors alone, also where the pack lets assistants see individuals. */
  readonly tutorsOnly?: true;
}

const ids: Record<string, string> = {};
const people = {} as Record<Who, TestPerson>;
const action = { category: 'supportive', channel: 'phone', initiator: 'student', outcome: 'spoke', at: at - dayMs };
const rule = { indicator: 'recency', comparison: '>=', threshold: 14, fromWeek: 2, strength: 'strong' };
const pause = { from: '2026-11-01', to: '2026-11-02', label: 'Strike' };
const ofStudent = () => people['the student'].personId;

/** Every route of the tutor's side. A route that is mounted and has no row here fails the first test. */
const table: Readonly<Record<string, Row>> = {
  'get /guidance': { elsewhere: 200, beforeGuidance: true },
  'post /guidance/acknowledge': { elsewhere: 409, body: () => ({ version: 'old' }), beforeGuidance: true },

  'get /flags': { elsewhere: 200 },
  'get /flags/closed': { elsewhere: 200 },
  'post /flags/export': { elsewhere: 200, body: () => ({}) },
  'post /flags/:flagId/state': {
    path: () => `/flags/${ids['flag']}/state`,
    body: () => ({ rev: 0, to: 'discussing' }),
    elsewhere: 404,
  },
  'get /students': { elsewhere: 200 },
  'get /students/:personId': { path: () => `/students/${ofStudent()}`, elsewhere: 404 },
  'post /students/:personId/pauses': {
    path: () => `/students/${ofStudent()}/pauses`,
    body: () => ({ from: '2026-11-01', to: '2026-11-02', kind: 'other' }),
    elsewhere: 404,
  },
  'delete /students/:personId/pauses/:pauseId': {
    path: () => `/students/${ofStudent()}/pauses/${newHexId()}`,
    elsewhere: 404,
  },
  'get /course/pauses': { elsewhere: 200 },
  'post /course/pauses': { elsewhere: 200, body: () => pause, tutorsOnly: true },
  'delete /course/pauses': { elsewhere: 200, body: () => pause, tutorsOnly: true },
  'get /views': { elsewhere: 200 },
  'put /views': { elsewhere: 200, body: () => ({ name: 'Mine', filters: { mine: 'yes' } }) },
  'delete /views/:viewId': { path: () => `/views/${ids['view']}`, elsewhere: 404 },

  'get /actions': { elsewhere: 200 },
  'get /actions/forms': { elsewhere: 200 },
  'get /actions/export': { elsewhere: 200 },
  'post /actions': { body: () => ({ personIds: [ofStudent()], ...action }), elsewhere: 404 },
  'put /actions/:actionId': {
    path: () => `/actions/${ids['action']}`,
    body: () => ({ rev: 0, ...action }),
    elsewhere: 404,
  },
  'get /follow-ups': { elsewhere: 200 },
  'post /actions/:actionId/follow-up': {
    path: () => `/actions/${ids['action']}/follow-up`,
    body: () => ({ rev: 0, done: true }),
    elsewhere: 404,
  },
  'get /discussions': { elsewhere: 200 },
  'post /discussions': {
    body: () => ({ personId: ofStudent(), inviteIds: [people.tutor.personId], considered: 'What do we see?' }),
    elsewhere: 404,
  },
  'post /discussions/:discussionId/replies': {
    path: () => `/discussions/${ids['discussion']}/replies`,
    body: () => ({ text: 'My view.' }),
    elsewhere: 404,
  },
  'post /discussions/:discussionId/decision': {
    path: () => `/discussions/${ids['discussion']}/decision`,
    body: () => ({ rev: 0, decision: 'wait', because: 'It is early.' }),
    elsewhere: 404,
  },
  'post /alerts': {
    body: () => ({ personId: ofStudent(), school: 'Maths', contact: 'Lead', need: 'Please get in touch.' }),
    elsewhere: 404,
  },
  'post /alerts/:alertId/answer': {
    path: () => `/alerts/${ids['alert']}/answer`,
    body: () => ({ rev: 0, answer: 'Done.' }),
    elsewhere: 404,
  },
  'post /drafts': { body: () => ({ personId: ofStudent(), messageId: 'checking-in' }), elsewhere: 404 },
  'post /drafts/addresses': { body: () => ({ personIds: [ofStudent()] }), elsewhere: 404 },
  'post /drafts/check': { body: () => ({ text: 'Hello.' }), elsewhere: 200 },

  'get /answers': { elsewhere: 200 },
  'post /answers/requests/:requestId': {
    path: () => `/answers/requests/${ids['request']}`,
    body: () => ({ rev: 1, to: 'seen' }),
    elsewhere: 404,
  },
  'get /answers/challenges/:challengeId/choices': {
    path: () => `/answers/challenges/${ids['challenge']}/choices`,
    elsewhere: 404,
  },
  'post /answers/challenges/:challengeId': {
    path: () => `/answers/challenges/${ids['challenge']}`,
    body: () => ({ rev: 1, to: 'looking', answer: 'I am looking.' }),
    elsewhere: 404,
  },

  'get /rules': { elsewhere: 200 },
  'put /rules': { elsewhere: 200, body: () => ({ version: 1, rules: [rule] }), tutorsOnly: true },
  'post /rules/preview': { elsewhere: 200, body: () => ({ rules: [rule] }), tutorsOnly: true },

  'get /oversight': { elsewhere: 200, open: ['lead'], beforeGuidance: true, tutorsOnly: true },
  'get /oversight/helped': { elsewhere: 200 },
  'get /oversight/fairness': { elsewhere: 200, open: ['lead'], tutorsOnly: true },
};

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

/** What is mounted, asked of express itself. */
function listMounted(): string[] {
  return createTutorRouters(deps).flatMap((router) =>
    (router.stack as unknown as Layer[]).flatMap(({ route }) =>
      route ? Object.keys(route.methods).map((method) => `${method} ${route.path}`) : [],
    ),
  );
}

function send(to: Express, route: string, who?: Who) {
  const [method, path] = route.split(' ') as ['get' | 'post' | 'put' | 'delete', string];
  const row = table[route]!;
  const asked = request(to)[method](`/api${row.path?.() ?? path}`);
  if (who) void asked.set(people[who].auth);
  return row.body ? asked.send(row.body()) : asked;
}

/** The same tool with a pack that lets assistants see individuals. */
let assisted: Express;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-pack-'));
  const pack = join(folder, 'pack.json');
  await writeFile(pack, JSON.stringify({ extends: 'qmul', access: { mayAssistantsSeeIndividuals: true } }));
  const withPack = { ...deps, pack: loadPolicyPack(pack) };
  assisted = createApp({
    deps: withPack,
    isHttps: false,
    trustedProxies: 0,
    lti: { router: express.Router(), frameAncestors: () => Promise.resolve([]) },
    feeds: [],
    features: createTutorRouters(withPack),
  });
  await rm(folder, { recursive: true });

  const course = await makeCourse(deps);
  const { courseId } = course;
  people['the student'] = await course.add('student', 'Sam Secret');
  people.student = await course.add('student', 'Another Student');
  for (const role of ['tutor', 'assistant', 'lead', 'administrator', 'mentor'] as const)
    people[role] = await course.add(role, `The ${role}`);
  people.unread = await course.add('tutor', 'Unread Tutor', { hasReadGuidance: false });
  people.elsewhere = await (await makeCourse(deps)).add('tutor', 'Tutor Elsewhere');
  // The same person and token: signed with the same key, read by the tool with the other pack.
  people['allowed assistant'] = people.assistant;
  const personId = ofStudent();
  const byId = people.tutor.personId;
  ids['flag'] = await course.flag(personId);
  const write = async (name: string, make: (id: string) => Promise<unknown>) => {
    ids[name] = newId();
    await make(ids[name]);
  };
  await write('action', (_id) =>
    ActionModel.create({
      _id,
      courseId,
      personId,
      byId,
      category: 'supportive',
      channel: 'phone',
      initiator: 'student',
      outcome: 'spoke',
      at: now,
      recordedAt: now,
      followUp: { dueAt: new Date(at + dayMs), ownerId: byId, isPending: true, handedOver: [] },
    }),
  );
  await write('discussion', (_id) =>
    DiscussionModel.create({
      _id,
      courseId,
      personId,
      startedById: byId,
      startedAt: now,
      sealedConsidered: deps.vault.seal('Secret?', discussionContext(_id, 'considered')),
    }),
  );
  await write('alert', (_id) =>
    AlertModel.create({
      _id,
      courseId,
      personId,
      school: 'Maths',
      contact: 'Lead',
      sealedNeed: deps.vault.seal('Secret?', alertContext(_id, 'need')),
      sentById: byId,
      sentAt: now,
    }),
  );
  await write('request', (_id) =>
    SupportRequestModel.create({
      _id,
      courseId,
      personId,
      channel: 'meeting',
      state: 'asked',
      askedAt: now,
      updatedAt: now,
    }),
  );
  await write('challenge', (_id) =>
    ChallengeModel.create({
      _id,
      courseId,
      personId,
      topic: 'flag',
      sealedText: deps.vault.seal('Secret?', challengeSeal(_id, 'text')),
      state: 'raised',
      raisedAt: now,
      updatedAt: now,
    }),
  );
  await write('view', (_id) => SavedViewModel.create({ _id, courseId, ownerId: byId, name: 'One', filters: {} }));
});

it('every mounted route has its row, and every row its route', () => {
  expect(Object.keys(table).sort()).toEqual(listMounted().sort());
});

describe.each(Object.keys(table))('%s', (route) => {
  const row = table[route]!;
  it('is closed to nobody known', async () => {
    expect((await send(app, route)).status).toBe(401);
    expect((await send(app, route).set('Authorization', 'Bearer forged')).status).toBe(401);
  });

  it('is closed to whoever has no part in it, and tells them nothing', async () => {
    for (const who of refused) {
      const { status, text } = await send(app, route, who);
      expect(status, who).toBe(row.open?.includes(who) ? 200 : 403);
      expect(text).not.toContain('Secret');
      expect(text).not.toContain(ofStudent());
    }
  });

  it('waits for the guidance wherever it is about individuals', async () => {
    const { status, text } = await send(app, route, 'unread');
    if (row.beforeGuidance) expect(status).not.toBe(403);
    else {
      expect(status).toBe(403);
      expect(text).toContain('guidance');
    }
  });

  it('finds nothing of this course for a tutor of another', async () => {
    const { status, text } = await send(app, route, 'elsewhere');
    expect(status).toBe(row.elsewhere);
    expect(text).not.toContain('Secret');
    expect(text).not.toContain(ofStudent());
  });

  it('opens to an assistant where the pack says so, except for what binds the whole course', async () => {
    const { status } = await send(assisted, route, 'allowed assistant');
    if (row.tutorsOnly) expect(status).toBe(403);
    else expect(status).not.toBe(403);
  });

  it('opens to a tutor of the course', async () => {
    const { status } = await send(app, route, 'tutor');
    expect([401, 403]).not.toContain(status);
    expect(status).toBeLessThan(500);
  });
});

it('says the same of a student of another course as of one who does not exist', async () => {
  const missing = await request(app).get(`/api/students/${newHexId()}`).set(people.tutor.auth).expect(404);
  const foreign = await send(app, 'get /students/:personId', 'elsewhere').expect(404);
  expect(foreign.body).toEqual(missing.body);
  await request(app).get('/api/students/not-an-id').set(people.tutor.auth).expect(404);
});
