import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// All of the tool, and with it every model.
import '../../../server/compose.ts';
import { connectDatabase, newId } from '../../../server/database/connect.ts';
import { challengeSeal } from '../../../server/database/models/challenge.ts';
import { goalSeal } from '../../../server/database/models/goal.ts';
import { reflectionSeal } from '../../../server/database/models/reflection.ts';
import { requestSeal } from '../../../server/database/models/support-request.ts';
import { resealEverything } from '../../../server/database/reseal.ts';
import { createVault, SealBroken } from '../../../server/database/vault.ts';
import { actionContext } from '../../../server/staff/present-action.ts';
import { alertContext } from '../../../server/staff/present-alert.ts';
import { discussionContext } from '../../../server/staff/present-discussion.ts';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();
let connection: Awaited<ReturnType<typeof connectDatabase>>;
beforeAll(async () => {
  connection = await connectDatabase(database.uri);
});
afterAll(() => connection.close());

const key = (id: string) => ({ id, secret: new TextEncoder().encode(id.repeat(40)) });
const before = createVault([key('a')]);
const between = createVault([key('b'), key('a')]);
const afterwards = createVault([key('b')]);

/** Every place in which a model keeps a sealed text, with what the features bind it to. */
const places: Record<string, (id: string) => string> = {
  'actions sealedSummary': (id) => actionContext(id, 'summary'),
  'actions sealedSteps': (id) => actionContext(id, 'steps'),
  'actions corrections.sealedSummary': (id) => actionContext(id, 'summary'),
  'actions corrections.sealedSteps': (id) => actionContext(id, 'steps'),
  'alerts sealedNeed': (id) => alertContext(id, 'need'),
  'alerts sealedAnswer': (id) => alertContext(id, 'answer'),
  'challenges sealedText': (id) => challengeSeal(id, 'text'),
  'challenges sealedAnswer': (id) => challengeSeal(id, 'answer'),
  'discussions sealedConsidered': (id) => discussionContext(id, 'considered'),
  'discussions replies.sealedText': (id) => discussionContext(id, 'reply'),
  'discussions sealedBecause': (id) => discussionContext(id, 'because'),
  'goals sealedText': (id) => goalSeal(id, 'text'),
  'goals sealedPlan': (id) => goalSeal(id, 'plan'),
  'platforms moodle.sealedToken': (id) => `platform:${id}:moodle`,
  'reflections sealedText': (id) => reflectionSeal(id),
  'supportrequests sealedWhen': (id) => requestSeal(id, 'when'),
  'supportrequests sealedAbout': (id) => requestSeal(id, 'about'),
  'supportrequests sealedReply': (id) => requestSeal(id, 'reply'),
  'toolkeys sealedPrivatePem': (id) => `tool-key:${id}`,
};

/** The paths of a schema and of the schemas in it. */
function pathsOf(schema: mongoose.Schema): string[] {
  return Object.entries(schema.paths).flatMap(([path, type]) =>
    type.schema ? pathsOf(type.schema).map((inner) => `${path}.${inner}`) : [path],
  );
}

describe('after a key was rotated', () => {
  it('every place that any model has for a sealed text is known here', () => {
    const all = Object.values(mongoose.models).flatMap((model) =>
      pathsOf(model.schema)
        .filter((path) => /(^|\.)sealed[A-Z]/.test(path))
        .map((path) => `${model.collection.name} ${path}`),
    );
    expect(all.sort()).toEqual(Object.keys(places).sort());
  });

  it.each(Object.entries(places))('%s is sealed anew, so that the older key can go', async (place, bindingOf) => {
    const [name, path] = place.split(' ') as [string, string];
    const id = name === 'toolkeys' ? 'kid-1' : newId();
    const [outer, inner] = path.split('.') as [string, string?];
    const sealed = before.seal('What was said', bindingOf(id));
    const isList = outer === 'corrections' || outer === 'replies';
    const value = inner === undefined ? sealed : isList ? [{ n: 1 }, { [inner]: sealed }] : { [inner]: sealed };
    const collection = mongoose.connection.collection(name);
    const _id = name === 'toolkeys' ? id : new mongoose.Types.ObjectId(id);
    // As much as the unique indexes ask for.
    await collection.insertOne({
      _id,
      [outer]: value,
      key: id,
      clientId: id,
      courseId: id,
      personId: id,
      rev: 3,
    } as object);

    expect(await resealEverything(between)).toEqual({ resealed: 1, unreadable: {} });
    const stored = (await collection.findOne({ _id } as object))!;
    expect(stored['rev']).toBe(3);
    const found = /"(v1\.[^"]+)"/.exec(JSON.stringify(stored))![1]!;
    expect(afterwards.open(found, bindingOf(id))).toBe('What was said');
    expect(() => before.open(found, bindingOf(id))).toThrow(SealBroken);
    expect(await resealEverything(between)).toEqual({ resealed: 0, unreadable: {} });
  });

  it('says how many texts no key opens, and leaves them as they are', async () => {
    const lost = createVault([key('lost')]);
    const _id = new mongoose.Types.ObjectId();
    const sealed = lost.seal('Gone', goalSeal(String(_id), 'text'));
    const goals = mongoose.connection.collection('goals');
    await goals.insertOne({ _id, sealedText: sealed, courseId: 1, personId: 1 });
    expect(await resealEverything(between)).toEqual({ resealed: 0, unreadable: { goals: 1 } });
    expect((await goals.findOne({ _id }))?.['sealedText']).toBe(sealed);
  });
});

it('a sealed text opens in its own record alone, whole, and unchanged', () => {
  const sealed = before.seal('A note', 'goal:1:text');
  expect(sealed).not.toContain('A note');
  expect(() => before.open(sealed, 'goal:2:text')).toThrow(SealBroken);
  const [version, id, iv, body] = sealed.split('.') as [string, string, string, string];
  const bytes = Buffer.from(body, 'base64url');
  for (const changed of [bytes.subarray(0, -1), bytes.subarray(-16), bytes.subarray(-4), Buffer.alloc(0)]) {
    expect(() => before.open([version, id, iv, changed.toString('base64url')].join('.'), 'goal:1:text')).toThrow(
      SealBroken,
    );
  }
});
