import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActionModel } from '../../../../server/database/models/action.ts';
import { AuditModel } from '../../../../server/database/models/audit.ts';
import { RollUpModel } from '../../../../server/database/models/roll-up.ts';
import { createLeadRouter } from '../../../../server/features/oversight/lead-router.ts';
import { createRightsRouter } from '../../../../server/features/rights/router.ts';
import { useDatabase } from '../../../support/database.ts';
import { dayMs, makeCourse, newHexId, startApp, type TestPerson } from '../../../support/staffed-course.ts';

const { uri } = useDatabase();
const { app, deps, close } = await startApp(uri, (all) => [createLeadRouter(all), createRightsRouter(all)]);
afterAll(close);
const now = deps.now().getTime();
const platformId = newHexId();
let course: Awaited<ReturnType<typeof makeCourse>>;
let lead: TestPerson;
let students: TestPerson[];
let optedOut: TestPerson;

beforeAll(async () => {
  course = await makeCourse(deps, { platformId, title: 'Large', label: 'ECS401' });
  const small = await makeCourse(deps, { platformId, title: 'Small', label: 'XQZ402' });
  const elsewhere = await makeCourse(deps, { title: 'Of another platform' });
  lead = await course.add('lead', 'Engagement Lead');
  students = await Promise.all(Array.from({ length: 12 }, (_, index) => course.add('student', `Hidden ${index}`)));
  optedOut = await course.add('student', 'Hidden Too', { hasOptedOut: true });
  const alone = await small.add('student', 'Hidden Alone');
  const other = await elsewhere.add('student', 'Hidden Elsewhere');
  const places = [...students, optedOut].map(({ personId }) => ({ courseId: course.courseId, personId }));
  places.push({ courseId: small.courseId, personId: alone.personId });
  places.push({ courseId: elsewhere.courseId, personId: other.personId });
  await RollUpModel.insertMany(
    places.map((place) => ({
      ...place,
      week: '2026-W46',
      days: [
        { day: '2026-11-10', source: 'xapi', counts: { view: 3 } },
        { day: '2026-11-12', source: 'xapi', counts: { view: 1, submission: 1 } },
      ],
      objects: ['essay-1'],
      seen: [],
    })),
  );
  await course.flag(students[0]!.personId, { openedDaysAgo: 10 });
  await ActionModel.create({
    courseId: course.courseId,
    personId: students[0]!.personId,
    byId: lead.personId,
    category: 'supportive',
    channel: 'phone',
    initiator: 'staff',
    outcome: 'spoke',
    at: new Date(now - 8 * dayMs),
    recordedAt: new Date(now),
  });
});

const linesOf = (csv: string) =>
  csv
    .replace('\uFEFF', '')
    .trim()
    .split('\r\n')
    .map((line) => line.split(',').map((cell) => cell.replace(/^"|"$/g, '')));
const forResearch = (who: TestPerson, approval = 'Ethics committee 2026/17') =>
  request(app).post('/api/oversight/research-export').set(who.auth).send({ approval });

describe('the export for research', () => {
  it('holds figures by week under pseudonyms, without who opted out, small courses and other platforms', async () => {
    const { text } = await forResearch(lead).expect(200);
    const [header, ...rows] = linesOf(text);
    expect(header!.slice(0, 5)).toEqual(['Student', 'Course', 'Week', 'Week begins', 'Active days']);
    expect(rows).toHaveLength(12);
    expect(rows[0]!.slice(2, 5)).toEqual(['2026-W46', '2026-11-09', '2']);
    expect([rows[0]![header!.indexOf('Things opened')], rows[0]![header!.indexOf('Work handed in')]]).toEqual([
      '4',
      '1',
    ]);
    expect(new Set(rows.map(([pseudonym]) => pseudonym)).size).toBe(12);
    expect(new Set(rows.map(([, pseudonym]) => pseudonym)).size).toBe(1);
    expect(text).not.toMatch(/Hidden|essay|ECS401|Large/);
    for (const { personId } of [...students, optedOut]) expect(text).not.toContain(personId);
    expect(text).not.toContain(course.courseId);
  });

  it('gives other pseudonyms each time, so that two can’t be laid side by side', async () => {
    const pseudonyms = async () => new Set(linesOf((await forResearch(lead)).text).map(([first]) => first));
    const [first, second] = [await pseudonyms(), await pseudonyms()];
    expect([...first].filter((pseudonym) => second.has(pseudonym))).toEqual(['Student']);
  });

  it('needs the reference of an approval, is noted with it, and students see that it was made', async () => {
    await AuditModel.deleteMany({ deed: 'exported-research' });
    const { body } = await forResearch(lead, ' ').expect(422);
    expect(body.error.fields.approval).toMatch(/reference of the approval/);
    expect(await AuditModel.countDocuments({ deed: 'exported-research' })).toBe(0);
    await forResearch(lead, 'Ethics committee 2026/18').expect(200);
    const noted = await AuditModel.find({ deed: 'exported-research' }).lean();
    expect(noted).toMatchObject([{ actorRole: 'lead', reference: 'Ethics committee 2026/18' }]);
    expect(noted.map(({ courseId }) => String(courseId))).toEqual([course.courseId]);
    const about = await request(app).get('/api/rights').set(students[3]!.auth).expect(200);
    expect(JSON.stringify(about.body.looks)).toContain('made an approved copy without names');
  });
});

describe('the yearly report', () => {
  it('tells the review of the policy what was done, by school and in all, in the institution’s words', async () => {
    const { text } = await request(app).get('/api/oversight/yearly-report').set(lead.auth).expect(200);
    const rows = linesOf(text).slice(1);
    const of = (school: string) =>
      Object.fromEntries(rows.filter((row) => row[2] === school).map((row) => row.slice(3)));
    expect(of('School of Electronic Engineering and Computer Science')).toMatchObject({
      Modules: '1',
      Students: '13',
      'Students who opted out of contact': '1',
      'Support flags': '1',
      'Support flags with an LEA action within a week': '1',
      'LEA actions': '1',
      'LEA actions by category: Supportive': '1',
      'Follow-ups due': '0',
    });
    expect(of('All together')).toMatchObject({ Modules: '2', Students: '14' });
    expect(of('School not known')).toEqual({ Students: 'too few students to show' });
    expect(text).not.toContain('Hidden');
  });
});

it('neither is for anybody but a lead', async () => {
  for (const role of ['tutor', 'assistant', 'student', 'mentor', 'administrator'] as const) {
    const person = await course.add(role, `A ${role}`);
    await forResearch(person).expect(403);
    await request(app).get('/api/oversight/yearly-report').set(person.auth).expect(403);
  }
});
