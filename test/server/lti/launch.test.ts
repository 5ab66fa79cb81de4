import { beforeAll, expect, test } from 'vitest';
import { CourseModel } from '../../../server/database/models/course.ts';
import { useIssuerAndTool } from '../../support/use-issuer-and-tool.ts';
import { type LtiIssuer } from '../../support/lti-issuer.ts';
import { beginLogin, goodClaims, refusalOf, sendLaunch, type LtiTool } from '../../support/lti-tool.ts';

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
