import { beforeAll, expect, test } from 'vitest';
import { CourseModel } from '../../../server/database/models/course.ts';
import type { LtiIssuer } from '../../support/lti-issuer.ts';
import { beginLogin, goodClaims, sendLaunch, type LtiTool } from '../../support/lti-tool.ts';
import { useIssuerAndTool } from '../../support/use-issuer-and-tool.ts';

/** A platform names the services of a course in each message that has use for them; it may take them back. */

const lti = 'https://purl.imsglobal.org/spec/lti/claim/';
const roster = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice';
const grades = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
const started = useIssuerAndTool();
let issuer: LtiIssuer;
let tool: LtiTool;

beforeAll(() => {
  ({ issuer, tool } = started());
});

async function launch(change: Record<string, unknown>) {
  const begun = await beginLogin(tool, issuer);
  const claims = {
    ...goodClaims(tool, issuer, begun.nonce),
    [grades]: { lineitems: `${issuer.issuer}/items` },
    ...change,
  };
  const { status } = await sendLaunch(tool, begun, await issuer.sign(claims));
  return status;
}

const servicesOfCourse = async () => {
  const { membershipsUrl, lineItemsUrl, rosterChanges } = await CourseModel.findOne({}).lean().orFail();
  return { membershipsUrl, lineItemsUrl, hasChanges: rosterChanges !== undefined };
};

test('a launch without the roster or the grades takes them back, and one with them gives them again', async () => {
  const offered = { membershipsUrl: `${issuer.issuer}/memberships`, lineItemsUrl: `${issuer.issuer}/items` };
  expect(await launch({})).toBe(303);
  expect(await servicesOfCourse()).toMatchObject(offered);
  await CourseModel.updateOne(
    {},
    { $set: { rosterChanges: { url: `${issuer.issuer}/memberships?since=1`, readWholeAt: new Date() } } },
  );

  expect(await launch({ [roster]: undefined })).toBe(303);
  expect(await servicesOfCourse()).toEqual({ ...offered, membershipsUrl: undefined, hasChanges: false });
  expect(await launch({ [roster]: {}, [grades]: undefined })).toBe(303);
  expect(await servicesOfCourse()).toEqual({ membershipsUrl: undefined, lineItemsUrl: undefined, hasChanges: false });

  expect(await launch({ [`${lti}context`]: { id: '2', title: 'The course by another title' } })).toBe(303);
  expect(await servicesOfCourse()).toMatchObject(offered);
});

test('a message that reviews one submission says nothing of the course’s services', async () => {
  const review = {
    [`${lti}message_type`]: 'LtiSubmissionReviewRequest',
    [`${lti}for_user`]: { user_id: '3' },
    [roster]: undefined,
    [grades]: undefined,
  };
  const before = await servicesOfCourse();
  expect(await launch(review)).toBe(303);
  expect(await servicesOfCourse()).toEqual(before);
});
