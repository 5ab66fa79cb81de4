import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { CourseModel } from '../../../server/database/models/course.ts';
import { refreshCourse } from '../../../server/refresh/refresh-course.ts';
import { useMoodleCourse } from '../../support/moodle-course.ts';

/** What a real Moodle 4.5.6 sent of activities for one group, of attempts and people that were deleted, of moved dates. */
const its = useMoodleCourse();
beforeEach(() => {
  its.clock = new Date('2026-11-29T14:00:00Z');
});
const sent = <T>(name: string) => JSON.parse(readFileSync(`test/samples/moodle/${name}.json`, 'utf8')) as T;
type Contents = { modules: { id: number; availability?: string | null }[] }[];
const later = (hours: number) => {
  its.clock = new Date(its.clock.getTime() + hours * 3_600_000);
};
const workOf = async (sub: string, id: string) =>
  (await its.factsOf(sub)).submissions?.find(({ assessmentId }) => assessmentId === id);
/** What is held against somebody, as the tutor reads it. */
const missedBy = async (sub: string, indicator: 'submissions' | 'completion') => {
  const measurement = await its.measurementOf(sub, indicator);
  const evidence = measurement?.state === 'measured' ? measurement.evidence : [];
  return evidence
    .filter(({ value }) => /not (seen|complete) yet/.test(value))
    .map(({ label }) => label.split(':')[0]!.split(',')[0]);
};

describe('an activity that only one group can open', () => {
  const [quiz, page, inGroupOne, inGroupTwo] = [9, 3, '39', '40'];
  const forGroupTwo = sent<Contents>('core_course_get_contents.restricted')[0]!.modules.find(({ id }) => id === 57)!;
  const restrict = (availability: string) => {
    const contents = sent<Contents>('core_course_get_contents').map((section) => ({
      ...section,
      modules: section.modules.map((module) =>
        module.id === quiz || module.id === page ? { ...module, availability } : module,
      ),
    }));
    its.moodle.answer('core_course_get_contents', () => ({ json: contents }));
  };
  beforeEach(() => {
    its.moodle.answer('mod_quiz_get_user_attempts', () => ({ json: sent('mod_quiz_get_user_attempts.deleted') }));
    restrict(forGroupTwo.availability!.replace('"id":6', '"id":2'));
  });

  it('is missed by those of the group and by nobody else', async () => {
    await refreshCourse(its.seeded.courseId, its.deps);
    expect(await missedBy(inGroupTwo, 'submissions')).toContain('Quiz 1');
    expect(await missedBy(inGroupOne, 'submissions')).not.toContain('Quiz 1');
    expect(await missedBy(inGroupTwo, 'completion')).toContain('Week 1');
    expect(await missedBy(inGroupOne, 'completion')).not.toContain('Week 1');
  });

  it('asks nobody for more while the contents can’t be read', async () => {
    await refreshCourse(its.seeded.courseId, its.deps);
    later(1);
    its.moodle.answer('core_course_get_contents', () => ({ status: 404, text: '' }));
    await refreshCourse(its.seeded.courseId, its.deps);
    expect(await workOf(inGroupOne, '9')).toMatchObject({ isExcused: true });
    expect(await missedBy(inGroupOne, 'submissions')).not.toContain('Quiz 1');
  });

  it('is asked of everybody again once it is open to all', async () => {
    await refreshCourse(its.seeded.courseId, its.deps);
    later(1);
    restrict('');
    await refreshCourse(its.seeded.courseId, its.deps);
    expect(await missedBy(inGroupOne, 'submissions')).toContain('Quiz 1');
    expect(await missedBy(inGroupOne, 'completion')).toContain('Week 1');
  });

  it('counts for all where the restriction may not be seen, and the data notes say so', async () => {
    const contents = sent<Contents>('core_course_get_contents').map((section) => ({
      ...section,
      modules: section.modules.map(({ availability: _, ...module }) => module),
    }));
    its.moodle.answer('core_course_get_contents', () => ({ json: contents }));
    await refreshCourse(its.seeded.courseId, its.deps);
    expect(await missedBy(inGroupOne, 'submissions')).toContain('Quiz 1');
    expect((await its.freshnessOf('moodle'))?.notes.join()).toContain('moodle/course:viewhiddenactivities');
  });

  it('is missed by nobody where only the site knows for whom it is', async () => {
    restrict('{"op":"&","c":[{"type":"profile","sf":"department","op":"isequalto","v":"Arts"}],"showc":[true]}');
    await refreshCourse(its.seeded.courseId, its.deps);
    for (const sub of [inGroupOne, inGroupTwo]) {
      expect(await missedBy(sub, 'submissions')).not.toContain('Quiz 1');
      expect(await missedBy(sub, 'completion')).not.toContain('Week 1');
    }
  });
});

