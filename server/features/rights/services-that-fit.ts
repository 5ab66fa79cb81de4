import type { Service } from '../../contracts/rights.ts';
import type { Snapshot } from '../../database/models/snapshot.ts';
import { evaluateRules, type Ruleset } from '../../domain/rules.ts';
import type { IndicatorId } from '../../domain/vocabulary.ts';
import { fillPack } from '../../policy/fill-pack.ts';
import type { PolicyPack } from '../../policy/schema.ts';

/** The pack's services, those first that fit what the student's own figures show, with the figures they fit. */
export function servicesThatFit(snapshot: Snapshot | null, ruleset: Ruleset, pack: PolicyPack): Service[] {
  const showing = new Set<IndicatorId>(
    snapshot
      ? evaluateRules(ruleset, snapshot.measurements, snapshot.week)
          .filter(({ holds }) => holds === 'yes')
          .map(({ rule }) => rule.indicator)
      : [],
  );
  return fillPack(pack)
    .services.map(({ id, name, description, url, fits }): Service => ({
      id,
      name,
      description,
      ...(url && { url }),
      fits: fits.filter((indicator) => showing.has(indicator)),
    }))
    .sort((a, b) => b.fits.length - a.fits.length);
}
