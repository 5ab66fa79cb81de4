import { loadCourseFacts, loadStudentFacts } from '../../database/facts.ts';
import { inOneReply } from '../../database/replies.ts';
import { ActionModel } from '../../database/models/action.ts';
import { FlagModel, type StoredFlag } from '../../database/models/flag.ts';
import { RollUpModel } from '../../database/models/roll-up.ts';
import { activeDaysAround } from '../../domain/active-days-around.ts';
import { courseAt } from '../../domain/course-at.ts';
import { dayNumber, firstDayOf } from '../../domain/days.ts';
import type { FlaggedCase } from '../../domain/evaluation.ts';
import { stateSince } from '../../domain/flags.ts';
import { seeStudent } from '../../domain/seen-student.ts';

/** Every support flag of a course with the first contact after it and the student's active days; no names, no ids. */
export async function readCases(courseId: string, now: number): Promise<FlaggedCase[]> {
  const flags = await FlagModel.find(
    { courseId, kind: 'support' },
    { personId: 1, openedAt: 1, state: 1, history: 1, clearedAt: 1 },
  ).lean<StoredFlag[]>();
  const people = [...new Set(flags.map(({ personId }) => personId.toHexString()))];
  const [actions, course, students, weeks] = await Promise.all([
    ActionModel.find(
      { courseId, personId: { $in: people }, initiator: 'staff', outcome: { $ne: 'no-action' } },
      { personId: 1, at: 1, category: 1, channel: 1 },
    )
      .sort({ at: 1 })
      .batchSize(inOneReply)
      .lean(),
    loadCourseFacts(courseId),
    loadStudentFacts(courseId, people),
    RollUpModel.distinct('week', { courseId }),
  ]);
  const at = courseAt(course, now);
  const heardWeeks = new Set(weeks.map((week) => dayNumber(firstDayOf(week))));
  const studentOf = new Map(students.map((student) => [student.personId, seeStudent(student, at)]));
  const actionsOf = new Map<string, typeof actions>();
  for (const action of actions) {
    const id = action.personId.toHexString();
    const own = actionsOf.get(id);
    if (own) own.push(action);
    else actionsOf.set(id, [action]);
  }
  return flags.map((flag): FlaggedCase => {
    const id = flag.personId.toHexString();
    const action = actionsOf.get(id)?.find((each) => each.at.getTime() >= flag.openedAt);
    const isClosed = flag.state === 'resolved' || flag.state === 'dismissed';
    const endedAt = flag.clearedAt ?? (isClosed ? stateSince(flag) : undefined);
    const student = studentOf.get(id);
    return {
      openedAt: flag.openedAt,
      ...(typeof endedAt === 'number' && { endedAt }),
      ...(action && { action: { at: action.at.getTime(), category: action.category, channel: action.channel } }),
      activeDays: (from, days) => student && activeDaysAround({ from, days, heardWeeks }, student, at),
    };
  });
}
