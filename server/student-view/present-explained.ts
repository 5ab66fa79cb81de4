import type { ExplainedIndicator, SeenFlag } from '../contracts/student-view.ts';
import { toFlag, type StoredFlag } from '../database/models/flag.ts';
import { explainFlag, explainMeasurement } from '../domain/explanations.ts';
import { isClosed, stateSince } from '../domain/flags.ts';
import { indicators } from '../domain/indicators/all.ts';
import type { Measurement } from '../domain/measurement.ts';
import type { Ruleset } from '../domain/rules.ts';
import type { PolicyPack } from '../policy/schema.ts';

/** Every indicator with its working, in the order of the domain; one that was never computed says so. */
export function presentIndicators(
  measurements: readonly Measurement[],
  { rules }: Ruleset,
  week: number,
  { words }: PolicyPack,
): ExplainedIndicator[] {
  return indicators.map(({ id }) => {
    const measurement = measurements.find((each) => each.id === id) ?? {
      id,
      state: 'noData' as const,
      reason: 'too-early' as const,
    };
    return copy(explainMeasurement(measurement, { rules, week, words }));
  });
}

/** A flag as the student it concerns reads it: the same evidence that staff see. */
export function presentFlag(flag: StoredFlag, { words }: PolicyPack): SeenFlag {
  const explained = explainFlag(toFlag(flag), words);
  return {
    id: flag._id.toHexString(),
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
