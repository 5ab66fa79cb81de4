import mongoose from 'mongoose';
import type { RuleInput, Rules } from '../../contracts/rules.ts';
import { loadRuleset, RulesetModel, type StoredRuleset } from '../../database/models/ruleset.ts';
import type { Deps } from '../../deps.ts';
import { maySetRules, type Actor, type CourseActor } from '../../domain/access.ts';
import { sayRule } from '../../domain/explanations.ts';
import { fillWords } from '../../domain/fill-words.ts';
import { indicators, indicatorOf } from '../../domain/indicators/all.ts';
import { ruleBounds, validateRules, type Rule, type Ruleset } from '../../domain/rules.ts';
import { defaultRules } from '../../domain/thresholds.ts';
import { Conflict, InvalidInput, NotAllowed } from '../../errors.ts';
import { auditDeed } from '../../staff/audit-deed.ts';
import { findNames } from '../../staff/colleagues.ts';
import { recomputeSoon } from '../../staff/recompute-soon.ts';
import { requireStaff } from '../../staff/require-staff.ts';

/** The rules of the actor's course, what they may be made of, and every earlier version. */
export async function readRules(deps: Deps, actor: Actor): Promise<Rules> {
  const staff = await requireStaff(deps, actor);
  const [ruleset, stored] = await Promise.all([
    loadRuleset(staff.courseId, packRuleset(deps)),
    RulesetModel.find({ courseId: staff.courseId }).sort({ version: -1 }).limit(50).lean<StoredRuleset[]>(),
  ]);
  const nameOf = await findNames(
    staff.courseId,
    stored.flatMap(({ setBy }) => (setBy ? [setBy.toHexString()] : [])),
  );
  const say = (text: string) => fillWords(text, deps.pack.words);
  return {
    version: ruleset.version,
    isDefault: isSame(ruleset.rules, deps.pack.rules),
    rules: ruleset.rules.map(toInput),
    defaults: deps.pack.rules.map(toInput),
    maySetRules: maySetRules(staff),
    minutesPerContact: deps.pack.minutesPerContact,
    choices: indicators.flatMap(({ id, label, whyItMatters, howItIsWorkedOut, unit }) => {
      const bounds = ruleBounds[id];
      if (!bounds) return [];
      const source = defaultRules.find(({ indicator }) => indicator === id)?.source;
      return [
        {
          indicator: id,
          label: say(label),
          whyItMatters: say(whyItMatters),
          howItIsWorkedOut: say(howItIsWorkedOut),
          comparisons: [...bounds.comparisons],
          from: bounds.from,
          to: bounds.to,
          isWhole: bounds.isWhole,
          isShare: unit === 'share' || unit === 'ratio',
          unit,
          ...(source && { source: say(source) }),
        },
      ];
    }),
    versions: stored.map(({ version, setAt, setBy, rules }) => ({
      version,
      setAt: setAt.getTime(),
      by: setBy ? nameOf(setBy.toHexString()) : 'Waymark',
      rules: rules.map((rule) => `${say(indicatorOf(rule.indicator).label)}: ${sayRule(rule)}`),
    })),
  };
}

/** Saves a new version and computes the course again. Throws InvalidInput by field, Conflict where a colleague saved first. */
export async function saveRules(
  deps: Deps,
  actor: Actor,
  { version, rules }: { version: number; rules: readonly RuleInput[] },
): Promise<Rules> {
  const staff = await requireRuleSetter(deps, actor);
  checkRules(rules);
  const current = await loadRuleset(staff.courseId, packRuleset(deps));
  if (current.version !== version) throw new Conflict(savedFirst, await readRules(deps, actor));
  await auditDeed(deps, staff, 'set-rules');
  try {
    await RulesetModel.create({
      courseId: staff.courseId,
      version: version + 1,
      rules: rules.map(toInput),
      setBy: staff.personId,
      setAt: deps.now(),
    });
  } catch (error) {
    if (error instanceof mongoose.mongo.MongoServerError && error.code === 11_000) {
      throw new Conflict(savedFirst, await readRules(deps, actor));
    }
    throw error;
  }
  await recomputeSoon(deps, staff.courseId);
  return readRules(deps, actor);
}

const savedFirst = 'A colleague saved other rules while you were choosing. Yours are still here.';

/** Throws NotAllowed for anybody but a tutor of the course. */
export async function requireRuleSetter(deps: Deps, actor: Actor): Promise<CourseActor> {
  const staff = await requireStaff(deps, actor);
  if (!maySetRules(staff)) throw new NotAllowed('Only tutors of this course change its rules.');
  return staff;
}

/** Throws InvalidInput with every field that makes no sense as a rule. */
export function checkRules(rules: readonly RuleInput[]): void {
  const problems = validateRules(rules);
  if (Object.keys(problems).length > 0) throw new InvalidInput(problems);
}

export function packRuleset({ pack }: Pick<Deps, 'pack'>): Ruleset {
  return { version: 1, rules: pack.rules };
}

export function toInput({ indicator, comparison, threshold, fromWeek, toWeek, strength }: Rule): RuleInput {
  return { indicator, comparison, threshold, fromWeek, ...(toWeek !== undefined && { toWeek }), strength };
}

function isSame(one: readonly Rule[], other: readonly Rule[]): boolean {
  return JSON.stringify(one.map(toInput)) === JSON.stringify(other.map(toInput));
}
