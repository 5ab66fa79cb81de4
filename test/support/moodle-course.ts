import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { connectDatabase } from '../../server/database/connect.ts';
import { loadStudentFacts } from '../../server/database/facts.ts';
import { CourseModel } from '../../server/database/models/course.ts';
import { FreshnessModel, type Freshness } from '../../server/database/models/freshness.ts';
import { PersonModel } from '../../server/database/models/person.ts';
import { PlatformModel } from '../../server/database/models/platform.ts';
import { SnapshotModel } from '../../server/database/models/snapshot.ts';
import { createVault } from '../../server/database/vault.ts';
import type { Measurement } from '../../server/domain/measurement.ts';
import { defaultRuleset } from '../../server/domain/rules.ts';
import type { IndicatorId, SourceId } from '../../server/domain/vocabulary.ts';
import type { RosterMember } from '../../server/domain/roster-member.ts';
import type { RefreshDeps } from '../../server/refresh/deps.ts';
import { useDatabase } from './database.ts';
import { moodleClientForTests } from './moodle-client.ts';
import { seedCourse, type SeededCourse } from './seeded-course.ts';
import { startStubMoodle, type StubMoodle } from './stub-moodle.ts';

const token = 'token-of-the-practice-site';
const vault = createVault([{ id: 'k0', secret: new TextEncoder().encode('x'.repeat(40)) }]);

/** The participants of the course, as a real Moodle's web services gave them. */
export const moodleUsers = JSON.parse(
  readFileSync('test/samples/moodle/core_enrol_get_enrolled_users.json', 'utf8'),
) as {
  id: number;
  fullname: string;
  firstname: string;
  lastname: string;
  email: string;
  idnumber: string;
  username: string;
  roles: { shortname: string }[];
}[];

function rosterOf(list: typeof moodleUsers): RosterMember[] {
  return list.map((user) => ({
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
}

/** A course that a Moodle describes with what a real one sent, new for each test; its clock, roster and deps may be changed. */
export interface MoodleCourse {
  moodle: StubMoodle;
  seeded: SeededCourse;
  roster: RosterMember[];
  clock: Date;
  deps: RefreshDeps;
  personOf(sub: string): Promise<string>;
  factsOf(sub: string): Promise<Awaited<ReturnType<typeof loadStudentFacts>>[number]>;
  freshnessOf(source: SourceId): Promise<Freshness | null>;
  measurementOf(sub: string, indicator: IndicatorId): Promise<Measurement | undefined>;
}

/** Call it once in a test file. */
export function useMoodleCourse(): MoodleCourse {
  const database = useDatabase();
  let connection: Awaited<ReturnType<typeof connectDatabase>>;
  const its = {
    async personOf(sub) {
      return String((await PersonModel.findOne({ platformId: its.seeded.platformId, sub }).orFail().lean())._id);
    },
    async factsOf(sub) {
      const [student] = await loadStudentFacts(its.seeded.courseId, await its.personOf(sub));
      return student!;
    },
    async freshnessOf(source) {
      return FreshnessModel.findOne({ courseId: its.seeded.courseId, source }).lean<Freshness>();
    },
    async measurementOf(sub, indicator) {
      const personId = await its.personOf(sub);
      const snapshot = await SnapshotModel.findOne({ courseId: its.seeded.courseId, personId }).lean();
      return snapshot?.measurements.find(({ id }) => id === indicator);
    },
  } as Pick<MoodleCourse, 'personOf' | 'factsOf' | 'freshnessOf' | 'measurementOf'> as MoodleCourse;
  beforeAll(async () => {
    connection = await connectDatabase(database.uri);
    its.moodle = await startStubMoodle({ token });
  });
  afterAll(async () => {
    await its.moodle.close();
    await connection.close();
  });
  beforeEach(async () => {
    its.moodle.restore();
    its.moodle.calls.length = 0;
    its.clock = new Date('2026-11-23T12:00:00Z');
    its.roster = rosterOf(moodleUsers);
    its.seeded = await seedCourse({ issuer: its.moodle.url });
    const sealedToken = vault.seal(token, `platform:${its.seeded.platformId}:moodle`);
    await PlatformModel.updateOne(
      { _id: its.seeded.platformId },
      { $set: { moodle: { baseUrl: its.moodle.url, sealedToken, functions: [] } } },
    );
    await CourseModel.updateOne({ _id: its.seeded.courseId }, { $set: { membershipsUrl: 'https://vle.example/m' } });
    its.deps = {
      vault,
      log: pino({ level: 'silent' }),
      now: () => its.clock,
      defaultRuleset: defaultRuleset(),
      readRoster: () => Promise.resolve(its.roster),
      createMoodleClient: moodleClientForTests,
    };
  });
  return its;
}
