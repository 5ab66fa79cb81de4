import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase } from '../../../server/database/connect.ts';
import { CourseModel } from '../../../server/database/models/course.ts';
import { useDatabase } from '../../support/database.ts';
import { startLtiIssuer, type LtiIssuer } from '../../support/lti-issuer.ts';
import {
  beginLogin,
  goodClaims,
  refusalOf,
  registerIssuer,
  sendLaunch,
  startLtiTool,
  type LtiTool,
} from '../../support/lti-tool.ts';

const database = useDatabase();
let connection: { close(): Promise<void> };
let issuer: LtiIssuer;
let tool: LtiTool;

beforeAll(async () => {
  connection = await connectDatabase(database.uri);
  issuer = await startLtiIssuer();
  tool = await startLtiTool();
  await registerIssuer(issuer);
});
afterAll(async () => {
  await tool.close();
  await issuer.close();
  await connection.close();
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
