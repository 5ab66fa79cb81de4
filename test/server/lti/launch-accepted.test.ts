import { beforeAll, expect, test } from 'vitest';
import { CourseModel } from '../../../server/database/models/course.ts';
import { EnrolmentModel } from '../../../server/database/models/enrolment.ts';
import { PersonModel } from '../../../server/database/models/person.ts';
import { PlatformModel } from '../../../server/database/models/platform.ts';
import { SessionModel, type Session } from '../../../server/database/models/session.ts';
import { useIssuerAndTool } from '../../support/use-issuer-and-tool.ts';
import { newSigningKey, startLtiIssuer, type LtiIssuer } from '../../support/lti-issuer.ts';
import {
  beginLogin,
  goodClaims,
  postForm,
  refusalOf,
  registerIssuer,
  sendLaunch,
  startLtiTool,
  type LtiTool,
} from '../../support/lti-tool.ts';

const lti = 'https://purl.imsglobal.org/spec/lti/claim/';
const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const institution = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person';
const system = 'http://purl.imsglobal.org/vocab/lis/v2/system/person';
const started = useIssuerAndTool();
let issuer: LtiIssuer;
let tool: LtiTool;

beforeAll(() => {
  ({ issuer, tool } = started());
});

type Claims = Record<string, unknown>;
let lastSub = 100;

/** Launches as somebody new and returns what came of it. */
async function launch(change: (claims: Claims) => void = () => undefined, header = {}) {
  const begun = await beginLogin(tool, issuer);
  lastSub += 1;
  const claims = { ...goodClaims(tool, issuer, begun.nonce), sub: String(lastSub) };
  change(claims);
  const response = await sendLaunch(tool, begun, await issuer.sign(claims, header));
  expect(refusalOf(response)).toBeNull();
  expect(response.status).toBe(303);
  const person = await PersonModel.findOne({ sub: claims.sub }).lean().orFail();
  const session = await SessionModel.findOne({ personId: person._id }).sort({ startedAt: -1 }).lean<Session>().orFail();
  const enrolment = await EnrolmentModel.findOne({ personId: person._id }).lean();
  return { person, session, enrolment, response };
}

const without =
  (...names: string[]) =>
  (claims: Claims) => {
    for (const name of names) delete claims[name];
  };
const roles =
  (...given: string[]) =>
  (claims: Claims) => {
    claims[`${lti}roles`] = given;
  };

test.each([
  ['as a student', roles(`${membership}#Learner`), 'student'],
  ['as a teacher', roles(`${membership}#Instructor`), 'tutor'],
  ['with several roles', roles(`${membership}#Instructor`, `${institution}#Faculty`, `${membership}#Learner`), 'tutor'],
  ['with the short role of a student', roles('Learner'), 'student'],
  ['with the short role of a teacher', roles('Instructor'), 'tutor'],
  ['with e-mail only', without('name', 'given_name', 'family_name'), 'student'],
  ['with names only', without('email'), 'student'],
  ['without personal data', without('name', 'given_name', 'family_name', 'email', `${lti}lis`, `${lti}ext`), 'student'],
  [
    'on a new resource link',
    (claims: Claims) => void (claims[`${lti}resource_link`] = { id: `new-${Math.random()}` }),
    'student',
  ],
  ['with one audience in a list', (claims: Claims) => void (claims['aud'] = ['client-1']), 'student'],
  [
    'with several audiences and our azp',
    (claims: Claims) => Object.assign(claims, { aud: ['client-1', 'other'], azp: 'client-1' }),
    'student',
  ],
  [
    'of a teaching assistant',
    roles(`${membership}#Instructor`, `${membership}/Instructor#TeachingAssistant`),
    'assistant',
  ],
  [
    'of an administrator of the institution',
    roles(`${membership}#Administrator`, `${institution}#Administrator`),
    'administrator',
  ],
  [
    'of a site administrator whom the platform also calls instructor',
    roles(`${membership}#Instructor`, `${institution}#Administrator`, `${system}#Administrator`),
    'administrator',
  ],
  [
    'of a teacher with an office in the institution',
    roles(`${institution}#Administrator`, `${membership}#Instructor`),
    'tutor',
  ],
  [
    'of an engagement lead by custom parameter',
    (claims: Claims) => {
      claims[`${lti}roles`] = [`${institution}#Staff`];
      claims[`${lti}custom`] = { waymark_role: 'lead' };
    },
    'lead',
  ],
  [
    'of a student with a custom parameter that only the institution may mean',
    (claims: Claims) => void (claims[`${lti}custom`] = { waymark_role: 'lead' }),
    'student',
  ],
] as [string, (claims: Claims) => void, string][])('a launch %s is accepted', async (_name, change, role) => {
  const { session } = await launch(change);
  expect(session.role).toBe(role);
});

