import type { Day, RollUp } from './activity.ts';
import type { NoDataReason, PauseKind, SourceId } from './vocabulary.ts';

/**
 * What indicators are computed from. Times are milliseconds since the epoch (UTC); days are days of the course's time
 * zone. Everything optional may be unknown, and unknown is never read as zero.
 */

export interface DaySpan {
  readonly from: Day;
  /** Included. */
  readonly to: Day;
}

export interface TeachingCalendar {
  /** IANA zone, for example `Europe/London`. */
  readonly timeZone: string;
  /** First and last day of the course. */
  readonly firstDay: Day;
  readonly lastDay: Day;
  /** Spans without teaching. Whole weeks inside one have no teaching-week number. */
  readonly vacations: readonly (DaySpan & { readonly label: string })[];
}

export interface Assessment {
  readonly id: string;
  readonly title: string;
  readonly kind: 'assignment' | 'quiz';
  readonly dueAt?: number | undefined;
  readonly url?: string | undefined;
}

/** An activity or resource of the course, as the platform lists it. */
export interface CourseItem {
  readonly id: string;
  readonly title: string;
  /** The platform's word for its type, for example `resource`, `page`, `assign`. */
  readonly kind: string;
  readonly url?: string | undefined;
  /** When it became available; absent where the platform does not say (then: from the course's start). */
  readonly releasedAt?: number | undefined;
  /** Whether completion is tracked, and by when it is expected. */
  readonly isTracked: boolean;
  readonly expectedBy?: number | undefined;
}

export interface Recording {
  readonly id: string;
  readonly title: string;
  readonly availableAt: number;
}

/** What a source can say anything about. */
export type SourceTopic = 'presence' | 'submissions' | 'completion' | 'attendance' | 'lecture-capture';

/** How far one source can be trusted for a course. `okAt` absent: never read with success. */
export interface SourceHealth {
  readonly source: SourceId;
  readonly speaksOf: readonly SourceTopic[];
  readonly okAt?: number | undefined;
  /** When it was read with success for the first time: what came before is known as far as it left dated traces. */
  readonly readSince?: number | undefined;
  /** Why the last try failed, where it did and nothing has succeeded since. */
  readonly failedBecause?: string | undefined;
  /** Spans in which nothing was received although it should have been. */
  readonly gaps: readonly DaySpan[];
  /** Set where the platform withholds what this source would need. */
  readonly withheld?: NoDataReason | undefined;
}

export interface CourseFacts {
  readonly calendar: TeachingCalendar;
  readonly assessments: readonly Assessment[];
  readonly items: readonly CourseItem[];
  readonly recordings: readonly Recording[];
  readonly sources: readonly SourceHealth[];
  /** Spans that a tutor has taken out for everybody (a reading week, a strike). */
  readonly pauses: readonly (DaySpan & { readonly label: string })[];
}

export interface Submission {
  readonly assessmentId: string;
  readonly submittedAt?: number | undefined;
  /** The due time for this student, extension included; overrides the assessment's. */
  readonly extendedTo?: number | undefined;
  /** The usual due time at which it was asked whether the student has another one. */
  readonly usualDueAt?: number | undefined;
  /** When that was asked last, in milliseconds. */
  readonly dueAskedAt?: number | undefined;
  /** The platform or a member of staff says that nothing is asked of this student. */
  readonly isExcused?: boolean | undefined;
  /**
   * The platform gave this student another due time and does not say which, or does not say whether the work is asked of
   * them: nothing is late or missing by the usual one.
   */
  readonly isDueUnknown?: boolean | undefined;
}

export interface StudentFacts {
  readonly personId: string;
  /** When the student joined and left the course, where known. */
  readonly joinedAt?: number | undefined;
  readonly leftAt?: number | undefined;
  /** Sorted by week, one for each week in which anything happened. */
  readonly rollUps: readonly RollUp[];
  /** Undefined where no source reads submissions; likewise the lists below. */
  readonly submissions?: readonly Submission[] | undefined;
  readonly completions?: readonly { readonly itemId: string; readonly completedAt?: number | undefined }[] | undefined;
  /** Items that this student cannot open, or of which nobody can say whether they can. */
  readonly notAsked?: readonly string[] | undefined;
  readonly sessions?: readonly AttendedSession[] | undefined;
  readonly watched?: readonly { readonly recordingId: string; readonly at: number }[] | undefined;
  /** Last access to the course that the platform reports. */
  readonly lastAccessAt?: number | undefined;
  /** Sources that tell of the course and do not know this student: their silence about them says nothing. */
  readonly notFoundIn?: readonly SourceId[] | undefined;
  /** Spans that do not count for this student. */
  readonly pauses: readonly (DaySpan & { readonly kind: PauseKind })[];
  readonly corrections: readonly Correction[];
}

export interface AttendedSession {
  readonly sessionId: string;
  readonly at: number;
  readonly wasAttended: boolean;
  readonly isExcused?: boolean | undefined;
}

/** A challenge that staff accepted: what every indicator must take as so from the next computation on. */
export type Correction =
  | { readonly about: 'active-day'; readonly day: Day }
  | { readonly about: 'submission'; readonly assessmentId: string; readonly submittedAt: number }
  | { readonly about: 'excused'; readonly assessmentId: string }
  | { readonly about: 'completion'; readonly itemId: string; readonly completedAt: number }
  | { readonly about: 'attendance'; readonly sessionId: string };

/** What is known of the whole class, for comparisons; made once per course and computation. */
export interface CohortFacts {
  /** People with any activity in the window, and the sum of their active days in it. */
  readonly activePeople: number;
  readonly activeDays: number;
  /** On how many days of it, or fewer, more than half of the class was there; absent where too few people tell. */
  readonly usualDays?: number | undefined;
}
