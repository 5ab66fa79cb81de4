import type { CourseAt, TopicReading } from '../course-at.ts';
import type { CohortFacts, SourceTopic } from '../facts.ts';
import type { EvidenceItem, Measurement } from '../measurement.ts';
import type { StudentAt } from '../student-at.ts';
import type { IndicatorId, NoDataReason, SourceId } from '../vocabulary.ts';

/** What a value counts, for saying and checking it: a share lies between 0 and 1, a ratio may exceed 1. */
export type Unit = 'days' | 'ratio' | 'share' | 'count' | 'hours';

/** An indicator: its texts stand beside its working, so that they change together. `{course}` is the pack's word. */
export interface Indicator {
  readonly id: IndicatorId;
  readonly label: string;
  readonly whyItMatters: string;
  /** The topics some source must speak of, all of them. */
  readonly needs: readonly SourceTopic[];
  /** One plain sentence. */
  readonly howItIsWorkedOut: string;
  readonly unit: Unit;
  /** The labels of the inputs of a measurement, in the order of the formula. */
  readonly inputLabels: Readonly<Record<string, string>>;
  /** How an input is said where it is not a plain number. */
  readonly inputUnits?: Readonly<Record<string, Unit>>;
  /** The formula with the student's numbers filled in, without the result. */
  formula(inputs: Readonly<Record<string, number>>): string;
  /** What would change the figure, said to the student. */
  readonly whatWouldChangeIt: string;
  /** What the figure cannot tell. */
  readonly whatItCannotTell: string;
  measure(student: StudentAt, course: CourseAt, cohort: CohortFacts): Measurement;
}

type Known = Extract<TopicReading, { isKnown: true }>;

export function noData(id: IndicatorId, reason: NoDataReason, asOf?: number): Measurement {
  return asOf === undefined ? { id, state: 'noData', reason } : { id, state: 'noData', reason, asOf };
}

export function measured(
  id: IndicatorId,
  value: number,
  inputs: Readonly<Record<string, number>>,
  evidence: readonly EvidenceItem[],
  rests: Pick<Known, 'asOf' | 'restsOn'>,
  withLostDays?: { readonly atBest: number; readonly atWorst: number },
): Measurement {
  const measurement = {
    id,
    state: 'measured',
    value,
    inputs,
    evidence,
    restsOn: rests.restsOn,
    asOf: rests.asOf,
  } as const;
  return withLostDays === undefined ? measurement : { ...measurement, ...withLostDays };
}

/** What two topics together rest on: as old as the older. */
export function restOn(a: Known, b: Known): { asOf: number; restsOn: readonly SourceId[] } {
  return { asOf: Math.min(a.asOf, b.asOf), restsOn: [...new Set([...a.restsOn, ...b.restsOn])] };
}

/** `1 day`, `2 days`; for evidence. */
export function countOf(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A number as evidence and formulas show it: at most two decimals. */
export function sayNumber(value: number): string {
  return String(Math.round(value * 100) / 100);
}
