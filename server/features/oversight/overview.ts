import type { Overview, OverviewRow } from '../../contracts/oversight.ts';
import { ActionModel, type ActionMoment } from '../../database/models/action.ts';
import { CourseStateModel, type CourseState } from '../../database/models/course-state.ts';
import { CourseModel } from '../../database/models/course.ts';
import { EnrolmentModel } from '../../database/models/enrolment.ts';
import { FlagModel, type StoredFlag } from '../../database/models/flag.ts';
import { inOneReply } from '../../database/replies.ts';
import type { Deps } from '../../deps.ts';
import { mayOversee, type Actor } from '../../domain/access.ts';
import { minimumEvaluationGroup } from '../../domain/thresholds.ts';
import { NotAllowed } from '../../errors.ts';
import { findSchool } from '../../policy/find-school.ts';

const dayMs = 86_400_000;

interface Counted {
  readonly row: OverviewRow;
  readonly students: number;
  readonly waitingDays: number[];
  readonly flags: number;
  readonly contactedWithinWeek: number;
  readonly followUpsDue: number;
  readonly followUpsDone: number;
}

/**
 * Coverage, waiting times and follow-ups by course and school, without anybody's name: for a lead every course of the
 * platform, for a tutor those they teach. Figures about fewer students than may be shown are left out.
 */
export async function readOverview(deps: Deps, actor: Actor): Promise<Overview> {
  if (!mayOversee(actor) || actor.role === 'administrator') throw new NotAllowed();
  const taught =
    actor.role === 'lead'
      ? undefined
      : await EnrolmentModel.distinct('courseId', { personId: actor.personId, role: 'tutor', isActive: true });
  const courses = await CourseModel.find(
    { platformId: actor.platformId, endedAt: null, ...(taught && { _id: { $in: taught } }) },
    { title: 1, label: 1 },
  )
    .sort({ title: 1 })
    .batchSize(inOneReply)
    .lean();
  const counted: Counted[] = [];
  for (const { _id, title, label } of courses) {
    const school = findSchool(deps.pack.schools, label)?.name;
    counted.push(await countCourse(_id.toHexString(), { title, label, school }, deps.now().getTime()));
  }
  const schools = new Map<string | undefined, Counted[]>();
  for (const each of counted) schools.set(each.row.school, [...(schools.get(each.row.school) ?? []), each]);
  return {
    courses: counted.map(present),
    schools: [...schools]
      .sort(([one], [other]) => Number(one === undefined) - Number(other === undefined) || (one! < other! ? -1 : 1))
      .map(([school, own]) => present(addUp(school, own))),
    smallestGroup: minimumEvaluationGroup,
  };
}

async function countCourse(
  courseId: string,
  { title, label, school }: { title: string; label?: string | undefined; school: string | undefined },
  now: number,
): Promise<Counted> {
  const [students, flags, actions, state] = await Promise.all([
    EnrolmentModel.countDocuments({ courseId, role: 'student', isActive: true }),
    FlagModel.find({ courseId, kind: 'support' }, { personId: 1, openedAt: 1, state: 1 }).lean<StoredFlag[]>(),
    ActionModel.find({ courseId }, { personId: 1, at: 1, followUp: 1 }).lean<ActionMoment[]>(),
    CourseStateModel.findOne({ courseId }, { computedAt: 1 }).lean<CourseState>(),
  ]);
  const older = flags.filter(({ openedAt }) => now - openedAt >= 7 * dayMs);
  const actedOn = older.filter((flag) =>
    actions.some(
      ({ personId, at }) =>
        personId.equals(flag.personId) && at.getTime() >= flag.openedAt && at.getTime() - flag.openedAt <= 7 * dayMs,
    ),
  );
  const due = actions.filter(({ followUp }) => followUp && followUp.dueAt.getTime() <= now);
  return {
    row: {
      title,
      ...(label && { label }),
      ...(school !== undefined && { school }),
      courses: 1,
      ...(state?.computedAt && { computedAt: state.computedAt.getTime() }),
    },
    students,
    waitingDays: flags
      .filter(({ state: flagState }) => flagState === 'open')
      .map(({ openedAt }) => Math.floor((now - openedAt) / dayMs)),
    flags: older.length,
    contactedWithinWeek: actedOn.length,
    followUpsDue: due.length,
    followUpsDone: due.filter(({ followUp }) => followUp && !followUp.isPending).length,
  };
}

function addUp(school: string | undefined, own: readonly Counted[]): Counted {
  const sum = (of: (counted: Counted) => number) => own.reduce((total, each) => total + of(each), 0);
  return {
    row: { title: school ?? '', ...(school !== undefined && { school }), courses: own.length },
    students: sum(({ students }) => students),
    waitingDays: own.flatMap(({ waitingDays }) => waitingDays),
    flags: sum(({ flags }) => flags),
    contactedWithinWeek: sum(({ contactedWithinWeek }) => contactedWithinWeek),
    followUpsDue: sum(({ followUpsDue }) => followUpsDue),
    followUpsDone: sum(({ followUpsDone }) => followUpsDone),
  };
}

function present({ row, students, waitingDays, ...counted }: Counted): OverviewRow {
  if (students < minimumEvaluationGroup) return row;
  const sorted = [...waitingDays].sort((one, other) => one - other);
  const median = sorted[sorted.length >> 1];
  return {
    ...row,
    students,
    figures: {
      waiting: waitingDays.length,
      ...(median !== undefined && { medianDaysWaiting: median }),
      flags: counted.flags,
      ...(counted.flags > 0 && { contactedWithinWeek: counted.contactedWithinWeek / counted.flags }),
      followUpsDue: counted.followUpsDue,
      ...(counted.followUpsDue > 0 && { followUpsDone: counted.followUpsDone / counted.followUpsDue }),
    },
  };
}
