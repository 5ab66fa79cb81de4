import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { connectDatabase } from '../../../server/database/connect.ts';
import { loadStudentFacts } from '../../../server/database/facts.ts';
import { CourseModel } from '../../../server/database/models/course.ts';
import { CourseStateModel, takeLease } from '../../../server/database/models/course-state.ts';
import { EnrolmentModel } from '../../../server/database/models/enrolment.ts';
import { FlagModel } from '../../../server/database/models/flag.ts';
import { FreshnessModel, type Freshness } from '../../../server/database/models/freshness.ts';
import { PersonModel } from '../../../server/database/models/person.ts';
import { PlatformModel } from '../../../server/database/models/platform.ts';
import { RawEventModel } from '../../../server/database/models/raw-event.ts';
import { findLatestRun } from '../../../server/database/models/refresh-run.ts';
import { RollUpModel } from '../../../server/database/models/roll-up.ts';
import { SnapshotModel } from '../../../server/database/models/snapshot.ts';
import { StudentRecordModel } from '../../../server/database/models/student-record.ts';
import { createVault } from '../../../server/database/vault.ts';
import type { SourceId } from '../../../server/domain/vocabulary.ts';
import { defaultRuleset } from '../../../server/domain/rules.ts';
import type { RefreshDeps, RosterMember } from '../../../server/refresh/deps.ts';
import { refreshCourse } from '../../../server/refresh/refresh-course.ts';
import { createMoodleClient } from '../../../server/sources/moodle/client.ts';
import { useDatabase } from '../../support/database.ts';
import { seedCourse, type SeededCourse } from '../../support/seeded-course.ts';
import { startStubMoodle, type StubMoodle } from '../../support/stub-moodle.ts';
import { readFileSync } from 'node:fs';

const database = useDatabase();
const token = 'token-of-the-practice-site';
const vault = createVault([{ id: 'k0', secret: new TextEncoder().encode('x'.repeat(40)) }]);
let connection: Awaited<ReturnType<typeof connectDatabase>>;
let moodle: StubMoodle;
beforeAll(async () => {
  connection = await connectDatabase(database.uri);
  moodle = await startStubMoodle({ token });
});
afterAll(async () => {
  await moodle.close();
  await connection.close();
});

const users = JSON.parse(readFileSync('test/samples/moodle/core_enrol_get_enrolled_users.json', 'utf8')) as {
  id: number;
  fullname: string;
  firstname: string;
  lastname: string;
  email: string;
  idnumber: string;
  username: string;
  roles: { shortname: string }[];
}[];
const rosterOf = (list: typeof users): RosterMember[] =>
  list.map((user) => ({
    sub: String(user.id),
    name: user.fullname,
    givenName: user.firstname,
    familyName: user.lastname,
    email: user.email,
    sourcedId: user.idnumber,
    username: user.username,
    role: user.roles.some(({ shortname }) => shortname === 'student') ? 'student' : 'tutor',
    isActive: true,
  }));

let seeded: SeededCourse;
let roster: RosterMember[];
let clock = new Date('2026-11-23T12:00:00Z');
let deps: RefreshDeps;

beforeEach(async () => {
  moodle.restore();
  moodle.calls.length = 0;
  clock = new Date('2026-11-23T12:00:00Z');
  roster = rosterOf(users);
  seeded = await seedCourse({ issuer: moodle.url });
  await PlatformModel.updateOne(
    { _id: seeded.platformId },
    {
      $set: {
        moodle: {
          baseUrl: moodle.url,
          sealedToken: vault.seal(token, `platform:${seeded.platformId}:moodle`),
          functions: [],
        },
      },
    },
  );
  deps = {
    vault,
    log: pino({ level: 'silent' }),
    now: () => clock,
    defaultRuleset: defaultRuleset(),
    readRoster: () => Promise.resolve(roster),
    createMoodleClient: (options) => createMoodleClient({ ...options, backoffMs: 5, timeoutMs: 500 }),
  };
});

