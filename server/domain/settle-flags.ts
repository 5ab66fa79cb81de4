import type { CourseAt } from './course-at.ts';
import { isClosed, stateSince, takeStep, type Flag, type FlagEvidence } from './flags.ts';
import type { Measurement } from './measurement.ts';
import { callsForALook, compares, flagKindOf, mightHold, type Finding } from './rules.ts';
import { quietDaysAfterClosing } from './thresholds.ts';
import { flagKinds, type FlagKind, type IndicatorId } from './vocabulary.ts';

/** What a computation found for one student, as far as flags need it. */
export interface StudentLook {
  readonly personId: string;
  readonly measurements: readonly Measurement[];
  readonly findings: readonly Finding[];
  /** False while the student is in a pause: nothing new is raised then. */
  readonly mayRaise: boolean;
  readonly hasLeft: boolean;
}

/** A flag as it is to be stored from now on, and what happened to it. */
export interface FlagChange {
  readonly what: 'raised' | 'evidence-added' | 'cleared' | 'returned' | 'settled';
  readonly flag: Flag;
}

/**
 * What the data change about one student's flags. The same findings a second time change nothing.
 *
 * - Nothing open and the rules call for a look: raised, unless a closed flag showed the same (see `mayFollow`).
 * - The rules no longer call for it: an open flag is resolved; one that staff have taken up stays theirs and is marked
 *   as cleared. Missing data does neither.
 */
export function settleFlags(
  existing: readonly Flag[],
  look: StudentLook,
  at: CourseAt,
  rulesetVersion: number,
): FlagChange[] {
  const { now } = at;
  if (look.hasLeft)
    return existing
      .filter((flag) => !isClosed(flag))
      .map((flag) => ({ what: 'settled', flag: settle(flag, 'left-course', now) }));
  if (!at.isRunning) return [];

  const changes: FlagChange[] = [];
  const needsSupport = callsForALook(look.findings, 'support');
  const mayNeedSupport = () => needsSupport || callsForALook(look.findings.map(atWorst), 'support');
  for (const kind of flagKinds) {
    // Someone who may need support is not offered stretch in the same breath.
    const calls = kind === 'support' ? needsSupport : callsForALook(look.findings, kind) && !mayNeedSupport();
    const latest = existing.reduce<Flag | undefined>(
      (found, flag) => (flag.kind === kind && (!found || flag.openedAt > found.openedAt) ? flag : found),
      undefined,
    );
    const change = calls
      ? whileItHolds(latest, evidenceOf(look, kind, at, rulesetVersion), look, kind, now)
      : latest && whenItNoLongerHolds(latest, look, now);
    if (change) changes.push(change);
  }
  return changes;
}

function whileItHolds(
  latest: Flag | undefined,
  evidence: FlagEvidence,
  look: StudentLook,
  kind: FlagKind,
  now: number,
): FlagChange | undefined {
  if (!latest || isClosed(latest)) {
    if (!look.mayRaise || (latest && !mayFollow(latest, evidence, now))) return undefined;
    return { what: 'raised', flag: raise(look.personId, kind, evidence, latest) };
  }
  if (showsSomethingNew(latest, evidence)) {
    const { clearedAt: _, ...rest } = latest;
    return { what: 'evidence-added', flag: { ...rest, further: [...latest.further, evidence] } };
  }
  if (latest.clearedAt !== undefined) {
    const { clearedAt: _, ...rest } = latest;
    return { what: 'returned', flag: rest };
  }
  return undefined;
}

function whenItNoLongerHolds(latest: Flag, look: StudentLook, now: number): FlagChange | undefined {
  if (latest.clearedAt !== undefined) return undefined;
  // With what raised it unknown today, nobody can say that it has passed.
  const raisedBy = new Set(
    [latest.evidence, ...latest.further].flatMap(({ reasons }) => reasons.map(({ rule }) => rule.indicator)),
  );
  // That nothing is owed any more (excused, an extension, another date) is no missing figure: it answers the reason.
  const isAnswered = raisedBy.has('submissions') && owesNothing(look);
  if (isAnswered) raisedBy.delete('submissions');
  if (callsForALook(look.findings, latest.kind, raisedBy)) return undefined;
  if (latest.state !== 'open') return { what: 'cleared', flag: { ...latest, clearedAt: now } };
  const stillTrue = latest.evidence.reasons.every(({ rule }) => {
    const measurement = look.measurements.find(({ id }) => id === rule.indicator);
    return measurement?.state === 'measured' && compares(measurement.value, rule.comparison, rule.threshold);
  });
  const reason = isAnswered ? 'known-circumstances' : stillTrue ? 'rules-no-longer-apply' : 'engaging-again';
  return { what: 'settled', flag: { ...settle(latest, reason, now), clearedAt: now } };
}

