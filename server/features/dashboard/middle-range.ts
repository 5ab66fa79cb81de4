import type { MiddleRangeReply } from '../../contracts/dashboard.ts';
import { CourseStateModel } from '../../database/models/course-state.ts';
import { EnrolmentModel } from '../../database/models/enrolment.ts';
import { SnapshotModel, type Snapshot } from '../../database/models/snapshot.ts';
import { middleRange } from '../../domain/middle-range.ts';
import { minimumGroup } from '../../domain/thresholds.ts';

const keptCourses = 200;

export type MiddleRangeReader = (courseId: string) => Promise<MiddleRangeReply>;

/**
 * Reads the middle half of a course week by week. It is the same for everybody in the course and changes with a
 * computation only, so it is kept until the next one: two thousand snapshots are not read again for each curious student.
 */
export function createMiddleRangeReader(): MiddleRangeReader {
  const kept = new Map<string, { computedAt: number; reply: Promise<MiddleRangeReply> }>();
  return async (courseId) => {
    const state = await CourseStateModel.findOne({ courseId }, { computedAt: 1 }).lean();
    const computedAt = state?.computedAt?.getTime() ?? 0;
    const found = kept.get(courseId);
    if (found?.computedAt === computedAt) return found.reply;
    const reply = readMiddleRange(courseId);
    kept.delete(courseId);
    if (kept.size >= keptCourses) kept.delete(kept.keys().next().value ?? '');
    kept.set(courseId, { computedAt, reply });
    reply.catch(() => kept.delete(courseId));
    return reply;
  };
}

async function readMiddleRange(courseId: string): Promise<MiddleRangeReply> {
  const members = await EnrolmentModel.distinct('personId', { courseId, role: 'student', isActive: true });
  const present = new Set(members.map(String));
  const snapshots = await SnapshotModel.find({ courseId }, { _id: 0, personId: 1, 'presence.weeks': 1 }).lean<
    Pick<Snapshot, 'personId' | 'presence'>[]
  >();
  const activeDays = new Map<string, number[]>();
  for (const { personId, presence } of snapshots) {
    if (!present.has(personId.toHexString())) continue;
    for (const { week, number, activeDays: days } of presence.weeks) {
      if (number === undefined) continue;
      const values = activeDays.get(week);
      if (values) values.push(days);
      else activeDays.set(week, [days]);
    }
  }
  const weeks = [...activeDays].flatMap(([week, values]) => {
    const range = middleRange(values);
    return range ? [{ week, ...range }] : [];
  });
  return { ...(weeks.length > 0 && { weeks }), minimumGroup };
}
