import type { ServerResponse } from 'node:http';
import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EnrolmentModel } from '../../../server/database/models/enrolment.ts';
import { useDatabase } from '../../support/database.ts';
import { ltiClaim, membershipRole, startIssuerAndWaymark } from '../../support/issuer-and-waymark.ts';

/** Platforms may send more about people than Waymark should know: nothing of it is stored, wherever it comes from. */

const database = useDatabase();
let vle: Awaited<ReturnType<typeof startIssuerAndWaymark>>;
beforeAll(async () => {
  vle = await startIssuerAndWaymark(database.uri);
});
afterAll(() => vle.close());

const secret = (what: string) => `characteristic-${what}`;
/** Claims of OpenID Connect and of platforms, and what an administrator may have put among custom parameters. */
const characteristics = {
  gender: secret('gender'),
  birthdate: secret('birthdate'),
  address: { country: secret('country') },
  picture: `https://vle.example/${secret('picture')}`,
  locale: secret('locale'),
  ethnicity: secret('ethnicity'),
  disability: secret('disability'),
  religion: secret('religion'),
};

test('what a launch or a roster says of a person’s characteristics is stored nowhere', async () => {
  const json = (response: ServerResponse, body: object) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  vle.issuer.routes.set('/token', (_request, response) =>
    json(response, { access_token: 'token', token_type: 'bearer', expires_in: 3600 }),
  );
  vle.issuer.routes.set('/memberships', (_request, response) =>
    json(response, {
      id: 'x',
      members: [
        { user_id: '7', roles: ['Learner'], name: 'From the roster', ...characteristics, message: [characteristics] },
      ],
    }),
  );
  await vle.launchAs('3', [`${membershipRole}#Learner`], {
    ...characteristics,
    [`${ltiClaim}custom`]: { ...characteristics, course_begin: '2026-09-20T23:00:00+00:00' },
    [`${ltiClaim}lis`]: { person_sourcedid: '260001007', ...characteristics },
  });
  await expect.poll(() => EnrolmentModel.countDocuments({ name: 'From the roster' }), { timeout: 10_000 }).toBe(1);
  const collections = await mongoose.connection.db!.collections();
  const stored = await Promise.all(collections.map((collection) => collection.find({}).toArray()));
  expect(JSON.stringify(stored)).toContain('From the roster');
  expect(JSON.stringify(stored)).not.toContain('characteristic-');
});
