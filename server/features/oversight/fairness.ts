import type { Fairness, ShownFairnessReport } from '../../contracts/fairness.ts';
import { CourseModel } from '../../database/models/course.ts';
import { EnrolmentModel } from '../../database/models/enrolment.ts';
import type { Deps } from '../../deps.ts';
import { mayOversee, type Actor } from '../../domain/access.ts';
import { reportFairness, type FairnessGroup, type FairnessRow } from '../../domain/fairness.ts';
import { fairnessDays, minimumEvaluationGroup } from '../../domain/thresholds.ts';
import { NotAllowed } from '../../errors.ts';
import { requireStaff } from '../../staff/require-staff.ts';
import { readFairnessRows } from './read-fairness-rows.ts';

/**
 * Flag and contact rates by group, without anybody's name: for a tutor of their course, and over all they teach where
 * there are several; for a lead over all courses of the platform. Throws NotAllowed for everybody else.
 */
export async function readFairness(deps: Deps, actor: Actor): Promise<Fairness> {
  if (!mayOversee(actor) || actor.role === 'administrator') throw new NotAllowed();
  const now = deps.now().getTime();
  const shared = { days: fairnessDays, smallestGroup: minimumEvaluationGroup };
  if (actor.role === 'lead') {
    const courses = await CourseModel.find({ platformId: actor.platformId, endedAt: null }, { _id: 1 }).lean();
    return {
      ...shared,
      together: await reportOn(
        courses.map(({ _id }) => _id.toHexString()),
        now,
      ),
    };
  }
  const staff = await requireStaff(deps, actor);
  const taught = await EnrolmentModel.distinct('courseId', { personId: staff.personId, role: 'tutor', isActive: true });
  const courseIds = [...new Set([staff.courseId, ...taught.map(String)])];
  return {
    ...shared,
    course: await reportOn([staff.courseId], now),
    ...(courseIds.length > 1 && { together: await reportOn(courseIds, now) }),
  };
}

async function reportOn(courseIds: readonly string[], now: number): Promise<ShownFairnessReport> {
  const rows: FairnessRow[] = [];
  for (const courseId of courseIds) rows.push(...(await readFairnessRows(courseId, now)));
  const report = reportFairness(rows);
  const dimensions = [...new Set(report.map(({ by }) => by))];
  return {
    courses: courseIds.length,
    dimensions: dimensions.map((by) => ({ by, groups: report.filter((each) => each.by === by).map(present) })),
  };
}

function present({
  group,
  people,
  flagged,
  contacted,
  standsOut,
}: FairnessGroup): ShownFairnessReport['dimensions'][number]['groups'][number] {
  // The size of a group that is too small would be a figure about it.
  if (!flagged) return { group, standsOut };
  return { group, people, flagged, ...(contacted && { contacted }), standsOut };
}