/** The good launches of 1EdTech's certification, each as a teacher and as a student. */
const certified: [string, (claims: Claims, role: 'Instructor' | 'Learner') => void][] = [
  ['plain', () => undefined],
  [
    'with several roles',
    (claims, role) => roles(`${institution}#${role}`, `${membership}#${role}`, `${membership}#Officer`)(claims),
  ],
  ['with a short role', (claims, role) => roles(role)(claims)],
  ['with an unknown role beside', (claims, role) => roles(`${membership}#${role}`, `${membership}#Ghost`)(claims)],
  ['with e-mail only', without('name', 'given_name', 'family_name')],
  ['with names only', without('email')],
  ['with no personal data', without('name', 'given_name', 'family_name', 'email', `${lti}lis`, `${lti}ext`)],
  ['with e-mail, without context', without('name', 'given_name', 'family_name', `${lti}context`)],
  ['on a new resource link', (claims) => void (claims[`${lti}resource_link`] = { id: `new-${Math.random()}` })],
];
test.each(
  certified.flatMap(([name, change]) => [
    [name, 'teacher', 'Instructor', 'tutor', change] as const,
    [name, 'student', 'Learner', 'student', change] as const,
  ]),
)('a launch %s, as a %s, is accepted', async (_name, _who, given, role, change) => {
  const { session } = await launch((claims) => {
    roles(`${membership}#${given}`)(claims);
    change(claims, given);
  });
  expect(session.role).toBe(role);
});

test.each([
  ['ahead', { iat: 40, nbf: 40, exp: 100 }],
  ['behind', { iat: -80, exp: -20 }],
])('a launch by a clock that is less than a minute %s of ours is accepted', async (_name, times) => {
  const now = new Date();
  const clocked = await startLtiTool({ now: () => now });
  const begun = await beginLogin(clocked, issuer);
  const seconds = Math.floor(now.getTime() / 1000);
  const differing = Object.fromEntries(Object.entries(times).map(([name, by]) => [name, seconds + by]));
  const token = await issuer.sign({ ...goodClaims(clocked, issuer, begun.nonce), ...differing });
  expect(refusalOf(await sendLaunch(clocked, begun, token))).toBeNull();
  await clocked.close();
});

test('a launch of a course, not of a link in it, is accepted', async () => {
  const { session, enrolment } = await launch((claims) => {
    claims[`${lti}message_type`] = 'LtiContextLaunchRequest';
    delete claims[`${lti}resource_link`];
  });
  expect([session.role, enrolment?.role]).toEqual(['student', 'student']);
  expect(session.courseId).toBeDefined();
});

