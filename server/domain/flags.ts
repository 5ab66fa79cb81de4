import type { DaySpan } from './facts.ts';
import type { Measurement } from './measurement.ts';
import type { Rule } from './rules.ts';
import type { FlagKind, FlagReason, FlagState, IndicatorId, NoDataReason, SourceId } from './vocabulary.ts';

/** What a flag rests on, frozen as it was when it was seen. */
export interface FlagEvidence {
  readonly at: number;
  /** Teaching week. */
  readonly week: number;
  readonly rulesetVersion: number;
  /** The rules that held, with the measurement each held on. */
  readonly reasons: readonly {
    readonly rule: Rule;
    readonly measurement: Extract<Measurement, { state: 'measured' }>;
  }[];
  /** The oldest reading among them. */
  readonly asOf: number;
  /** What could not be measured at that time. */
  readonly notKnown: readonly { readonly indicator: IndicatorId; readonly reason: NoDataReason }[];
  /** Days from which a source received nothing. */
  readonly gaps: readonly (DaySpan & { readonly source: SourceId })[];
}

/** One change of state. `by` is a person's id, or `data` where the figures themselves settled it. */
export interface FlagStep {
  readonly at: number;
  readonly by: string;
  readonly from?: FlagState | undefined;
  readonly to: FlagState;
  readonly reason?: FlagReason | undefined;
}

/**
 * An invitation to look. Within a course, personId + kind + openedAt name one flag; at most one of a kind is not closed
 * for a person at a time. Plain data: storage adds the course and its own id.
 */
export interface Flag {
  readonly personId: string;
  readonly kind: FlagKind;
  readonly openedAt: number;
  readonly state: FlagState;
  readonly rulesetVersion: number;
  readonly evidence: FlagEvidence;
  /** What came to light while it was not closed. */
  readonly further: readonly FlagEvidence[];
  readonly history: readonly FlagStep[];
  /** Since when the data no longer show it, while they do not. */
  readonly clearedAt?: number | undefined;
  /** The openedAt of the closed flag that this one takes up again. */
  readonly follows?: number | undefined;
}

export function isClosed(flag: Pick<Flag, 'state'>): boolean {
  return flag.state === 'resolved' || flag.state === 'dismissed';
}

/** When the flag came into its present state. */
export function stateSince(flag: Pick<Flag, 'history' | 'openedAt'>): number {
  return flag.history.at(-1)?.at ?? flag.openedAt;
}

/** To which states a member of staff may take a flag, and with which reasons; no reasons: none is asked for. */
export const flagTransitions: Readonly<Record<FlagState, Readonly<Partial<Record<FlagState, readonly FlagReason[]>>>>> =
  (() => {
    const resolved: readonly FlagReason[] = ['engaging-again', 'support-in-place', 'no-action-needed', 'left-course'];
    const dismissed: readonly FlagReason[] = [
      'known-circumstances',
      'data-incomplete',
      'no-action-needed',
      'left-course',
    ];
    const again: readonly FlagReason[] = ['still-a-concern'];
    return {
      open: { discussing: [], acting: [], resolved, dismissed },
      discussing: { open: [], acting: [], resolved, dismissed },
      acting: { discussing: [], resolved, dismissed },
      resolved: { open: again },
      dismissed: { open: again },
    };
  })();

/**
 * Takes a flag to another state for a member of staff.
 *
 * @returns the changed flag, or what is wrong by field: a step that is not allowed, a reason that is missing or unfit.
 */
export function changeFlagState(
  flag: Flag,
  change: { readonly to: FlagState; readonly reason?: FlagReason | undefined },
  by: string,
  at: number,
): { ok: true; flag: Flag } | { ok: false; fields: Record<string, string> } {
  const reasons = flagTransitions[flag.state][change.to];
  if (!reasons) return { ok: false, fields: { to: `A flag that is ${flag.state} cannot become ${change.to}.` } };
  if (reasons.length > 0 && change.reason === undefined)
    return { ok: false, fields: { reason: 'Say why: choose a reason.' } };
  if (change.reason !== undefined && !reasons.includes(change.reason))
    return { ok: false, fields: { reason: 'This reason does not fit this step.' } };
  return { ok: true, flag: takeStep(flag, { at, by, from: flag.state, to: change.to, reason: change.reason }) };
}

/** The flag after one more step of its history. */
export function takeStep(flag: Flag, step: FlagStep): Flag {
  const { reason, ...rest } = step;
  return { ...flag, state: step.to, history: [...flag.history, reason === undefined ? rest : step] };
}
