import { describe, expect, it } from 'vitest';
import { CourseModel } from '../../../server/database/models/course.ts';
import { CourseStateModel, takeLease } from '../../../server/database/models/course-state.ts';
import { EnrolmentModel } from '../../../server/database/models/enrolment.ts';
import { FlagModel } from '../../../server/database/models/flag.ts';
import { RawEventModel } from '../../../server/database/models/raw-event.ts';
import { findLatestRun } from '../../../server/database/models/refresh-run.ts';
import { RollUpModel } from '../../../server/database/models/roll-up.ts';
import { SnapshotModel } from '../../../server/database/models/snapshot.ts';
import { StudentRecordModel } from '../../../server/database/models/student-record.ts';
import { refreshCourse } from '../../../server/refresh/refresh-course.ts';
import { moodleUsers, useMoodleCourse } from '../../support/moodle-course.ts';

const its = useMoodleCourse();
const rollUps = async () => {
  const found = await RollUpModel.find({ courseId: its.seeded.courseId }).lean();
  return found.sort((a, b) => (String(a._id) < String(b._id) ? -1 : 1));
};

describe('a refresh of a course that Moodle describes', () => {
  it('brings in people, items, due dates, hand-ins, completion, and computes every student', async () => {
    const result = await refreshCourse(its.seeded.courseId, its.deps, { askedBy: 'tutor' });
    expect(result).toMatchObject({ state: 'done', problems: [] });
    const students = await EnrolmentModel.find({ courseId: its.seeded.courseId, role: 'student' }).lean();
    expect(students).toHaveLength(its.roster.filter(({ role }) => role === 'student').length);
    expect(students.every(({ groups }) => groups.length > 0)).toBe(true);

    const course = await CourseModel.findById(its.seeded.courseId).lean();
    expect(course?.calendar).toMatchObject({ firstDay: '2026-09-21', lastDay: '2026-12-13' });
    expect(course?.calendarFrom).toBe('moodle');
    expect(course?.assessments.map(({ title }) => title)).toEqual([
      'Quiz 1: key terms',
      'Assignment 1: Reflective essay',
      'Assignment 2: Teaching portfolio',
    ]);
    expect(course?.items.some(({ title }) => title.includes('hidden'))).toBe(false);

    const amina = await its.factsOf('3');
    expect(amina.completions?.map(({ itemId }) => itemId)).toEqual(['8', '3', '7', '4', '9', '5', '10', '6']);
    expect(amina.submissions).toContainEqual({ assessmentId: '9', submittedAt: 1791733361000 });
    expect(amina.lastAccessAt).toBe(1795426347000);
    const extended = await its.factsOf('22');
    expect(extended.submissions).toContainEqual(
      expect.objectContaining({ assessmentId: '10', extendedTo: 1794243600000, submittedAt: 1794157959000 }),
    );
    expect(await SnapshotModel.countDocuments({ courseId: its.seeded.courseId })).toBe(students.length);
    expect(await its.freshnessOf('moodle')).toMatchObject({ failedBecause: null, notes: [], okAt: its.clock });
    expect(await findLatestRun(its.seeded.courseId)).toMatchObject({ state: 'done', askedBy: 'tutor' });
  });

  it('keeps no essay, no forum message and no mark', async () => {
    await refreshCourse(its.seeded.courseId, its.deps);
    const kept = JSON.stringify(
      await Promise.all([StudentRecordModel.find({}).lean(), RollUpModel.find({}).lean(), CourseModel.find({}).lean()]),
    );
    expect(kept).not.toMatch(/seminar|feedback|outcomes|graderaw|"grade"/);
  });

  it('counts the same traces once, however often they are read, and asks again only for who can have changed', async () => {
    await refreshCourse(its.seeded.courseId, its.deps);
    const before = await rollUps();
    const callsBefore = its.moodle.calls.filter(({ name }) => name.startsWith('core_completion')).length;
    its.clock = new Date(its.clock.getTime() + 3_600_000);
    its.moodle.calls.length = 0;
    await refreshCourse(its.seeded.courseId, its.deps);
    const after = await rollUps();
    expect(after).toEqual(before);
    expect(callsBefore).toBe(its.roster.filter(({ role }) => role === 'student').length);
    expect(its.moodle.calls.filter(({ name }) => name.startsWith('core_completion'))).toHaveLength(0);
    const amina = await its.factsOf('3');
    expect(amina.submissions).toContainEqual({ assessmentId: '9', submittedAt: 1791733361000 });
  });

  it('is done by one process at a time', async () => {
    await takeLease(its.seeded.courseId, 'another process', its.clock, 60_000);
    expect(await refreshCourse(its.seeded.courseId, its.deps)).toEqual({ state: 'busy' });
    its.clock = new Date(its.clock.getTime() + 120_000);
    expect(await refreshCourse(its.seeded.courseId, its.deps)).toMatchObject({ state: 'done' });
  });
});

