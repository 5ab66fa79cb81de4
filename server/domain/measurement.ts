import type { IndicatorId, NoDataReason, SourceId } from './vocabulary.ts';

/** One thing a value rests on, ready to be shown: "Coursework 1, due 3 November" and "handed in 2 November". */
export interface EvidenceItem {
  readonly label: string;
  readonly value: string;
}

/**
 * What an indicator found for one student. A value is never shown without its evidence, and missing data is `noData`,
 * never zero.
 */
export type Measurement =
  | {
      readonly id: IndicatorId;
      readonly state: 'measured';
      readonly value: number;
      /**
       * What the value would be if every day from which nothing was received had been as good as can be. Absent where no
       * day is missing. A rule that would not hold then does not hold: a gap in a feed never raises a flag.
       */
      readonly atBest?: number | undefined;
      /** The same, had nothing been done on any of these days: what the guard of the whole class must reckon with. */
      readonly atWorst?: number | undefined;
      /** Named numbers that went into the formula, in the order in which it reads them. */
      readonly inputs: Readonly<Record<string, number>>;
      readonly evidence: readonly EvidenceItem[];
      readonly restsOn: readonly SourceId[];
      /** How old the oldest source it rests on is: when that was last read, in milliseconds since the epoch. */
      readonly asOf: number;
    }
  | {
      readonly id: IndicatorId;
      readonly state: 'noData';
      readonly reason: NoDataReason;
      readonly asOf?: number | undefined;
    };