test('what ltijs takes for its own token, beside a launch, changes nothing of it', async () => {
  for (const [query, headers] of [
    ['?ltik=x', {}],
    ['', { Authorization: 'Bearer x' }],
    ['', { Authorization: 'LTIK-AUTH-V1 Token=x' }],
  ] as const) {
    const begun = await beginLogin(tool, issuer);
    const token = await issuer.sign(goodClaims(tool, issuer, begun.nonce));
    const fields = { id_token: token, state: begun.state, ltik: 'x' };
    const response = await postForm(`${tool.url}/lti/launch${query}`, fields, { ...headers, Cookie: begun.cookie });
    expect([refusalOf(response), response.headers.get('location')]).toEqual([
      null,
      expect.stringMatching(/^\/app\/#code=/),
    ]);
    expect(response.headers.getSetCookie().join()).not.toMatch(/ltik|lti[A-Z]/);
  }
});

test.each([
  ['no role', roles()],
  ['the administration of one course alone', roles(`${membership}#Administrator`)],
  ['the short role of an administrator', roles('Administrator')],
  ['an unknown role', roles('http://purl.imsglobal.org/vocab/lis/v2/uknownrole/unknown#Helper')],
])('with %s somebody sees what is their own, and is on no list', async (_name, change) => {
  const { session, enrolment } = await launch(change);
  expect([session.role, enrolment]).toEqual(['student', null]);
});

test('without a context there is a person and a session, and no course', async () => {
  const { session, enrolment, person } = await launch(without(`${lti}context`, 'name', 'given_name', 'family_name'));
  expect([session.courseId, enrolment, person.email]).toEqual([undefined, null, 'student01@example.invalid']);
});

test('a student without a name has one for lists, and custom variables that were not filled are absent', async () => {
  const { enrolment, person } = await launch((claims) => {
    without('name', 'given_name', 'family_name', 'email', `${lti}lis`, `${lti}ext`)(claims);
    claims[`${lti}custom`] = { person_sourcedid: '$Person.sourcedId', username: '' };
  });
  expect(enrolment).toMatchObject({ name: `Student ${person.sub}`, roleFrom: 'launch', isActive: true });
  expect([person.sourcedId, person.username]).toEqual([undefined, undefined]);
});

test('a mentor comes in, and whom the platform says they support is kept nowhere', async () => {
  const mentee = await launch();
  const { session } = await launch((claims) => {
    claims[`${lti}roles`] = [`${membership}#Mentor`];
    claims[`${lti}role_scope_mentor`] = [mentee.person.sub, '999999'];
  });
  expect(session.role).toBe('mentor');
  const { platformId, personId, courseId, ...rest } = session;
  expect([platformId, personId, courseId].map(String)).not.toContain(String(mentee.person._id));
  expect(JSON.stringify(rest)).not.toMatch(new RegExp(`${String(mentee.person._id)}|999999`));
});

test("submission review opens the student's page for staff, and the own page for a student", async () => {
  const student = await launch();
  const review = (role: string) => (claims: Claims) => {
    claims[`${lti}message_type`] = 'LtiSubmissionReviewRequest';
    claims[`${lti}for_user`] = { user_id: student.person.sub };
    claims[`${lti}roles`] = [`${membership}#${role}`];
  };
  expect((await launch(review('Instructor'))).session.opensAt).toBe(`/students/${student.person._id.toHexString()}`);
  expect((await launch(review('Learner'))).session.opensAt).toBeUndefined();
});

test('names that change on the platform change here; names that are withheld later do not vanish', async () => {
  const first = await launch();
  const { person } = await launch((claims) => {
    claims['sub'] = first.person.sub;
    Object.assign(claims, { name: 'Amina Baker', family_name: 'Baker' });
    delete claims['email'];
  });
  expect(person).toMatchObject({ name: 'Amina Baker', familyName: 'Baker', email: 'student01@example.invalid' });
});

test("a course without dates has an assumed calendar, replaced by a launch's, never over a tutor's", async () => {
  const inCourse = (id: string, custom: object) => (claims: Claims) => {
    claims[`${lti}context`] = { id, title: 'T' };
    claims[`${lti}custom`] = custom;
  };
  const dates = { course_begin: '2026-09-20T23:00:00+00:00', course_end: '2026-12-14T00:00:00+00:00' };
  await launch(inCourse('dateless', {}));
  expect(await CourseModel.findOne({ contextId: 'dateless' }).lean()).toMatchObject({ calendarFrom: 'assumed' });
  await launch(inCourse('dateless', dates));
  expect(await CourseModel.findOne({ contextId: 'dateless' }).lean()).toMatchObject({
    calendarFrom: 'launch',
    calendar: { firstDay: '2026-09-21', lastDay: '2026-12-13', timeZone: 'Europe/London' },
  });
  await CourseModel.updateOne({ contextId: 'dateless' }, { calendarFrom: 'tutor' });
  await launch(inCourse('dateless', { ...dates, course_end: '2027-01-14T00:00:00+00:00' }));
  expect(await CourseModel.findOne({ contextId: 'dateless' }).lean()).toMatchObject({
    calendarFrom: 'tutor',
    calendar: { lastDay: '2026-12-13' },
  });
});

test('many first launches of one course at once make one course', async () => {
  await Promise.all(
    Array.from({ length: 12 }, () =>
      launch((claims) => void (claims[`${lti}context`] = { id: 'rush', title: 'Rush' })),
    ),
  );
  expect(await CourseModel.countDocuments({ contextId: 'rush' })).toBe(1);
  expect(tool.launched.filter(({ isFirst }) => isFirst).length).toBeGreaterThan(0);
});

test('of one launch sent eight times at once, one is accepted', async () => {
  const begun = await beginLogin(tool, issuer);
  const token = await issuer.sign({ ...goodClaims(tool, issuer, begun.nonce), sub: 'parallel' });
  const responses = await Promise.all(Array.from({ length: 8 }, () => sendLaunch(tool, begun, token)));
  const codes = responses.map(refusalOf);
  expect(codes.filter((code) => code === null)).toHaveLength(1);
  expect(new Set(codes.filter((code) => code !== null))).toEqual(new Set(['state-used']));
});

test('a key that the platform has only just begun to use is fetched, once', async () => {
  await launch();
  const before = issuer.fetches.count;
  const next = await newSigningKey('key-2');
  issuer.respond.keys.push(next.jwk);
  for (let times = 0; times < 3; times += 1) {
    const begun = await beginLogin(tool, issuer);
    const token = await issuer.sign(goodClaims(tool, issuer, begun.nonce), { kid: 'key-2' }, next.privateKey);
    expect((await sendLaunch(tool, begun, token)).status).toBe(303);
  }
  expect(issuer.fetches.count - before).toBe(1);
});

test('nobody can make us fetch a key set for every invented kid', async () => {
  const before = issuer.fetches.count;
  for (let times = 0; times < 12; times += 1) {
    const begun = await beginLogin(tool, issuer);
    const token = await issuer.sign(goodClaims(tool, issuer, begun.nonce), { kid: `invented-${times}` });
    expect(refusalOf(await sendLaunch(tool, begun, token))).toBe('kid-unknown');
  }
  expect(issuer.fetches.count - before).toBeLessThanOrEqual(3);
});

test('several registrations of one platform stand side by side; the same sub on another platform is somebody else', async () => {
  const other = await startLtiIssuer();
  await registerIssuer(other, { deploymentIds: [] });
  const begun = await beginLogin(tool, other, { lti_deployment_id: '5' });
  const claims = { ...goodClaims(tool, other, begun.nonce), sub: '101', [`${lti}deployment_id`]: '5' };
  expect((await sendLaunch(tool, begun, await other.sign(claims))).status).toBe(303);
  expect(await PersonModel.countDocuments({ sub: '101' })).toBe(2);
  // The first launch of a registration without deployments is taken at its word, and remembered.
  expect(await PlatformModel.findOne({ issuer: other.issuer }).lean()).toMatchObject({
    deploymentIds: ['5'],
    productFamily: 'moodle',
  });
  await other.close();
});

test('a service that a platform switched on after registering is learned from its launches, and no other', async () => {
  const ags = 'https://purl.imsglobal.org/spec/lti-ags/scope';
  const roster = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
  const other = await startLtiIssuer();
  await registerIssuer(other, { scopes: [`${ags}/lineitem.readonly`] });
  const begun = await beginLogin(tool, other);
  const claims = {
    ...goodClaims(tool, other, begun.nonce),
    'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
      scope: [`${ags}/score`, `${ags}/lineitem`, `${ags}/result.readonly`],
      lineitems: `${other.issuer}/lineitems`,
    },
  };
  expect((await sendLaunch(tool, begun, await other.sign(claims))).status).toBe(303);
  const { scopes } = await PlatformModel.findOne({ issuer: other.issuer }).lean().orFail();
  expect(scopes.sort()).toEqual([`${ags}/lineitem.readonly`, `${ags}/result.readonly`, roster].sort());
  await other.close();
});

