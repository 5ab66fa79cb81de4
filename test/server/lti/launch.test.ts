import { createRequire } from 'node:module';
import mongoose from 'mongoose';
import { beforeAll, expect, test } from 'vitest';
import { CourseModel } from '../../../server/database/models/course.ts';
import { useIssuerAndTool } from '../../support/use-issuer-and-tool.ts';
import { type LtiIssuer } from '../../support/lti-issuer.ts';
import { beginLogin, goodClaims, refusalOf, sendLaunch, startLtiTool, type LtiTool } from '../../support/lti-tool.ts';

const started = useIssuerAndTool();
let issuer: LtiIssuer;
let tool: LtiTool;

beforeAll(() => {
  ({ issuer, tool } = started());
});

test('a good launch ends in a session for this person in this course', async () => {
  const begun = await beginLogin(tool, issuer);
  expect(begun.authentication.searchParams.get('redirect_uri')).toBe(`${tool.url}/lti/launch`);
  const response = await sendLaunch(tool, begun, await issuer.sign(goodClaims(tool, issuer, begun.nonce)));
  expect([response.status, refusalOf(response)]).toEqual([303, null]);
  const code = /^\/app\/#code=([\w-]+)$/.exec(response.headers.get('location')!)?.[1];
  const session = await fetch(`${tool.url}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
  }).then((reply) => reply.json());
  expect(session).toMatchObject({
    role: 'student',
    name: 'Amina',
    course: { title: 'EDU101 Learning and Teaching', label: 'EDU101' },
  });
  const course = await CourseModel.findOne({ contextId: '2' }).lean();
  expect(course).toMatchObject({
    calendar: { firstDay: '2026-09-21', lastDay: '2026-12-13' },
    calendarFrom: 'launch',
    membershipsUrl: `${issuer.issuer}/memberships`,
  });
  expect(tool.launched).toEqual([{ courseId: course!._id.toHexString(), isFirst: true }]);
  expect(tool.logged).toEqual([]);
});

test('ltijs keeps nothing of a launch, opens no database and does not wait for the end of the process', async () => {
  const listeners = process.listenerCount('SIGINT');
  const other = await startLtiTool();
  const begun = await beginLogin(other, issuer);
  const response = await sendLaunch(other, begun, await issuer.sign(goodClaims(other, issuer, begun.nonce)));
  expect(refusalOf(response)).toBeNull();
  const ours = mongoose.modelNames().map((name) => mongoose.model(name).collection.name);
  const stored = (await mongoose.connection.db!.listCollections().toArray()).map(({ name }) => name);
  expect(stored.filter((name) => !ours.includes(name))).toEqual([]);
  // Who somebody is stands with the people of the course, and nowhere else.
  for (const name of stored.filter((name) => !['people', 'enrolments'].includes(name))) {
    const text = JSON.stringify(await mongoose.connection.collection(name).find({}).toArray());
    expect([name, text]).toEqual([name, expect.not.stringMatching(/Amina|student01|260001007/)]);
  }
  const requireAsLtijs = createRequire(createRequire(import.meta.url).resolve('ltijs'));
  expect((requireAsLtijs('mongoose') as typeof mongoose).connection.readyState).toBe(0);
  expect(process.listenerCount('SIGINT')).toBe(listeners);
  await other.close();
});
