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
  /** Absent for groups that are too small to be shown, and where showing it would tell about one that is. */
  readonly flagged?: Interval | undefined;
  /** Contacted, of those flagged; absent where fewer were flagged than may be shown. */
  readonly contacted?: Interval | undefined;
  /** Whether its interval of flagged lies apart from that of everybody else: worth a look at the rules. */
  readonly standsOut: boolean;
}

interface Tally {
  readonly group: string;
  people: number;
  flagged: number;
  contacted: number;
}

/** The group of those of whom a dimension says nothing. */
const notSaid = 'not said';

/**
 * Flag and contact rates by group, each with its 95 % interval. Goes through the rows once and keeps none. Every dimension
 * tells of everybody: were those left out of one whose group is not known there, the next one would tell about them.
 */
export function reportFairness(rows: Iterable<FairnessRow>): FairnessGroup[] {
  const dimensions = new Map<string, Map<string, Tally>>();
  const everybody = newTally(notSaid);
  for (const row of rows) {
    count(everybody, row);
    for (const [by, group] of Object.entries(row.groups)) {
      const dimension = dimensions.get(by) ?? new Map<string, Tally>();
      dimensions.set(by, dimension);
      const tally = dimension.get(group) ?? newTally(group);
      dimension.set(group, tally);
      count(tally, row);
    }
  }
  return [...dimensions]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([by, tallies]) => reportDimension(by, withTheRest([...tallies.values()], everybody)));
}

const newTally = (group: string): Tally => ({ group, people: 0, flagged: 0, contacted: 0 });

function count(tally: Tally, { wasFlagged, wasContacted }: FairnessRow): void {
  tally.people++;
  if (wasFlagged) tally.flagged++;
  if (wasFlagged && wasContacted) tally.contacted++;
}

function withTheRest(tallies: readonly Tally[], everybody: Tally): readonly Tally[] {
  const rest = { ...everybody };
  for (const { people, flagged, contacted } of tallies) {
    rest.people -= people;
    rest.flagged -= flagged;
    rest.contacted -= contacted;
  }
  return rest.people === 0 ? tallies : [...tallies, rest];
}

function reportDimension(by: string, unsorted: readonly Tally[]): FairnessGroup[] {
  const tallies = [...unsorted].sort((a, b) => (a.group < b.group ? -1 : 1));
  const all = tallies.reduce((sum, { people }) => sum + people, 0);
  const allFlagged = tallies.reduce((sum, { flagged }) => sum + flagged, 0);
  const shown = largeEnough(tallies, ({ people }) => people);
  const contactShown = largeEnough(tallies, ({ flagged }) => flagged);
  return tallies.map((tally): FairnessGroup => {
    const { group, people } = tally;
    if (!shown.has(tally)) return { by, group, people, standsOut: false };
    const flagged = shareInterval(tally.flagged, people);
    const elsewhere = shareInterval(allFlagged - tally.flagged, all - people);
    const standsOut =
      all - people >= minimumEvaluationGroup && (flagged.low > elsewhere.high || flagged.high < elsewhere.low);
    if (!contactShown.has(tally)) return { by, group, people, flagged, standsOut };
    return { by, group, people, flagged, contacted: shareInterval(tally.contacted, tally.flagged), standsOut };
  });
}

/**
 * Those of a size that may be shown. What is hidden must be large enough together, and be more than one group: else the
 * whole class less what is shown tells about few. So the next larger group goes with the small ones until it is.
 */
function largeEnough(tallies: readonly Tally[], sizeOf: (tally: Tally) => number): ReadonlySet<Tally> {
  const bySize = [...tallies].sort((a, b) => sizeOf(a) - sizeOf(b));
  let hidden = bySize.filter((tally) => sizeOf(tally) < minimumEvaluationGroup).length;
  if (hidden === 0) return new Set(bySize);
  const sizeOfHidden = () => bySize.slice(0, hidden).reduce((sum, tally) => sum + sizeOf(tally), 0);
  while (hidden < bySize.length && (hidden === 1 || sizeOfHidden() < minimumEvaluationGroup)) hidden++;
  return new Set(bySize.slice(hidden));
}
