import type { ActivityKind, SourceId } from './vocabulary.ts';

/** Something a student did, from any source, normalised. Sources map what they read to this and nothing else. */
export interface Activity {
  /** The same event always has the same id, however often and by whichever process it is read. At most 200 characters. */
  readonly eventId: string;
  readonly kind: ActivityKind;
  /** When it happened, in milliseconds since the epoch (UTC). */
  readonly at: number;
  readonly source: SourceId;
  /** What it was done with, in the platform's own id (course-module id, URL): for "distinct resources opened". */
  readonly objectId?: string | undefined;
}

/** `YYYY-MM-DD`, a day of the course's own time zone. */
export type Day = string;
/** `YYYY-Www`, an ISO 8601 week. */
export type IsoWeek = string;

/** What happened on one day from one source: how many of each kind. */
export interface DayCount {
  readonly day: Day;
  readonly source: SourceId;
  readonly counts: Readonly<Partial<Record<ActivityKind, number>>>;
}

/** All that stays of one enrolment's activity in one ISO week. */
export interface RollUp {
  readonly week: IsoWeek;
  /** Sorted by day, then source. */
  readonly days: readonly DayCount[];
  /** Distinct objects touched, sorted. */
  readonly objects: readonly string[];
  /** Short hashes of the event ids that came, sorted: what makes a second reading of an event harmless. */
  readonly seen: readonly string[];
  /** Those among them that their sender has voided, sorted: they are not counted, whether they came before or after. */
  readonly voided?: readonly string[] | undefined;
}