it('an attempt that staff deleted is no longer handed in', async () => {
  await refreshCourse(its.seeded.courseId, its.deps);
  expect((await workOf('3', '9'))?.submittedAt).toBeDefined();
  its.moodle.answer('mod_quiz_get_user_attempts', () => ({ json: sent('mod_quiz_get_user_attempts.deleted') }));
  later(25);
  await refreshCourse(its.seeded.courseId, its.deps);
  expect((await workOf('3', '9'))?.submittedAt).toBeUndefined();
});

it('somebody deleted while the course is read costs nobody else anything', async () => {
  await refreshCourse(its.seeded.courseId, its.deps);
  const before = await workOf('4', '10');
  for (const name of ['core_completion_get_activities_completion_status', 'mod_quiz_get_user_attempts']) {
    const good = (params: Readonly<Record<string, string>>) =>
      name === 'mod_quiz_get_user_attempts'
        ? { attempts: [], warnings: [] }
        : { statuses: params['userid'] === '5' ? sent<{ statuses: unknown[] }>(name).statuses : [], warnings: [] };
    its.moodle.answer(name, (params) => ({
      json: params['userid'] === '4' ? sent('error.user_deleted') : good(params),
    }));
  }
  later(25);
  await refreshCourse(its.seeded.courseId, its.deps);
  expect((await its.freshnessOf('moodle'))?.topics).toEqual({});
  expect((await its.freshnessOf('moodle'))?.notes).toEqual([]);
  expect((await its.factsOf('5')).completions).not.toEqual([]);
  expect((await its.measurementOf('5', 'submissions'))?.state).toBe('measured');
  expect(await workOf('4', '10')).toEqual(before);
});

describe('the dates of the course', () => {
  const dates = (startdate: string, enddate: string | 0) =>
    its.moodle.answer('core_course_get_courses_by_field', () => {
      const seconds = (day: string | 0) => (day === 0 ? 0 : Date.parse(`${day}T00:00:00Z`) / 1000);
      const all = sent<{ courses: object[] }>('core_course_get_courses_by_field');
      const courses = all.courses.map((course) => ({
        ...course,
        startdate: seconds(startdate),
        enddate: seconds(enddate),
      }));
      return { json: { ...all, courses } };
    });
  const calendar = async () => {
    await refreshCourse(its.seeded.courseId, its.deps);
    const { firstDay, lastDay } = (await CourseModel.findById(its.seeded.courseId).orFail().lean()).calendar;
    return [firstDay, lastDay];
  };
  it('follow a start that moves and an end that is taken away, also into another year', async () => {
    dates('2026-09-21', '2026-12-12');
    expect(await calendar()).toEqual(['2026-09-21', '2026-12-11']);
    dates('2026-10-05', 0);
    expect(await calendar()).toEqual(['2026-10-05', '2026-12-11']);
    dates('2027-09-20', 0);
    expect(await calendar()).toEqual(['2027-09-20', '2027-11-26']);
  });
  it('are not years long because the site says an end that is years away', async () => {
    dates('2026-09-21', '2026-12-12');
    await calendar();
    dates('2026-09-21', '2036-09-21');
    expect(await calendar()).toEqual(['2026-09-21', '2026-12-11']);
  });
});
