import { shareInterval, type Interval } from './intervals.ts';
import { minimumEvaluationGroup } from './thresholds.ts';

/** One student, with the groups they belong to. Never a sensitive characteristic: none is read or kept. */
export interface FairnessRow {
  /** For example `{ 'joined': 'week 3 or later', 'mode of study': 'part time', 'earlier flag': 'none' }`. */
  readonly groups: Readonly<Record<string, string>>;
  readonly wasFlagged: boolean;
  readonly wasContacted: boolean;
}

export interface FairnessGroup {
  readonly by: string;
  readonly group: string;
  readonly people: number;
  /** Absent for groups that are too small to be shown. */
  readonly flagged?: Interval | undefined;
  /** Contacted, of those flagged; absent where fewer were flagged than may be shown. */
  readonly contacted?: Interval | undefined;
  /** Whether its interval of flagged lies apart from that of everybody else: worth a look at the rules. */
  readonly standsOut: boolean;
}

/** Flag and contact rates by group, each with its 95 % interval. */
export function reportFairness(rows: readonly FairnessRow[]): FairnessGroup[] {
  const dimensions = [...new Set(rows.flatMap(({ groups }) => Object.keys(groups)))].sort();
  return dimensions.flatMap((by) => {
    const names = [...new Set(rows.flatMap(({ groups }) => groups[by] ?? []))].sort();
    return names.map((group): FairnessGroup => {
      const inside = rows.filter(({ groups }) => groups[by] === group);
      const others = rows.filter(({ groups }) => groups[by] !== undefined && groups[by] !== group);
      const base = { by, group, people: inside.length };
      if (inside.length < minimumEvaluationGroup) return { ...base, standsOut: false };
      const flagged = inside.filter(({ wasFlagged }) => wasFlagged);
      const rate = shareInterval(flagged.length, inside.length);
      const elsewhere = shareInterval(others.filter(({ wasFlagged }) => wasFlagged).length, others.length);
      const standsOut =
        others.length >= minimumEvaluationGroup && (rate.low > elsewhere.high || rate.high < elsewhere.low);
      if (flagged.length < minimumEvaluationGroup) return { ...base, flagged: rate, standsOut };
      const contacted = shareInterval(flagged.filter(({ wasContacted }) => wasContacted).length, flagged.length);
      return { ...base, flagged: rate, contacted, standsOut };
    });
  });
}