describe('what goes wrong loses only what needs it', () => {
  it('a reply of an unexpected shape loses that function, with a note', async () => {
    its.moodle.answer('core_completion_get_activities_completion_status', () => ({ json: { statuses: 'none' } }));
    const result = await refreshCourse(its.seeded.courseId, its.deps);
    expect(result).toMatchObject({ state: 'done' });
    const freshness = await its.freshnessOf('moodle');
    expect(freshness?.notes.join()).toMatch(/core_completion.*unexpected shape/);
    expect(freshness?.topics.completion?.failedBecause).toMatch(/core_completion/);
    const snapshot = await SnapshotModel.findOne({ courseId: its.seeded.courseId }).lean();
    expect(snapshot?.measurements.find(({ id }) => id === 'completion')).toMatchObject({
      state: 'noData',
      reason: 'source-failed',
    });
    expect(snapshot?.measurements.find(({ id }) => id === 'submissions')?.state).toBe('measured');
    // After five failures in a row the function is not called for the remaining students.
    const calls = its.moodle.calls.filter(({ name }) => name.startsWith('core_completion_get_activities'));
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
    await refreshCourse(its.seeded.courseId, its.deps);
    const flags = await FlagModel.countDocuments({ courseId: its.seeded.courseId });
    const facts = await its.factsOf('3');
    const okAt = its.clock;
    its.clock = new Date(its.clock.getTime() + 3_600_000);
    its.moodle.answer('core_enrol_get_enrolled_users', answer);
    const result = await refreshCourse(its.seeded.courseId, its.deps);
    expect(result).toMatchObject({ state: 'done' });
    const freshness = await its.freshnessOf('moodle');
    const said = freshness?.failedBecause ?? freshness?.notes.join() ?? '';
    expect(said).toMatch(words);
    expect(said).not.toContain('Amina');
    expect(freshness?.topics.presence?.okAt ?? freshness?.okAt?.getTime()).toBe(okAt.getTime());
    expect(await FlagModel.countDocuments({ courseId: its.seeded.courseId })).toBe(flags);
    expect((await its.factsOf('3')).submissions).toEqual(facts.submissions);
  });

  it('a roster that fails for once leaves people as they were, and the rest is read', async () => {
    await refreshCourse(its.seeded.courseId, its.deps);
    its.deps = { ...its.deps, readRoster: () => Promise.reject(new Error('the platform gave no roster')) };
    const result = await refreshCourse(its.seeded.courseId, its.deps);
    expect(result).toMatchObject({ state: 'done', problems: ['Roster: the platform gave no roster'] });
    expect(await EnrolmentModel.countDocuments({ courseId: its.seeded.courseId, isActive: true })).toBe(
      moodleUsers.length,
    );
    expect(await its.freshnessOf('moodle')).toMatchObject({ failedBecause: null });
  });

  it('an empty roster is a fault, not an empty course', async () => {
    await refreshCourse(its.seeded.courseId, its.deps);
    its.roster = [];
    const result = await refreshCourse(its.seeded.courseId, its.deps);
    expect(result).toMatchObject({ problems: [expect.stringMatching(/empty/)] });
    expect(await EnrolmentModel.countDocuments({ courseId: its.seeded.courseId, isActive: true })).toBe(
      moodleUsers.length,
    );
  });

  it('the token of another site is noticed, and nothing is filed under the wrong people', async () => {
    its.moodle.answer('core_enrol_get_enrolled_users', () => ({
      json: moodleUsers.map((user) => ({
        ...user,
        idnumber: `9${user.idnumber}`,
        username: `x${user.username}`,
        email: `x${user.email}`,
      })),
    }));
    const result = await refreshCourse(its.seeded.courseId, its.deps);
    expect(result).toMatchObject({ problems: [expect.stringMatching(/another site/)] });
    expect(await RollUpModel.countDocuments({ courseId: its.seeded.courseId })).toBe(0);
    expect(await StudentRecordModel.countDocuments({ courseId: its.seeded.courseId })).toBe(0);
  });

  it('access times that the site hides are told as hidden', async () => {
    its.moodle.answer('core_enrol_get_enrolled_users', () => ({
      json: moodleUsers.map(({ ...user }) => {
        delete (user as Record<string, unknown>)['lastcourseaccess'];
        return user;
      }),
    }));
    await refreshCourse(its.seeded.courseId, its.deps);
    const snapshot = await SnapshotModel.findOne({ courseId: its.seeded.courseId }).lean();
    expect(snapshot?.measurements.find(({ id }) => id === 'recency')).toMatchObject({ reason: 'access-hidden' });
  });
});