async function factsOf(sub: string) {
  const [student] = await loadStudentFacts(seeded.courseId, await personOf(sub));
  return student!;
}
async function personOf(sub: string): Promise<string> {
  return String((await PersonModel.findOne({ platformId: seeded.platformId, sub }).lean())!._id);
}
const freshnessOf = (source: SourceId) =>
  FreshnessModel.findOne({ courseId: seeded.courseId, source }).lean<Freshness>();
const rollUps = async () => {
  const found = await RollUpModel.find({ courseId: seeded.courseId }).lean();
  return found.sort((a, b) => (String(a._id) < String(b._id) ? -1 : 1));
};

describe('a refresh of a course that Moodle describes', () => {
  it('brings in people, items, due dates, hand-ins, completion, and computes every student', async () => {
    const result = await refreshCourse(seeded.courseId, deps, { askedBy: 'tutor' });
    expect(result).toMatchObject({ state: 'done', problems: [] });
    const students = await EnrolmentModel.find({ courseId: seeded.courseId, role: 'student' }).lean();
    expect(students).toHaveLength(roster.filter(({ role }) => role === 'student').length);
    expect(students.every(({ groups }) => groups.length > 0)).toBe(true);

    const course = await CourseModel.findById(seeded.courseId).lean();
    expect(course?.calendar).toMatchObject({ firstDay: '2026-09-21', lastDay: '2026-12-13' });
    expect(course?.calendarFrom).toBe('moodle');
    expect(course?.assessments.map(({ title }) => title)).toEqual([
      'Quiz 1: key terms',
      'Assignment 1: Reflective essay',
      'Assignment 2: Teaching portfolio',
    ]);
    expect(course?.items.some(({ title }) => title.includes('hidden'))).toBe(false);

    const amina = await factsOf('3');
    expect(amina.completions?.map(({ itemId }) => itemId)).toEqual(['8', '3', '7', '4', '9', '5', '10', '6']);
    expect(amina.submissions).toContainEqual({ assessmentId: '9', submittedAt: 1791733361000 });
    expect(amina.lastAccessAt).toBe(1795426347000);
    const extended = await factsOf('22');
    expect(extended.submissions).toContainEqual(
      expect.objectContaining({ assessmentId: '10', extendedTo: 1794243600000, submittedAt: 1794157959000 }),
    );
    expect(await SnapshotModel.countDocuments({ courseId: seeded.courseId })).toBe(students.length);
    expect(await freshnessOf('moodle')).toMatchObject({ failedBecause: null, notes: [], okAt: clock });
    expect(await findLatestRun(seeded.courseId)).toMatchObject({ state: 'done', askedBy: 'tutor' });
  });

  it('keeps no essay, no forum message and no mark', async () => {
    await refreshCourse(seeded.courseId, deps);
    const kept = JSON.stringify(
      await Promise.all([StudentRecordModel.find({}).lean(), RollUpModel.find({}).lean(), CourseModel.find({}).lean()]),
    );
    expect(kept).not.toMatch(/seminar|feedback|outcomes|graderaw|"grade"/);
  });

  it('counts the same traces once, however often they are read, and asks again only for who can have changed', async () => {
    await refreshCourse(seeded.courseId, deps);
    const before = await rollUps();
    const callsBefore = moodle.calls.filter(({ name }) => name.startsWith('core_completion')).length;
    clock = new Date(clock.getTime() + 3_600_000);
    moodle.calls.length = 0;
    await refreshCourse(seeded.courseId, deps);
    const after = await rollUps();
    expect(after).toEqual(before);
    expect(callsBefore).toBe(roster.filter(({ role }) => role === 'student').length);
    expect(moodle.calls.filter(({ name }) => name.startsWith('core_completion'))).toHaveLength(0);
    const amina = await factsOf('3');
    expect(amina.submissions).toContainEqual({ assessmentId: '9', submittedAt: 1791733361000 });
  });

  it('is done by one process at a time', async () => {
    await takeLease(seeded.courseId, 'another process', clock, 60_000);
    expect(await refreshCourse(seeded.courseId, deps)).toEqual({ state: 'busy' });
    clock = new Date(clock.getTime() + 120_000);
    expect(await refreshCourse(seeded.courseId, deps)).toMatchObject({ state: 'done' });
  });
});