/** What a rule would say, were it not for days without data, a source that failed, or a whole class that meets it. */
function atWorst(finding: Finding): Finding {
  return mightHold(finding.rule, finding.measurement) ? { ...finding, holds: 'yes' } : finding;
}

/** Whether all coursework is known, and none of it is asked of the student by now. */
function owesNothing({ measurements }: StudentLook): boolean {
  const coursework = measurements.find(({ id }) => id === 'submissions');
  return coursework?.state === 'noData' && ['exempt', 'nothing-due', 'no-dates'].includes(coursework.reason);
}

function settle(
  flag: Flag,
  reason: 'engaging-again' | 'known-circumstances' | 'rules-no-longer-apply' | 'left-course',
  now: number,
): Flag {
  return takeStep(flag, { at: now, by: 'data', from: flag.state, to: 'resolved', reason });
}

function raise(personId: string, kind: FlagKind, evidence: FlagEvidence, earlier: Flag | undefined): Flag {
  return {
    personId,
    kind,
    openedAt: evidence.at,
    state: 'open',
    rulesetVersion: evidence.rulesetVersion,
    evidence,
    further: [],
    history: [{ at: evidence.at, by: 'data', to: 'open' }],
    ...(earlier ? { follows: earlier.openedAt } : {}),
  };
}

/**
 * A closed flag stays closed while the data show what they showed. Another follows when they show something new, or
 * when it had cleared, some quiet days have passed, and it is there again.
 */
function mayFollow(closed: Flag, evidence: FlagEvidence, now: number): boolean {
  if (evidence.at <= closed.openedAt) return false;
  if (showsSomethingNew(closed, evidence)) return true;
  if (closed.clearedAt === undefined) return false;
  const quietSince = Math.max(closed.clearedAt, stateSince(closed));
  return now - quietSince >= quietDaysAfterClosing * 86_400_000;
}

/** Indicators that read the same days are one piece of news between them. */
const newsOf: Readonly<Partial<Record<IndicatorId, string>>> = {
  recency: 'presence',
  'relative-activity': 'presence',
  'own-trend': 'presence',
};

function showsSomethingNew(flag: Flag, evidence: FlagEvidence): boolean {
  const known = new Set<string>();
  let missing = 0;
  for (const { reasons } of [flag.evidence, ...flag.further])
    for (const { rule, measurement } of reasons) {
      known.add(newsOf[rule.indicator] ?? rule.indicator);
      if (rule.indicator === 'submissions') missing = Math.max(missing, measurement.value);
    }
  return evidence.reasons.some(
    ({ rule, measurement }) =>
      !known.has(newsOf[rule.indicator] ?? rule.indicator) ||
      (rule.indicator === 'submissions' && measurement.value > missing),
  );
}

function evidenceOf(look: StudentLook, kind: FlagKind, at: CourseAt, rulesetVersion: number): FlagEvidence {
  const reasons: FlagEvidence['reasons'][number][] = [];
  for (const { rule, measurement, holds } of look.findings)
    if (holds === 'yes' && measurement.state === 'measured' && flagKindOf(rule) === kind)
      reasons.push({ rule, measurement });
  return {
    at: at.now,
    week: at.week,
    rulesetVersion,
    reasons,
    asOf: reasons.reduce((oldest, { measurement }) => Math.min(oldest, measurement.asOf), at.now),
    notKnown: look.measurements.flatMap((measurement) =>
      measurement.state === 'noData' ? [{ indicator: measurement.id, reason: measurement.reason }] : [],
    ),
    gaps: at.gaps,
  };
}
