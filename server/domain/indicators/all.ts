import type { CourseAt } from '../course-at.ts';
import type { CohortFacts } from '../facts.ts';
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
  return indicators.map((indicator) =>
    student.hasLeft ? { id: indicator.id, state: 'noData', reason: 'exempt' } : indicator.measure(student, at, cohort),
  );
}
