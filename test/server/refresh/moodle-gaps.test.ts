import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FlagModel } from '../../../server/database/models/flag.ts';
import { createVault } from '../../../server/database/vault.ts';
import { refreshCourse } from '../../../server/refresh/refresh-course.ts';
import type { IndicatorId } from '../../../server/domain/vocabulary.ts';
import { moodleUsers, useMoodleCourse } from '../../support/moodle-course.ts';

const its = useMoodleCourse();
const denied = (errorcode: string) => () => ({
  json: { exception: 'x', errorcode, message: 'Access control exception' },
});
/** A student who has not handed in the first assignment. */
const quiet = '31';

const presence: IndicatorId[] = ['recency', 'relative-activity', 'own-trend'];
const lostWith: [functionName: string, indicators: IndicatorId[]][] = [
  ['core_enrol_get_enrolled_users', presence],
  ['core_course_get_courses_by_field', []],
  ['core_course_get_contents', ['completion', 'coverage']],
  ['core_completion_get_activities_completion_status', ['completion']],
  ['core_calendar_get_calendar_events', ['completion']],
  ['mod_assign_get_assignments', ['submissions']],
  ['mod_assign_get_submissions', ['submissions']],
  ['mod_assign_list_participants', ['submissions']],
  ['mod_assign_get_submission_status', []],
  ['mod_assign_get_participant', []],
  ['mod_quiz_get_quizzes_by_courses', ['submissions']],
  ['mod_quiz_get_user_attempts', ['submissions']],
  ['mod_quiz_get_overrides', []],
  ['mod_forum_get_forums_by_courses', []],
  ['mod_forum_get_forum_discussions', []],
  ['mod_forum_get_discussion_posts', []],
];

describe('a function that the token may not call', () => {
  it.each(lostWith)('%s: nothing that needs it is said to be low or not due', async (name, indicators) => {
    its.moodle.answer(name, denied(name.startsWith('mod_assign') ? 'nopermission' : 'accessexception'));
    await refreshCourse(its.seeded.courseId, its.deps);
    for (const indicator of indicators) {
      expect(await its.measurementOf(quiet, indicator)).toMatchObject({
        state: 'noData',
        reason: expect.stringMatching(/source-failed|no-source/),
      });
    }
    for (const indicator of ['submissions', 'completion', 'recency'] as const) {
      if (indicators.includes(indicator)) continue;
      const measurement = await its.measurementOf(quiet, indicator);
      // Without the course’s own dates fewer steps are known to be expected: too few for a share, which is not low either.
      expect(measurement?.state === 'noData' ? measurement.reason : measurement?.state).toMatch(
        /^(measured|too-little)$/,
      );
    }
    const flags = await FlagModel.find({ courseId: its.seeded.courseId }).lean();
    const reasons = flags.flatMap(({ evidence }) => evidence.reasons.map(({ measurement }) => measurement.id));
    for (const indicator of indicators) expect(reasons).not.toContain(indicator);
    expect((await its.freshnessOf('moodle'))?.notes.join()).toContain(name);
  });
});

it('a token that can’t be opened any more loses what Moodle alone tells, and says so; the roster is read all the same', async () => {
  const lost = createVault([{ id: 'k0', secret: new TextEncoder().encode('y'.repeat(40)) }]);
  its.deps = { ...its.deps, vault: lost };
  expect(await refreshCourse(its.seeded.courseId, its.deps)).toMatchObject({ state: 'done' });
  expect(JSON.stringify(await its.freshnessOf('moodle'))).toContain('please enter it again');
  expect((await its.freshnessOf('roster'))?.okAt).toEqual(its.clock);
});

