import { createHmac, randomBytes } from 'node:crypto';
import { ActionModel } from '../../database/models/action.ts';
import { audit } from '../../database/models/audit.ts';
import { CourseModel } from '../../database/models/course.ts';
import { EnrolmentModel } from '../../database/models/enrolment.ts';
import { FlagModel, type StoredFlag } from '../../database/models/flag.ts';
import { RollUpModel, type StoredRollUp } from '../../database/models/roll-up.ts';
import type { Deps } from '../../deps.ts';
import type { Actor } from '../../domain/access.ts';
import { dayOf, firstDayOf, isoWeekOf } from '../../domain/days.ts';
import { minimumEvaluationGroup } from '../../domain/thresholds.ts';
import { activityKinds, type ActivityKind } from '../../domain/vocabulary.ts';
import { toCsv } from '../../staff/csv.ts';
import { requireLead } from './require-lead.ts';

const activityWords: Readonly<Record<ActivityKind, string>> = {
  presence: 'Days seen without more detail',
  view: 'Things opened',
  submission: 'Work handed in',
  'quiz-attempt': 'Quiz attempts',
  'forum-post': 'Forum posts',
  completion: 'Activities completed',
  attendance: 'Sessions attended',
  'lecture-capture': 'Recordings watched',
  meeting: 'Meetings with staff',
  'co-curricular': 'Co-curricular activities',
};

const header = [
  'Student',
  'Course',
  'Week',
  'Week begins',
  'Active days',
  ...activityKinds.map((kind) => activityWords[kind]),
  'Flags raised',
  'Actions',
];

/**
 * Weekly figures of a platform's courses for research that somebody has approved: no names, ids, groups or words. Students
 * who opted out are left out, and so are courses with too few others. The pseudonyms are made with a key that is thrown
 * away: nobody can go back from them, and two exports can't be laid side by side. Each course gets an audit row with the
 * reference of the approval, which its students see. Throws NotAllowed for everybody but a lead.
 */
export async function exportForResearch(deps: Deps, actor: Actor, { approval }: { approval: string }): Promise<string> {
  requireLead(actor);
  const key = randomBytes(32);
  const pseudonymOf = (id: { toHexString(): string }) =>
    createHmac('sha256', key).update(id.toHexString()).digest('hex').slice(0, 16);
  const courses = await CourseModel.find({ platformId: actor.platformId }, { calendar: 1 }).lean();
  const rows: (string | number)[][] = [];
  for (const { _id: courseId, calendar } of courses) {
    const students = await EnrolmentModel.distinct('personId', { courseId, role: 'student', optedOutAt: null });
    if (students.length < minimumEvaluationGroup) continue;
    const own = { courseId, personId: { $in: students } };
    const [rollUps, flags, actions] = await Promise.all([
      RollUpModel.find(own, { personId: 1, week: 1, days: 1 }).lean<StoredRollUp[]>(),
      FlagModel.find({ ...own, kind: 'support' }, { personId: 1, openedAt: 1 }).lean<StoredFlag[]>(),
      ActionModel.find(own, { personId: 1, at: 1 }).lean(),
    ]);
    await audit({ ...actor, courseId: courseId.toHexString() }, 'exported-research', {
      at: deps.now(),
      keptDays: deps.pack.retention.auditDays,
      reference: approval,
    });
    const weekOf = (at: number) => isoWeekOf(dayOf(at, calendar.timeZone));
    const count = (moments: readonly { personId: { toHexString(): string }; at: number }[]) => {
      const counts = new Map<string, number>();
      for (const { personId, at } of moments) {
        const place = `${personId.toHexString()} ${weekOf(at)}`;
        counts.set(place, (counts.get(place) ?? 0) + 1);
      }
      return counts;
    };
    const flagged = count(flags.map(({ personId, openedAt }) => ({ personId, at: openedAt })));
    const acted = count(actions.map(({ personId, at }) => ({ personId, at: at.getTime() })));
    for (const { personId, week, days } of rollUps) {
      const place = `${personId.toHexString()} ${week}`;
      rows.push([
        pseudonymOf(personId),
        pseudonymOf(courseId),
        week,
        firstDayOf(week),
        new Set(days.map(({ day }) => day)).size,
        ...activityKinds.map((kind) => days.reduce((sum, { counts }) => sum + (counts[kind] ?? 0), 0)),
        flagged.get(place) ?? 0,
        acted.get(place) ?? 0,
      ]);
    }
  }
  // The order in the database is the order in which people came.
  rows.sort((a, b) => (`${a[1]} ${a[0]} ${a[2]}` < `${b[1]} ${b[0]} ${b[2]}` ? -1 : 1));
  return toCsv(header, rows);
}