describe('what goes wrong loses only what needs it', () => {
  it('a reply of an unexpected shape loses that function, with a note', async () => {
    moodle.answer('core_completion_get_activities_completion_status', () => ({ json: { statuses: 'none' } }));
    const result = await refreshCourse(seeded.courseId, deps);
    expect(result).toMatchObject({ state: 'done' });
    const freshness = await freshnessOf('moodle');
    expect(freshness?.notes.join()).toMatch(/core_completion.*unexpected shape/);
    expect(freshness?.topics.completion?.failedBecause).toMatch(/core_completion/);
    const snapshot = await SnapshotModel.findOne({ courseId: seeded.courseId }).lean();
    expect(snapshot?.measurements.find(({ id }) => id === 'completion')).toMatchObject({
      state: 'noData',
      reason: 'source-failed',
    });
    expect(snapshot?.measurements.find(({ id }) => id === 'submissions')?.state).toBe('measured');
    // After five failures in a row the function is not called for the remaining students.
    const calls = moodle.calls.filter(({ name }) => name.startsWith('core_completion_get_activities'));
    expect(calls.length).toBeLessThan(15);
  });

  it.each([
    [
      'an exception with status 200',
      () => ({ json: { exception: 'x', errorcode: 'invalidtoken', message: 'Amina' } }),
      /token is not accepted/,
    ],
    ['a web page', () => ({ text: '<!DOCTYPE html><html>' }), /web page/],
    ['half a JSON', () => ({ text: '[{"id":3,"usern' }), /breaks off/],
    ['an error status', () => ({ status: 503, text: '' }), /status 503/],
    ['no answer', () => ({ isSilent: true }), /no answer within/],
  ])('%s keeps the last good view with its age, and raises nothing', async (_name, answer, words) => {
    await refreshCourse(seeded.courseId, deps);
    const flags = await FlagModel.countDocuments({ courseId: seeded.courseId });
    const facts = await factsOf('3');
    const okAt = clock;
    clock = new Date(clock.getTime() + 3_600_000);
    moodle.answer('core_enrol_get_enrolled_users', answer);
    const result = await refreshCourse(seeded.courseId, deps);
    expect(result).toMatchObject({ state: 'done' });
    const freshness = await freshnessOf('moodle');
    const said = freshness?.failedBecause ?? freshness?.notes.join() ?? '';
    expect(said).toMatch(words);
    expect(said).not.toContain('Amina');
    expect(freshness?.topics.presence?.okAt ?? freshness?.okAt?.getTime()).toBe(okAt.getTime());
    expect(await FlagModel.countDocuments({ courseId: seeded.courseId })).toBe(flags);
    expect((await factsOf('3')).submissions).toEqual(facts.submissions);
  });

  it('a roster that fails leaves people as they were, and the rest is read', async () => {
    await refreshCourse(seeded.courseId, deps);
    deps = { ...deps, readRoster: () => Promise.reject(new Error('the platform gave no roster')) };
    const result = await refreshCourse(seeded.courseId, deps);
    expect(result).toMatchObject({ state: 'done', problems: ['Roster: the platform gave no roster'] });
    expect(await EnrolmentModel.countDocuments({ courseId: seeded.courseId, isActive: true })).toBe(users.length);
    expect(await freshnessOf('moodle')).toMatchObject({ failedBecause: null });
  });

  it('an empty roster is a fault, not an empty course', async () => {
    await refreshCourse(seeded.courseId, deps);
    roster = [];
    const result = await refreshCourse(seeded.courseId, deps);
    expect(result).toMatchObject({ problems: [expect.stringMatching(/empty/)] });
    expect(await EnrolmentModel.countDocuments({ courseId: seeded.courseId, isActive: true })).toBe(users.length);
  });

  it('the token of another site is noticed, and nothing is filed under the wrong people', async () => {
    moodle.answer('core_enrol_get_enrolled_users', () => ({
      json: users.map((user) => ({
        ...user,
        idnumber: `9${user.idnumber}`,
        username: `x${user.username}`,
        email: `x${user.email}`,
      })),
    }));
    const result = await refreshCourse(seeded.courseId, deps);
    expect(result).toMatchObject({ problems: [expect.stringMatching(/another site/)] });
    expect(await RollUpModel.countDocuments({ courseId: seeded.courseId })).toBe(0);
    expect(await StudentRecordModel.countDocuments({ courseId: seeded.courseId })).toBe(0);
  });

  it('access times that the site hides are told as hidden', async () => {
    moodle.answer('core_enrol_get_enrolled_users', () => ({
      json: users.map(({ ...user }) => {
        delete (user as Record<string, unknown>)['lastcourseaccess'];
        return user;
      }),
    }));
    await refreshCourse(seeded.courseId, deps);
    const snapshot = await SnapshotModel.findOne({ courseId: seeded.courseId }).lean();
    expect(snapshot?.measurements.find(({ id }) => id === 'recency')).toMatchObject({ reason: 'access-hidden' });
  });
});

