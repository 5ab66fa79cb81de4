import type { ExplainedIndicator, SeenFlag } from '../contracts/student-view.ts';
import { toFlag, type StoredFlag } from '../database/models/flag.ts';
import { explainFlag, explainMeasurement } from '../domain/explanations.ts';
import { fillWords } from '../domain/fill-words.ts';
import { isClosed, stateSince } from '../domain/flags.ts';
import { indicators } from '../domain/indicators/all.ts';
import type { Measurement } from '../domain/measurement.ts';
import type { Rule, Ruleset } from '../domain/rules.ts';
import type { PolicyPack } from '../policy/schema.ts';
import type { NameOf } from './people.ts';

/**
 * Every indicator with its working, in the order of the domain; one that was never computed says so. Rules that are
 * `setAside` flag nobody for now, because they say something about the course and not about anybody in it.
 */
export function presentIndicators(
  measurements: readonly Measurement[],
  { rules }: Ruleset,
  week: number,
  { words }: PolicyPack,
  setAside: readonly Rule[],
): ExplainedIndicator[] {
  return indicators.map(({ id }) => {
    const measurement = measurements.find((each) => each.id === id) ?? {
      id,
      state: 'noData' as const,
      reason: 'too-early' as const,
    };
    const explained = copy(explainMeasurement(measurement, { rules, week, words }));
    const met = rules.filter((rule) => rule.indicator === id).filter((_, place) => isMet(explained.rules[place]));
    const flagsNone = met.length > 0 && met.every((rule) => setAside.some((other) => isSameRule(rule, other)));
    return flagsNone ? { ...explained, flagsNobody: fillWords(flagsNobody, words) } : explained;
  });
}

function isMet(rule: ExplainedIndicator['rules'][number] | undefined): boolean {
  return rule?.applies === true && rule.holds === true;
}

function isSameRule(one: Rule, other: Rule): boolean {
  return one.indicator === other.indicator && one.threshold === other.threshold && one.strength === other.strength;
}

const flagsNobody = 'At present this says more about the {course} than about you. So it flags nobody for now.';

/** A flag as the student it concerns reads it: the same evidence that staff see. */
export function presentFlag(stored: StoredFlag, nameOf: NameOf, { words }: PolicyPack): SeenFlag {
  const flag = toFlag(stored);
  const explained = explainFlag(flag, words);
  return {
    id: stored._id.toHexString(),
    kind: flag.kind,
    state: flag.state,
    isClosed: isClosed(flag),
    openedAt: flag.openedAt,
    changedAt: stateSince(flag),
    title: explained.title,
    summary: explained.summary,
    together: explained.together,
    reasons: explained.reasons.map(copy),
    notKnown: explained.notKnown.map(({ label, text }) => ({ label, text })),
    gaps: explained.gaps.map(({ text }) => text),
    asOf: explained.asOf,
    notTheWholePicture: explained.notTheWholePicture,
    whatWouldChangeIt: explained.whatWouldChangeIt,
    later: flag.further.map((evidence) => ({
      at: evidence.at,
      reasons: explainFlag({ ...flag, evidence }, words).reasons.map(({ label, result }) => ({ label, result })),
    })),
    history: flag.history.map(({ at, by, to, reason }) => ({
      at,
      by: by === 'data' ? 'New data' : nameOf({ toHexString: () => by }),
      to,
      ...(reason !== undefined && { reason }),
    })),
  };
}

type Explanation = ReturnType<typeof explainMeasurement>;

function copy(explanation: Explanation): ExplainedIndicator {
  const { inputs, evidence, rules, formula, asOf, noData, ...rest } = explanation;
  return {
    ...rest,
    ...(formula !== undefined && { formula }),
    ...(asOf !== undefined && { asOf }),
    ...(noData && { noData }),
    inputs: [...inputs],
    evidence: [...evidence],
    rules: rules.map(({ text, source, strength, applies, holds }) => ({
      text,
      source,
      strength,
      applies,
      ...(holds !== undefined && { holds }),
    })),
  };
}
