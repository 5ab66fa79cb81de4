import { z } from 'zod';
import { sourceIds } from '../domain/vocabulary.ts';

/** How fresh one source of the course is, in one line. Times are milliseconds since the epoch. */
export const sourceFreshnessSchema = z.object({
  source: z.enum(sourceIds),
  okAt: z.number().optional(),
  triedAt: z.number().optional(),
  /** Why the last try failed, in words; absent where it succeeded. */
  problem: z.string().optional(),
  /** What single parts of it could not give. */
  notes: z.array(z.string()),
});

export const refreshReplySchema = z.object({
  state: z.enum(['never', 'running', 'done', 'failed']),
  startedAt: z.number().optional(),
  finishedAt: z.number().optional(),
  /** The step under way, and how far it is; `total` 0 where that can't be said. */
  step: z.enum(['roster', 'course', 'students', 'store', 'compute']).optional(),
  done: z.number(),
  total: z.number(),
  /** What the last run could not read; for staff. */
  problems: z.array(z.string()),
  sources: z.array(sourceFreshnessSchema),
});
export type RefreshReply = z.infer<typeof refreshReplySchema>;
