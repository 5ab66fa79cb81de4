import type { ActionOutcome, Initiator } from './vocabulary.ts';

/** One entry of the log, as far as reaching somebody is concerned. Times in milliseconds since the epoch. */
export interface ContactMoment {
  readonly at: number;
  readonly channel: string;
  readonly initiator: Initiator;
  readonly outcome: ActionOutcome;
}

/** Attempts to reach one student, over whichever channels, from the first to the answer. */
export interface ContactThread {
  readonly startedAt: number;
  readonly attempts: readonly ContactMoment[];
  /** When the student was in touch; absent while nobody has heard from them. */
  readonly answeredAt?: number | undefined;
}

const attemptOutcomes: ReadonlySet<ActionOutcome> = new Set(['awaiting-reply', 'no-reply']);

/** Takes a student's log in any order; returns its threads, the oldest first. */
export function threadContacts(moments: readonly ContactMoment[]): ContactThread[] {
  const threads: ContactThread[] = [];
  let open: ContactMoment[] = [];
  for (const moment of [...moments].sort((one, other) => one.at - other.at)) {
    if (moment.initiator === 'staff' && attemptOutcomes.has(moment.outcome)) open.push(moment);
    else if (open.length > 0 && moment.outcome !== 'no-action') {
      threads.push({ startedAt: open[0]!.at, attempts: open, answeredAt: moment.at });
      open = [];
    }
  }
  if (open.length > 0) threads.push({ startedAt: open[0]!.at, attempts: open });
  return threads;
}

export interface SilencePolicy {
  /** Days since the first attempt. Boundary: `>=`. */
  readonly days: number;
  readonly attempts: number;
  readonly channels: number;
}

/**
 * The thread that has stayed without any answer for as long as the institution's policy says, over as many attempts and
 * channels; undefined where there is none. It is a reason to show a person a route, and for nothing else.
 */
export function findSustainedSilence(
  threads: readonly ContactThread[],
  policy: SilencePolicy,
  now: number,
): ContactThread | undefined {
  const last = threads.at(-1);
  if (!last || last.answeredAt !== undefined) return undefined;
  const isLongEnough = now - last.startedAt >= policy.days * 86_400_000;
  const channels = new Set(last.attempts.map(({ channel }) => channel)).size;
  return isLongEnough && last.attempts.length >= policy.attempts && channels >= policy.channels ? last : undefined;
}
