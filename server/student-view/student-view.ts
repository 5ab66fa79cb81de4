import type { StudentView } from '../contracts/student-view.ts';
import { loadCourseFacts, loadStudentFacts } from '../database/facts.ts';
import { findActionsOf, type StoredAction } from '../database/models/action.ts';
import { findAlertsOf, type Alert } from '../database/models/alert.ts';
import { CourseModel } from '../database/models/course.ts';
import { CourseStateModel, type CourseState } from '../database/models/course-state.ts';
import { findDiscussionsOf, type Discussion } from '../database/models/discussion.ts';
import { FlagModel, type StoredFlag } from '../database/models/flag.ts';
import { loadRuleset } from '../database/models/ruleset.ts';
import { SnapshotModel, type Snapshot } from '../database/models/snapshot.ts';
import type { Vault } from '../database/vault.ts';
import { courseAt, type CourseAt } from '../domain/course-at.ts';
import { toDay } from '../domain/days.ts';
import type { Rule, Ruleset } from '../domain/rules.ts';
import { studentAt, type StudentAt } from '../domain/student-at.ts';
import { NotFound } from '../errors.ts';
import type { PolicyPack } from '../policy/schema.ts';
import { namesOf, type NameOf } from './people.ts';
import { presentAction } from './present-action.ts';
import { presentFlag, presentIndicators } from './present-explained.ts';
import { presentCorrections, presentPauses, presentPresence, presentSources } from './present-record.ts';
import { presentUsual, presentWeeks } from './present-weeks.ts';
import { presentWork } from './present-work.ts';

/** Everything that the view of one student is composed of, read once. */
export interface StudentMaterial {
  readonly title: string;
  readonly at: CourseAt;
  readonly student: StudentAt;
  readonly snapshot: Snapshot | null;
  readonly ruleset: Ruleset;
  /** Indicators whose rule holds for most of the course, which therefore flags nobody. */
  readonly setAside: readonly Rule[];
  readonly flags: readonly StoredFlag[];
  readonly actions: readonly StoredAction[];
  readonly discussions: readonly Discussion[];
  readonly alerts: readonly Alert[];
  readonly nameOf: NameOf;
}

/**
 * Reads what is held about one student of one course. Takes ids that the caller has authorised, and the time now. Throws
 * NotFound where the person is not a student of the course.
 */
export async function loadStudentMaterial(
  { courseId, personId }: { courseId: string; personId: string },
  { now, pack }: { now: () => Date; pack: PolicyPack },
): Promise<StudentMaterial> {
  const [course, facts, [student], snapshot, ruleset, state, flags, actions, discussions, alerts] = await Promise.all([
    CourseModel.findById(courseId, { title: 1 }).lean(),
    loadCourseFacts(courseId),
    loadStudentFacts(courseId, personId),
    SnapshotModel.findOne({ courseId, personId }).lean<Snapshot>(),
    loadRuleset(courseId, { version: 1, rules: pack.rules }),
    CourseStateModel.findOne({ courseId }, { _id: 0, notices: 1 }).lean<Pick<CourseState, 'notices'>>(),
    FlagModel.find({ courseId, personId }).sort({ openedAt: -1 }).lean<StoredFlag[]>(),
    findActionsOf(courseId, personId),
    findDiscussionsOf(courseId, personId),
    findAlertsOf(courseId, personId),
  ]);
  if (!course || !student) throw new NotFound();
  const at = courseAt(facts, now().getTime());
  const nameOf = await namesOf(courseId, [
    ...actions.map(({ byId }) => byId),
    ...discussions.map(({ startedById }) => startedById),
    ...alerts.map(({ sentById }) => sentById),
    ...flags.flatMap(({ history }) => history.flatMap(({ by }) => (by === 'data' ? [] : [{ toHexString: () => by }]))),
  ]);
  const { title } = course;
  const setAside = (state?.notices ?? []).flatMap((notice) => ('rule' in notice ? [notice.rule] : []));
  return {
    title,
    at,
    student: studentAt(student, at),
    snapshot,
    ruleset,
    setAside,
    flags,
    actions,
    discussions,
    alerts,
    nameOf,
  };
}

/** The student's own view: what staff see of the figures is exactly this. */
export function presentStudentView(
  material: StudentMaterial,
  { pack, vault }: { pack: PolicyPack; vault: Vault },
): StudentView {
  const { at, student, snapshot, ruleset } = material;
  const weeks = presentWeeks(student, at);
  const usual = presentUsual(weeks, student);
  return {
    course: presentCourse(material),
    sources: presentSources(at),
    presence: presentPresence(at),
    weeks,
    ...(usual && { usual }),
    work: presentWork(student, at),
    indicators: presentIndicators(snapshot?.measurements ?? [], ruleset, at.week, pack, material.setAside),
    ...(snapshot && { computedAt: snapshot.computedAt.getTime() }),
    flags: material.flags.map((flag) => presentFlag(flag, material.nameOf, pack)),
    actions: material.actions.map((action) => presentAction(action, material.nameOf, { pack, vault })),
    discussions: material.discussions.map(({ startedAt, startedById, decision, decidedAt }) => ({
      startedAt: startedAt.getTime(),
      by: material.nameOf(startedById),
      ...(decision && { decision }),
      ...(decidedAt && { decidedAt: decidedAt.getTime() }),
    })),
    alerts: material.alerts.map(({ sentAt, sentById, school }) => ({
      sentAt: sentAt.getTime(),
      by: material.nameOf(sentById),
      school,
    })),
    pauses: presentPauses(student, at),
    corrections: presentCorrections(student, at),
  };
}

function presentCourse({ title, at }: StudentMaterial): StudentView['course'] {
  const today = toDay(at.today);
  const vacation = at.weeks.find(({ firstDay, lastDay }) => firstDay <= today && today <= lastDay)?.vacation;
  return {
    title,
    timeZone: at.course.calendar.timeZone,
    today,
    firstDay: toDay(at.firstDay),
    lastDay: toDay(at.lastDay),
    state: at.today < at.firstDay ? 'before' : at.today > at.lastDay ? 'after' : 'running',
    week: at.week,
    teachingWeeks: at.weeks.filter(({ number }) => number !== undefined).length,
    ...(vacation !== undefined && { vacation }),
  };
}