describe('people who come and go', () => {
  it('who vanishes from the roster has left; who returns is taken back; staff by launch stay staff', async () => {
    await refreshCourse(its.seeded.courseId, its.deps);
    const gone = its.roster.find(({ role }) => role === 'student')!;
    const tutor = its.roster.find(({ role }) => role === 'tutor')!;
    await EnrolmentModel.updateOne(
      { courseId: its.seeded.courseId, personId: await its.personOf(tutor.sub) },
      { $set: { roleFrom: 'launch' } },
    );
    its.clock = new Date(its.clock.getTime() + 60_000);
    its.roster = its.roster
      .filter((member) => member !== gone)
      .map((member) => ({ ...member, role: 'student' as const }));
    await refreshCourse(its.seeded.courseId, its.deps);
    const left = await EnrolmentModel.findOne({
      courseId: its.seeded.courseId,
      personId: await its.personOf(gone.sub),
    }).lean();
    expect(left).toMatchObject({ isActive: false, leftAt: its.clock });
    const staff = await EnrolmentModel.findOne({
      courseId: its.seeded.courseId,
      personId: await its.personOf(tutor.sub),
    }).lean();
    expect(staff?.role).toBe('tutor');
    its.roster = [...its.roster, gone];
    await refreshCourse(its.seeded.courseId, its.deps);
    const back = await EnrolmentModel.findOne({
      courseId: its.seeded.courseId,
      personId: await its.personOf(gone.sub),
    }).lean();
    expect(back?.isActive).toBe(true);
    expect(back?.leftAt).toBeUndefined();
  });

  it('activity that came before its person is claimed when they appear', async () => {
    const late = its.roster.find(({ role }) => role === 'student')!;
    await RawEventModel.create({
      _id: `${its.seeded.platformId}:e1`,
      platformId: its.seeded.platformId,
      courseId: its.seeded.courseId,
      waitsFor: `sub:${late.sub}`,
      source: 'xapi',
      at: new Date('2026-10-01T10:00:00Z'),
      kind: 'view',
      objectId: '3',
      expiresAt: new Date('2027-10-01'),
    });
    await refreshCourse(its.seeded.courseId, its.deps);
    const student = await its.factsOf(late.sub);
    const days = student.rollUps.flatMap(({ days }) => days);
    expect(days).toContainEqual({ day: '2026-10-01', source: 'xapi', counts: { view: 1 } });
    const raw = await RawEventModel.findById(`${its.seeded.platformId}:e1`).lean();
    expect(raw?.waitsFor).toBeUndefined();
    expect(await CourseStateModel.findOne({ courseId: its.seeded.courseId }).lean()).toMatchObject({
      leaseOwner: null,
    });
  });
});