describe('what Moodle leaves out without an error', () => {
  const submissionsOf = () => its.measurementOf(quiet, 'submissions');
  it('submissions that the service user may not see are not missing work', async () => {
    its.moodle.answer('mod_assign_get_submissions', () => ({
      json: { assignments: [], warnings: [{ item: 'assignment', itemid: 1, warningcode: '1', message: 'No access' }] },
    }));
    await refreshCourse(its.seeded.courseId, its.deps);
    expect(await submissionsOf()).toMatchObject({ state: 'noData', reason: 'source-failed' });
    expect((await its.freshnessOf('moodle'))?.notes.join()).toContain('mod/assign:viewgrades');
  });

  it('an assignment that nobody has handed in to is read as that', async () => {
    its.moodle.answer('mod_assign_get_submissions', () => ({
      json: { assignments: [], warnings: [{ item: 'module', itemid: 1, warningcode: '3', message: 'None' }] },
    }));
    await refreshCourse(its.seeded.courseId, its.deps);
    expect(await submissionsOf()).toMatchObject({ state: 'measured' });
  });

  it('assignments that exist and are not shown are not "nothing due"', async () => {
    its.moodle.answer('mod_assign_get_assignments', () => ({
      json: {
        courses: [{ id: 2, assignments: [] }],
        warnings: [{ item: 'module', itemid: 10, warningcode: '1', message: 'No access rights in module context' }],
      },
    }));
    await refreshCourse(its.seeded.courseId, its.deps);
    expect(await submissionsOf()).toMatchObject({ state: 'noData', reason: 'source-failed' });
    expect((await its.freshnessOf('moodle'))?.notes.join()).toContain('mod/assign:view');
  });

  it('neither are quizzes that only the contents list', async () => {
    its.moodle.answer('mod_quiz_get_quizzes_by_courses', () => ({ json: { quizzes: [], warnings: [] } }));
    await refreshCourse(its.seeded.courseId, its.deps);
    expect(await submissionsOf()).toMatchObject({ state: 'noData', reason: 'source-failed' });
  });

  it('a grade book with items that nobody may see is told, and with nothing beside it nothing is "not due"', async () => {
    const contents = await import('../../samples/moodle/core_course_get_contents.json', { with: { type: 'json' } });
    const without = (...kinds: string[]) =>
      contents.default.map((section) => ({
        ...section,
        modules: section.modules.filter(({ modname }) => !kinds.includes(modname)),
      }));
    const shown = { id: 2 };
    its.moodle.answer('mod_quiz_get_quizzes_by_courses', () => ({ json: { quizzes: [], warnings: [] } }));
    its.moodle.answer('core_course_get_contents', () => ({ json: without('quiz') }));
    its.moodle.answer('gradereport_user_get_grade_items', () => ({
      json: {
        usergrades: [
          {
            userid: 3,
            gradeitems: [
              { id: 3, cmid: 10 },
              { id: 4, cmid: 11 },
            ],
          },
        ],
        warnings: [],
      },
    }));
    await refreshCourse(its.seeded.courseId, its.deps);
    expect(await submissionsOf()).toMatchObject({ state: 'measured' });
    expect((await its.freshnessOf('moodle'))?.notes.join()).toMatch(/1 graded item .*can’t be seen/);

    its.moodle.answer('mod_assign_get_assignments', () => ({
      json: { courses: [{ ...shown, assignments: [] }], warnings: [] },
    }));
    its.moodle.answer('core_course_get_contents', () => ({ json: without('quiz', 'assign') }));
    await refreshCourse(its.seeded.courseId, its.deps);
    expect((await its.freshnessOf('moodle'))?.topics.submissions?.failedBecause).toMatch(/can’t be seen/);
  });

  it('a student whom Moodle does not list is not quiet, and is not flagged', async () => {
    its.moodle.answer('core_enrol_get_enrolled_users', () => ({
      json: moodleUsers.filter(({ id }) => String(id) !== quiet),
    }));
    await refreshCourse(its.seeded.courseId, its.deps);
    for (const indicator of [...presence, 'submissions', 'completion'] as const) {
      expect(await its.measurementOf(quiet, indicator)).toMatchObject({ state: 'noData', reason: 'source-failed' });
    }
    const personId = await its.personOf(quiet);
    expect(await FlagModel.countDocuments({ courseId: its.seeded.courseId, personId })).toBe(0);
    its.moodle.restore();
    await refreshCourse(its.seeded.courseId, its.deps);
    expect(await its.measurementOf(quiet, 'recency')).toMatchObject({ state: 'measured' });
  });
});

