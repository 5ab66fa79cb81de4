import type { CourseAt } from '../course-at.ts';
import type { CohortFacts, SourceTopic } from '../facts.ts';
import type { Measurement } from '../measurement.ts';
import type { StudentAt } from '../student-at.ts';
import type { IndicatorId } from '../vocabulary.ts';
import { attendance } from './attendance.ts';
import { completion } from './completion.ts';
import { coverage } from './coverage.ts';
import type { Indicator } from './indicator.ts';
import { leadTime } from './lead-time.ts';
import { lectureCapture } from './lecture-capture.ts';
import { ownTrend } from './own-trend.ts';
import { recency } from './recency.ts';
import { regularity } from './regularity.ts';
import { relativeActivity } from './relative-activity.ts';
import { stretch } from './stretch.ts';
import { submissions } from './submissions.ts';

/** Every indicator, in the order in which screens list them. A new one is a new file and a line here. */
export const indicators: readonly Indicator[] = [
  recency,
  ownTrend,
  relativeActivity,
  submissions,
  attendance,
  completion,
  coverage,
  regularity,
  leadTime,
  lectureCapture,
  stretch,
];

const byId = new Map<IndicatorId, Indicator>(indicators.map((indicator) => [indicator.id, indicator]));

/** Throws a RangeError for an id without an indicator. */
export function indicatorOf(id: IndicatorId): Indicator {
  const indicator = byId.get(id);
  if (!indicator) throw new RangeError(`No indicator ${id}.`);
  return indicator;
}

/** One measurement for each indicator, in their order. Someone who has left the course has none that count. */
export function measureAll(student: StudentAt, at: CourseAt, cohort: CohortFacts): Measurement[] {
  return indicators.map((indicator) => {
    if (student.hasLeft) return { id: indicator.id, state: 'noData', reason: 'exempt' };
    const { id, needs } = indicator;
    return isUnknownTo(needs, student, at)
      ? { id, state: 'noData', reason: 'source-failed' }
      : indicator.measure(student, at, cohort);
  });
}

/** Whether one of the topics rests on nothing but sources that did not find this student: their silence is no inactivity. */
function isUnknownTo(needs: readonly SourceTopic[], { student }: StudentAt, { topics }: CourseAt): boolean {
  const { notFoundIn = [] } = student;
  return (
    notFoundIn.length > 0 &&
    needs.some((topic) => {
      const reading = topics[topic];
      return reading.isKnown && reading.restsOn.every((source) => notFoundIn.includes(source));
    })
  );
}
