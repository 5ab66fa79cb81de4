import type { ShownEvidence, ShownFlag } from '../../contracts/student-page.ts';
import type { StoredFlag } from '../../database/models/flag.ts';
import { dayNumber, sayDay } from '../../domain/days.ts';
import { explainMeasurement, sayRule } from '../../domain/explanations.ts';
import { fillWords } from '../../domain/fill-words.ts';
import { flagTransitions, type FlagEvidence, type FlagStep } from '../../domain/flags.ts';
import { indicatorOf } from '../../domain/indicators/all.ts';
import type { FlagState } from '../../domain/vocabulary.ts';
import type { PolicyPack } from '../../policy/schema.ts';
import { reasonWords } from '../../staff/words.ts';

/** A flag with everything it rests on and everything that happened to it, for the student's page. */
export function presentFlag(flag: StoredFlag, nameOf: (id: string) => string, pack: PolicyPack): ShownFlag {
  return {
    id: flag._id.toHexString(),
    rev: flag.rev,
    kind: flag.kind,
    state: flag.state,
    openedAt: flag.openedAt,
    rulesetVersion: flag.rulesetVersion,
    hasCleared: typeof flag.clearedAt === 'number',
    evidence: presentEvidence(flag.evidence, pack),
    further: flag.further.map((evidence) => presentEvidence(evidence, pack)),
    history: flag.history.map((step) => presentStep(step, nameOf)),
    next: (Object.entries(flagTransitions[flag.state]) as [FlagState, ShownFlag['next'][number]['reasons']][]).map(
      ([to, reasons]) => ({ to, reasons: [...reasons] }),
    ),
  };
}

function presentEvidence(evidence: FlagEvidence, { words }: PolicyPack): ShownEvidence {
  return {
    at: evidence.at,
    week: evidence.week,
    asOf: evidence.asOf,
    reasons: evidence.reasons.map(({ rule, measurement }) => {
      // The student's own explanation: one text for both.
      const explained = explainMeasurement(measurement, { rules: [rule], week: evidence.week, words });
      return {
        indicator: measurement.id,
        label: explained.label,
        strength: rule.strength,
        found: explained.result,
        rule: fillWords(sayRule(rule), words),
        howItIsWorkedOut: explained.howItIsWorkedOut,
        whatItCannotTell: explained.whatItCannotTell,
        evidence: [...explained.evidence],
        asOf: measurement.asOf,
      };
    }),
    notKnown: evidence.notKnown.map(({ indicator, reason }) => ({
      label: fillWords(indicatorOf(indicator).label, words),
      because: fillWords(reasonWords[reason], words),
    })),
    gaps: evidence.gaps.map(({ from, to }) =>
      from === to ? sayDay(dayNumber(from)) : `${sayDay(dayNumber(from))} to ${sayDay(dayNumber(to))}`,
    ),
  };
}

function presentStep({ at, by, from, to, reason }: FlagStep, nameOf: (id: string) => string) {
  return {
    at,
    by: by === 'data' ? 'New data' : nameOf(by),
    ...(from !== undefined && { from }),
    to,
    ...(reason !== undefined && { reason }),
  };
}
