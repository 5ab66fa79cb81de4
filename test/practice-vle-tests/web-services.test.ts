import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPracticeVle, type PracticeVle } from '../practice-vle/practice-vle.ts';

const NOW = new Date('2026-11-25T12:00:00Z');
const nowSeconds = NOW.getTime() / 1000;
let vle: PracticeVle;

beforeAll(async () => {
  vle = await createPracticeVle({ now: NOW });
});
afterAll(() => vle.close());

async function call(name: string, parameters: Record<string, string> = {}, token = vle.webServiceToken) {
  const body = new URLSearchParams({ wstoken: token, wsfunction: name, moodlewsrestformat: 'json', ...parameters });
  const response = await fetch(`${vle.url}/webservice/rest/server.php`, { method: 'POST', body });
  expect(response.status).toBe(200);
  return response.json();
}
const courseId = () => String(vle.course.id);

it('holds the people of the log, with tutors told apart by what they did', () => {
  expect(vle.course.enrolments.size).toBe(168);
  expect(vle.students).toHaveLength(165);
  expect([vle.tutor.role, vle.secondTutor.role]).toEqual(['editingteacher', 'teacher']);
});

it('puts today into the teaching week two thirds through', () => {
  const share = (nowSeconds - vle.course.startsAt) / (vle.course.endsAt - vle.course.startsAt);
  expect(share).toBeGreaterThan(0.6);
  expect(share).toBeLessThan(0.72);
});

describe('errors', () => {
  it('come with status 200', async () => {
    expect(await call('core_webservice_get_site_info', {}, 'wrong')).toMatchObject({ errorcode: 'invalidtoken' });
    expect(await call('core_made_up')).toMatchObject({ errorcode: 'invalidrecord' });
    expect(await call('core_course_get_contents', { courseid: '1' })).toMatchObject({ errorcode: 'invalidrecord' });
    expect(await call('core_course_get_contents')).toMatchObject({ errorcode: 'invalidparameter' });
  });
});

describe('what lies ahead', () => {
  it('is not shown', async () => {
    const users = await call('core_enrol_get_enrolled_users', { courseid: courseId() });
    expect(users).toHaveLength(168);
    for (const user of users) expect(user.lastaccess).toBeLessThanOrEqual(nowSeconds);
    const sections = await call('core_course_get_contents', { courseid: courseId() });
    const names = sections.flatMap((section: { modules: { name: string }[] }) =>
      section.modules.map((one) => one.name),
    );
    expect(names).toContain('Individual Case Study');
    expect(names).not.toContain('Payment Types');
    expect(names.filter((name: string) => name === 'Lecture 1')).toHaveLength(1);
  });

  it('comes when the clock moves on', async () => {
    const ask = async () => {
      const { assignments } = await call('mod_assign_get_submissions', { 'assignmentids[0]': await caseStudy() });
      return assignments[0]?.submissions.length ?? 0;
    };
    const before = await ask();
    vle.clock.set(new Date('2026-12-05T12:00:00Z'));
    expect(await ask()).toBeGreaterThan(before + 80);
    vle.clock.set(NOW);
  });
});

async function caseStudy(): Promise<string> {
  const { courses } = await call('mod_assign_get_assignments', {
    'courseids[0]': courseId(),
    includenotenrolledcourses: '1',
  });
  const found = courses[0].assignments.find((one: { name: string }) => one.name === 'Individual Case Study');
  return String(found.id);
}

describe('assignments', () => {
  it('are hidden from a service user who forgets the flag', async () => {
    const answer = await call('mod_assign_get_assignments', { 'courseids[0]': courseId() });
    expect(answer).toMatchObject({ courses: [], warnings: [{ warningcode: '2' }] });
  });

  it('are due when most handed in', async () => {
    const { courses } = await call('mod_assign_get_assignments', {
      'courseids[0]': courseId(),
      includenotenrolledcourses: '1',
    });
    const due = Object.fromEntries(
      courses[0].assignments.map((one: { name: string; duedate: number }) => [one.name, one.duedate]),
    );
    // 29 May 2018 stands in the log as the last date; 27 weeks and more later it is still a Tuesday, at a minute to midnight.
    expect(new Date(due['Individual Case Study'] * 1000).toISOString()).toBe('2026-12-01T23:59:00.000Z');
    expect(due['Submit Activity']).toBe(0);
  });

  it('have submissions, participants and extensions that agree', async () => {
    const student = vle.students[3]!.person.id;
    const module = vle.course.modules.find((one) => one.name === 'Individual Case Study')!;
    vle.grantExtension(module.id, student, nowSeconds + 86_400);
    const assignid = await caseStudy();
    const status = await call('mod_assign_get_submission_status', { assignid, userid: String(student) });
    expect(status.lastattempt.extensionduedate).toBe(nowSeconds + 86_400);
    const participants = await call('mod_assign_list_participants', {
      assignid,
      groupid: '0',
      filter: '',
      onlyids: '1',
    });
    expect(participants.filter((one: { grantedextension: boolean }) => one.grantedextension)).toHaveLength(1);
    const { assignments } = await call('mod_assign_get_submissions', { 'assignmentids[0]': assignid });
    const submitted = participants.filter((one: { submitted: boolean }) => one.submitted);
    expect(submitted).toHaveLength(assignments[0].submissions.length);
  });
});

it('knows what each student completed, with times', async () => {
  const { statuses } = await call('core_completion_get_activities_completion_status', {
    courseid: courseId(),
    userid: String(vle.students[5]!.person.id),
  });
  const done = statuses.filter((one: { state: number }) => one.state === 1);
  expect(done.length).toBeGreaterThan(0);
  for (const { timecompleted } of done) expect(timecompleted).toBeGreaterThan(vle.course.startsAt);
});

it('says which submissions changed, without saying whose', async () => {
  const { instances } = await call('core_course_get_updates_since', {
    courseid: courseId(),
    since: String(nowSeconds - 7 * 86_400),
  });
  const names = instances.flatMap((one: { updates: { name: string }[] }) => one.updates.map((update) => update.name));
  expect(names).toContain('usersubmissions');
});

it('grows to any number of students by repeating real ones', async () => {
  const large = await createPracticeVle({ now: NOW, studentCount: 500 });
  try {
    expect(large.students).toHaveLength(500);
    expect(large.students[165]!.events).toBe(large.students[0]!.events);
    expect(new Set(large.students.map(({ person }) => person.id)).size).toBe(500);
  } finally {
    await large.close();
  }
});

it('goes wrong when asked to', async () => {
  const takeBack = vle.faults.add({ service: 'moodle', kind: 'exception', function: 'core_course_get_contents' });
  expect(await call('core_course_get_contents', { courseid: courseId() })).toMatchObject({
    errorcode: 'nopermissions',
  });
  expect(await call('core_enrol_get_enrolled_users', { courseid: courseId() })).toHaveLength(168);
  takeBack();
  expect(await call('core_course_get_contents', { courseid: courseId() })).toHaveLength(20);
  vle.faults.add({ service: 'moodle', kind: 'half-json', times: 1 });
  await expect(call('core_webservice_get_site_info')).rejects.toThrow(SyntaxError);
  vle.faults.add({ service: 'moodle', kind: 'html', times: 1 });
  await expect(call('core_webservice_get_site_info')).rejects.toThrow(SyntaxError);
  vle.faults.add({ service: 'moodle', kind: 'reset', times: 1 });
  await expect(call('core_webservice_get_site_info')).rejects.toThrow('fetch failed');
  expect(await call('core_webservice_get_site_info')).toMatchObject({ userid: 9 });
});