describe('due dates of single students and groups', () => {
  const december = 1_796_230_800;
  it('an assignment due later for one student is not missing yet; others are judged by the usual date', async () => {
    its.moodle.answer('mod_assign_get_participant', ({ userid }) => ({
      json: { id: Number(userid), duedate: userid === quiet ? december : 1_793_638_800 },
    }));
    await refreshCourse(its.seeded.courseId, its.deps);
    expect((await its.factsOf(quiet)).submissions).toContainEqual(
      expect.objectContaining({ assessmentId: '10', extendedTo: december * 1000 }),
    );
    const late = await its.measurementOf(quiet, 'submissions');
    const usual = await its.measurementOf('32', 'submissions');
    expect(late?.state === 'measured' && usual?.state === 'measured' && usual.value - late.value).toBe(1);

    // The next reading of changes asks for nobody again, and forgets nothing.
    its.moodle.calls.length = 0;
    its.clock = new Date(its.clock.getTime() + 3_600_000);
    await refreshCourse(its.seeded.courseId, its.deps);
    expect(its.moodle.calls.filter(({ name }) => name === 'mod_assign_get_participant')).toHaveLength(0);
    expect(await its.measurementOf(quiet, 'submissions')).toMatchObject({
      state: 'measured',
      inputs: late?.state === 'measured' ? late.inputs : {},
    });
  });

  const askedAbout = () =>
    its.moodle.calls
      .filter(({ name }) => name === 'mod_assign_get_participant')
      .map(({ params }) => `${params['assignid']}:${params['userid']}`);

  it('of those late with work long due, each is asked about once, then once a week, some each day', async () => {
    await refreshCourse(its.seeded.courseId, its.deps);
    const first = askedAbout();
    expect(new Set(first).size).toBe(first.length);
    const { courses } = JSON.parse(readFileSync('test/samples/moodle/mod_assign_get_assignments.json', 'utf8')) as {
      courses: { assignments: { id: number; duedate: number }[] }[];
    };
    const dueAt = new Map(courses[0]!.assignments.map(({ id, duedate }) => [String(id), duedate * 1000]));
    const isNew = (entry: string, at: Date) => at.getTime() - dueAt.get(entry.split(':')[0]!)! < 7 * 86_400_000;
    const old = first.filter((entry) => !isNew(entry, its.clock));
    expect(old.length).toBeGreaterThan(5);

    const asked = new Map<string, number>();
    let mostOnOneDay = 0;
    for (let day = 1; day <= 10; day += 1) {
      its.moodle.calls.length = 0;
      its.clock = new Date(its.clock.getTime() + 86_400_000);
      await refreshCourse(its.seeded.courseId, its.deps);
      const again = askedAbout().filter((entry) => old.includes(entry));
      for (const entry of again) asked.set(entry, (asked.get(entry) ?? 0) + 1);
      mostOnOneDay = Math.max(mostOnOneDay, again.length);
    }
    expect([...asked.keys()].sort()).toEqual([...old].sort());
    expect(Math.max(...asked.values())).toBeLessThanOrEqual(2);
    expect(mostOnOneDay).toBeLessThan(old.length);
  });

  it('an override given after the due date is found, and one without a due date is not forgotten', async () => {
    await refreshCourse(its.seeded.courseId, its.deps);
    const before = await its.measurementOf(quiet, 'submissions');
    its.moodle.answer('mod_assign_get_participant', ({ userid }) => ({
      json: { id: Number(userid), duedate: userid === quiet ? 0 : 1_793_638_800 },
    }));
    const missing = async () => {
      const now = await its.measurementOf(quiet, 'submissions');
      return now?.state === 'measured' && before?.state === 'measured' ? before.value - now.value : undefined;
    };
    for (let day = 1; day <= 10; day += 1) {
      its.clock = new Date(its.clock.getTime() + 86_400_000);
      await refreshCourse(its.seeded.courseId, its.deps);
    }
    const excused = await missing();
    expect(excused).toBeGreaterThan(0);
    // In a reading of changes nobody is asked about again.
    its.clock = new Date(its.clock.getTime() + 3_600_000);
    await refreshCourse(its.seeded.courseId, its.deps);
    expect(await missing()).toBe(excused);
  });

  it('a quiz that closes later for a student or a group is not missing yet', async () => {
    its.moodle.answer('mod_quiz_get_overrides', () => ({
      json: {
        overrides: [
          { id: 1, quiz: 1, userid: 31, groupid: null, timeclose: december },
          { id: 2, quiz: 1, userid: null, groupid: 1, timeclose: december },
          { id: 3, quiz: 1, userid: null, groupid: 2, timeopen: 5, timeclose: null },
        ],
      },
    }));
    await refreshCourse(its.seeded.courseId, its.deps);
    const quizOf = async (sub: string) =>
      (await its.factsOf(sub)).submissions?.find(({ assessmentId }) => assessmentId === '9')?.extendedTo;
    expect(await quizOf(quiet)).toBe(december * 1000);
    expect(await quizOf('5')).toBe(december * 1000);
    expect(await quizOf('4')).toBeUndefined();
    // Kept where they can't be read for once.
    its.moodle.answer('mod_quiz_get_overrides', () => ({ text: 'x' }));
    await refreshCourse(its.seeded.courseId, its.deps);
    expect(await quizOf('5')).toBe(december * 1000);
  });

  it('an extension whose date can’t be read makes nothing late or missing, and says so', async () => {
    its.moodle.answer('mod_assign_get_submission_status', denied('nopermission'));
    await refreshCourse(its.seeded.courseId, its.deps);
    const measurement = await its.measurementOf('22', 'submissions');
    expect(measurement).toMatchObject({ state: 'measured', inputs: { late: 0 } });
    expect((await its.freshnessOf('moodle'))?.notes.join()).toMatch(/dates of extensions are not seen/);
  });
});
