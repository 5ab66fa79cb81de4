import { FreshnessModel } from '../database/models/freshness.ts';
import { courseAt } from '../domain/course-at.ts';
import type { CourseFacts, StudentFacts } from '../domain/facts.ts';
import { countActiveStudents, findFeedGaps, findLateStart } from '../domain/feed-gaps.ts';

const feeds = ['xapi', 'caliper'] as const;

/**
 * Looks for days on which a feed of presence fell silent for the whole course, or had not begun yet, stores what it found, and
 * returns the course with it. Late events close what was found before.
 */
export async function noteFeedGaps(
  courseId: string,
  course: CourseFacts,
  students: readonly StudentFacts[],
  now: number,
): Promise<CourseFacts> {
  const at = courseAt(course, now);
  const found = new Map<string, ReturnType<typeof findFeedGaps>>();
  for (const feed of feeds) {
    const own = course.sources.find(({ source, speaksOf }) => source === feed && speaksOf.includes('presence'));
    if (!own) continue;
    const active = countActiveStudents(students, feed);
    const to = Math.min(at.today - 1, at.lastDay);
    const lateStart = findLateStart(students, { from: at.firstDay, to });
    const gaps =
      active.size === 0
        ? []
        : [
            ...(lateStart ? [lateStart] : []),
            ...findFeedGaps(active, { from: at.firstDay, to, countsDay: (day) => at.countsDay(day) }),
          ];
    found.set(feed, gaps);
    if (JSON.stringify(gaps) !== JSON.stringify(own.gaps)) {
      await FreshnessModel.updateOne({ courseId, source: feed }, { $set: { gaps } });
    }
  }
  return { ...course, sources: course.sources.map((each) => ({ ...each, gaps: found.get(each.source) ?? each.gaps })) };
}