describe('people who come and go', () => {
  it('who vanishes from the roster has left; who returns is taken back; staff by launch stay staff', async () => {
    await refreshCourse(seeded.courseId, deps);
    const gone = roster.find(({ role }) => role === 'student')!;
    const tutor = roster.find(({ role }) => role === 'tutor')!;
    await EnrolmentModel.updateOne(
      { courseId: seeded.courseId, personId: await personOf(tutor.sub) },
      { $set: { roleFrom: 'launch' } },
    );
    clock = new Date(clock.getTime() + 60_000);
    roster = roster.filter((member) => member !== gone).map((member) => ({ ...member, role: 'student' as const }));
    await refreshCourse(seeded.courseId, deps);
    const left = await EnrolmentModel.findOne({ courseId: seeded.courseId, personId: await personOf(gone.sub) }).lean();
    expect(left).toMatchObject({ isActive: false, leftAt: clock });
    const staff = await EnrolmentModel.findOne({
      courseId: seeded.courseId,
      personId: await personOf(tutor.sub),
    }).lean();
    expect(staff?.role).toBe('tutor');
    roster = [...roster, gone];
    await refreshCourse(seeded.courseId, deps);
    const back = await EnrolmentModel.findOne({ courseId: seeded.courseId, personId: await personOf(gone.sub) }).lean();
    expect(back?.isActive).toBe(true);
    expect(back?.leftAt).toBeUndefined();
  });

  it('activity that came before its person is claimed when they appear', async () => {
    const late = roster.find(({ role }) => role === 'student')!;
    await RawEventModel.create({
      _id: `${seeded.platformId}:e1`,
      platformId: seeded.platformId,
      courseId: seeded.courseId,
      waitsFor: `sub:${late.sub}`,
      source: 'xapi',
      at: new Date('2026-10-01T10:00:00Z'),
      kind: 'view',
      objectId: '3',
      expiresAt: new Date('2027-10-01'),
    });
    await refreshCourse(seeded.courseId, deps);
    const student = await factsOf(late.sub);
    const days = student.rollUps.flatMap(({ days }) => days);
    expect(days).toContainEqual({ day: '2026-10-01', source: 'xapi', counts: { view: 1 } });
    const raw = await RawEventModel.findById(`${seeded.platformId}:e1`).lean();
    expect(raw?.waitsFor).toBeUndefined();
    expect(await CourseStateModel.findOne({ courseId: seeded.courseId }).lean()).toMatchObject({ leaseOwner: null });
  });
});