test('a login without client id is answered where one registration can be meant', async () => {
  const begun = await beginLogin(tool, issuer, { client_id: '' });
  expect(begun.authentication.searchParams.get('client_id')).toBe('client-1');
  const byGet = await fetch(
    `${tool.url}/lti/login?${new URLSearchParams({
      iss: issuer.issuer,
      login_hint: '3',
      target_link_uri: `${tool.url}/lti/launch`,
      client_id: 'client-1',
    }).toString()}`,
    { redirect: 'manual' },
  );
  expect(byGet.status).toBe(302);
});

test('an authorisation endpoint with a query keeps it', async () => {
  const other = await startLtiIssuer();
  await registerIssuer(other, { authenticationEndpoint: `${other.issuer}/auth?tenant=a` });
  const { authentication } = await beginLogin(tool, other);
  expect([authentication.pathname, authentication.searchParams.get('tenant')]).toEqual(['/auth', 'a']);
  expect(authentication.searchParams.get('lti_message_hint')).toContain('launchid');
  await other.close();
});

test('registered platforms may frame the application, and others may not', async () => {
  const response = await fetch(`${tool.url}/healthz`);
  const policy = response.headers.get('content-security-policy')!;
  expect(policy).toMatch(/frame-ancestors 'self' /);
  const later = await startLtiTool();
  const ancestors = await later.gateway.frameAncestors();
  expect(ancestors).toContain(issuer.issuer);
  await later.close();
});

