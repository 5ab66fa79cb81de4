import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditModel } from '../server/database/models/audit.ts';
import { RefreshRunModel } from '../server/database/models/refresh-run.ts';
import { useDatabase } from './support/database.ts';
import { startWaymark } from './support/start-waymark.ts';

const { uri } = useDatabase();
let world: Awaited<ReturnType<typeof startWaymark>>;

beforeAll(async () => {
  world = await startWaymark(uri);
});
afterAll(() => world.close());

/** Waits until the refresh that a first launch began has ended. */
async function refreshIsOver() {
  for (;;) {
    const run = await RefreshRunModel.findOne({ state: { $ne: 'running' } }).lean();
    if (run) return run;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe('the main job', () => {
  it('reads the course when a tutor first launches, and lists who may welcome a conversation, with reasons', async () => {
    const tutor = await world.launchAs(world.vle.tutor.person.id);
    expect(tutor.role).toBe('tutor');
    const run = await refreshIsOver();
    expect(run).toMatchObject({ state: 'done', problems: [], students: world.vle.students.length });

    expect(await tutor.api('GET', '/api/flags')).toMatchObject({ status: 403 });
    const guidance = await tutor.api('GET', '/api/guidance');
    const read = await tutor.api('POST', '/api/guidance/acknowledge', { version: guidance.body.version });
    expect(read.status).toBe(200);
    const list = await tutor.api('GET', '/api/flags');
    expect(list.status).toBe(200);
    expect(list.body.rows.length).toBeGreaterThan(0);
    expect(list.body.rows.length).toBeLessThan(world.vle.students.length / 2);
  });

  it('shows a student their own course, weeks and due dates, and nobody else', async () => {
    const [one, other] = world.vle.students;
    const student = await world.launchAs(one!.person.id);
    expect(student.role).toBe('student');
    const own = await student.api('GET', '/api/dashboard');
    expect(own.status).toBe(200);
    expect(own.body.view.course.title).toBe(world.vle.course.fullName);
    expect(JSON.stringify(own.body)).not.toContain(other!.person.familyName);
    expect(await student.api('GET', '/api/flags')).toMatchObject({ status: 403 });
  });

  it('keeps an administrator away from people', async () => {
    const administrator = await world.launchAs(world.vle.administrator.id);
    expect(administrator.role).toBe('administrator');
    expect(await administrator.api('GET', '/api/flags')).toMatchObject({ status: 403 });
    expect((await administrator.api('GET', '/api/dashboard')).status).toBe(403);
  });

  it('leaves a trace of every look at the list', async () => {
    expect(await AuditModel.countDocuments({ deed: 'viewed-list' })).toBe(1);
  });
});
