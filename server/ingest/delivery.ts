import type { DropReason, SourceId } from '../domain/vocabulary.ts';
import type { SourceEvent } from '../sources/source-event.ts';

/** What one sender brought in one piece: all of it is taken in, or none. */
export interface Delivery {
  readonly platformId: string;
  readonly source: SourceId;
  readonly events: readonly SourceEvent[];
}

/** What came, those that came before included, and what became of it. */
export interface Counts {
  received: number;
  stored: number;
  /** Why events tell nothing, and how many. */
  readonly dropped: Map<DropReason, number>;
}

export interface Received extends Readonly<Counts> {
  /** Of each course that events named; what named none is in no course's. */
  readonly courses: ReadonlyMap<string, Readonly<Counts>>;
}

export function noCounts(): Counts {
  return { received: 0, stored: 0, dropped: new Map() };
}

/** What is counted of one course, begun where there is nothing yet. */
export function countsOf(byCourse: Map<string, Counts>, courseId: string): Counts {
  const known = byCourse.get(courseId) ?? noCounts();
  byCourse.set(courseId, known);
  return known;
}

/** The name under which an event is kept: ids are their platform's own. */
export function rawId(platformId: string, eventId: string): string {
  return `${platformId}:${eventId}`;
}