/** Where a launch leads back to, by the return address that it names. */
test.each([
  [
    "Moodle's return page",
    '/mod/lti/return.php?course=2&launch_container=3&instanceid=1&sesskey=abc',
    '/course/view.php?id=2',
  ],
  [
    "Moodle's, of a site in a folder",
    '/moodle/mod/lti/return.php?course=2&sesskey=abc',
    '/moodle/course/view.php?id=2',
  ],
  ["Moodle's without a course of its own kind", '/mod/lti/return.php?course=x', '/mod/lti/return.php?course=x'],
  ['that of another platform', '/courses/7/external_content/success?a=b', '/courses/7/external_content/success?a=b'],
])('the way back is %s', async (_what, given, expected) => {
  const { session } = await launch(returningTo(`${issuer.issuer}${given}`));
  expect(session.wayBack).toBe(`${issuer.issuer}${expected}`);
});

test.each([
  ['none', undefined],
  ['a script', 'javascript:alert(1)'],
  ['data', 'data:text/html,x'],
  ['no address', 'course'],
  ['an address without its host', '/course/view.php?id=2'],
  ['another site', 'https://elsewhere.example/course'],
  ['another site whose name begins alike', () => `${issuer.issuer}.elsewhere.example/`],
  ['another site behind a name and password', () => `${issuer.issuer}@elsewhere.example/`],
  ['the own site with a password', () => issuer.issuer.replace('//', '//user:secret@')],
  ['the own host by another port', () => `${issuer.issuer.replace(/:\d+$/, ':1')}/`],
  ['the wrong type', 7],
])('a launch whose return address is %s leads nowhere back, and is accepted', async (_what, given) => {
  const { session } = await launch(returningTo(typeof given === 'function' ? given() : given));
  expect(session.wayBack).toBeUndefined();
});

test('a platform of many schools leads back to the school whose services the launch names', async () => {
  const { session } = await launch((claims) => {
    returningTo('https://school.example/courses/7')(claims);
    claims['https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice'] = {
      context_memberships_url: 'https://school.example/api/lti/courses/7/names_and_roles',
      service_versions: ['2.0'],
    };
  });
  expect(session.wayBack).toBe('https://school.example/courses/7');
});

function returningTo(url: unknown) {
  return (claims: Claims) => void (claims[`${lti}launch_presentation`] = { locale: 'en', return_url: url });
}

test.each([
  ['by the number in its hint', 'https://vle.example/moodle', '{"cmid":13,"launchid":"ltilaunch1_1"}', 13],
  ['by a number in quotes', 'https://vle.example', '{"cmid":"13"}', 13],
  ['not where the hint has none', 'https://vle.example', 'hint-1', undefined],
  ['not where it is no number', 'https://vle.example', '{"cmid":"13&action=gradeReport"}', undefined],
  ['not over http, where its session would be lost', 'http://vle.example', '{"cmid":13}', undefined],
])('where Moodle opens the same link anew: %s', async (_how, site, hint, expected) => {
  const moodle = await startLtiIssuer();
  await registerIssuer(moodle, { authenticationEndpoint: `${site}/mod/lti/auth.php` });
  const begun = await beginLogin(tool, moodle, { lti_message_hint: hint });
  const token = await moodle.sign(goodClaims(tool, moodle, begun.nonce));
  expect(refusalOf(await sendLaunch(tool, begun, token))).toBeNull();
  const { _id } = await PlatformModel.findOne({ issuer: moodle.issuer }).lean().orFail();
  const session = await SessionModel.findOne({ platformId: _id }).lean<Session>().orFail();
  expect(session.wayIn).toBe(expected && `${site}/mod/lti/launch.php?id=${expected}&triggerview=0`);
  await moodle.close();
});
