import { readFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { RollUpModel } from '../../../server/database/models/roll-up.ts';
import { StudentRecordModel } from '../../../server/database/models/student-record.ts';
import { refreshCourse } from '../../../server/refresh/refresh-course.ts';
import { moodleUsers, useMoodleCourse } from '../../support/moodle-course.ts';

/** What a real Moodle 4.5.6 sent of work that staff gave back for another attempt, and of work that teams hand in. */
const its = useMoodleCourse();
beforeEach(() => {
  its.clock = new Date('2026-11-29T14:00:00Z');
});

interface Sent {
  assignments: { assignmentid: number; submissions: Record<string, unknown>[] }[];
}
const sent = (name: string) => JSON.parse(readFileSync(`test/samples/moodle/${name}.json`, 'utf8')) as unknown;
/** The first assignment (course module 10) is answered with a sample, its people called as those of this course. */
function answerSubmissions(sample: string, nameOf: Record<number, number>, change: object = {}): void {
  const [assignment] = (sent(`mod_assign_get_submissions.${sample}`) as Sent).assignments;
  const submissions = assignment!.submissions.map((submission) => ({
    ...submission,
    ...change,
    userid: nameOf[submission['userid'] as number] ?? submission['userid'],
  }));
  its.moodle.answer('mod_assign_get_submissions', (params) => ({
    json: {
      assignments: [
        {
          assignmentid: Number(params['assignmentids[0]']),
          submissions: params['assignmentids[0]'] === '1' ? submissions : [],
        },
      ],
      warnings: [],
    },
  }));
}
const handedIn = async (sub: string) =>
  (await its.factsOf(sub)).submissions?.find(({ assessmentId }) => assessmentId === '10')?.submittedAt;
const submissionsCounted = async (sub: string) => {
  const personId = await its.personOf(sub);
  const rollUps = await RollUpModel.find({ courseId: its.seeded.courseId, personId }).lean();
  return rollUps.flatMap(({ days }) => days).reduce((sum, { counts }) => sum + (counts.submission ?? 0), 0);
};

it('work that was given back for another attempt was handed in when it first was', async () => {
  answerSubmissions('reopened', { 79: 3, 78: 4 });
  const status = sent('mod_assign_get_submission_status.reopened');
  its.moodle.answer('mod_assign_get_submission_status', () => ({ json: status }));
  await refreshCourse(its.seeded.courseId, its.deps);
  const first = 1_795_355_084_000;
  expect(await handedIn('3')).toBe(first);
  expect(await handedIn('4')).toBe(first);
  // One who waits to try again handed in once; one who has done so, twice.
  expect([await submissionsCounted('3'), await submissionsCounted('4')]).toEqual([1, 2]);
  expect(JSON.stringify(await StudentRecordModel.find({}).lean())).not.toContain('private essay');

  // Nor is it missing while the new attempt is a draft, or where only changes are read.
  answerSubmissions('reopened', { 79: 3, 78: 4 }, { status: 'draft' });
  its.clock = new Date(its.clock.getTime() + 3_600_000);
  await refreshCourse(its.seeded.courseId, its.deps);
  expect([await handedIn('3'), await handedIn('4')]).toEqual([first, first]);
});

it('what a team handed in, each of the team did, once; those in no group are a team', async () => {
  const users = moodleUsers.map((user) => ({
    ...user,
    groups: [3, 4, 5].includes(user.id) ? [{ id: 7, name: 'G1' }] : user.id === 6 ? [{ id: 8, name: 'G2' }] : [],
  }));
  its.moodle.answer('core_enrol_get_enrolled_users', () => ({ json: users }));
  answerSubmissions('team', { 78: 3, 79: 4, 80: 5, 81: 6, 85: 7 });
  await refreshCourse(its.seeded.courseId, its.deps);
  const at = 1_795_441_484_000;
  for (const sub of ['3', '4', '7', '8']) {
    expect([sub, await handedIn(sub), await submissionsCounted(sub)]).toEqual([sub, at, 1]);
  }
  expect([await handedIn('6'), await submissionsCounted('6')]).toEqual([undefined, 0]);
});
