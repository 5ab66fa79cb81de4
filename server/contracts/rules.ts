import { z } from 'zod';
import { comparisons, indicatorIds, ruleStrengths } from '../domain/vocabulary.ts';
import { idSchema, momentSchema } from './fields.ts';

/** The rules of one course. What is a sensible threshold is the domain's to say; here only the shape is checked. */
export const ruleSchema = z.strictObject({
  indicator: z.enum(indicatorIds),
  comparison: z.enum(comparisons),
  threshold: z.number('Give a number.'),
  fromWeek: z.number('Give a week.').int(),
  toWeek: z.number('Give a week.').int().optional(),
  strength: z.enum(ruleStrengths),
});
export type RuleInput = z.infer<typeof ruleSchema>;

export const proposedRulesSchema = z.strictObject({ rules: z.array(ruleSchema).max(20) });
export const saveRulesSchema = proposedRulesSchema.extend({ version: z.number().int().min(1) });

export const rulesSchema = z.object({
  version: z.number(),
  /** Whether these are the pack's, unchanged. */
  isDefault: z.boolean(),
  rules: z.array(ruleSchema),
  defaults: z.array(ruleSchema),
  maySetRules: z.boolean(),
  minutesPerContact: z.number(),
  choices: z.array(
    z.object({
      indicator: z.enum(indicatorIds),
      label: z.string(),
      whyItMatters: z.string(),
      howItIsWorkedOut: z.string(),
      comparisons: z.array(z.enum(comparisons)),
      from: z.number(),
      to: z.number(),
      /** Shown and typed as a percentage. */
      isShare: z.boolean(),
      isWhole: z.boolean(),
      unit: z.string(),
      source: z.string().optional(),
    }),
  ),
  versions: z.array(
    z.object({
      version: z.number(),
      setAt: momentSchema,
      by: z.string(),
      /** Each rule in words. */
      rules: z.array(z.string()),
    }),
  ),
});
export type Rules = z.infer<typeof rulesSchema>;

export const previewSchema = z.object({
  /** Every teaching week that is over, and `now` last. */
  weeks: z.array(
    z.object({
      week: z.number(),
      present: z.number(),
      proposed: z.number(),
      newlyPresent: z.number(),
      newlyProposed: z.number(),
      hoursPresent: z.number(),
      hoursProposed: z.number(),
    }),
  ),
  /** In the latest of these weeks: who would newly be on the list, and who no longer. */
  appears: z.array(z.object({ id: idSchema, name: z.string() })),
  disappears: z.array(z.object({ id: idSchema, name: z.string() })),
  /** Rules that say something about the course and not about anybody in it, by week: they flag nobody. */
  setAside: z.array(z.object({ rule: z.string(), weeks: z.array(z.number()) })),
  students: z.number(),
});
export type RulesPreview = z.infer<typeof previewSchema>;
