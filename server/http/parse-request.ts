import type { z } from 'zod';
import { InvalidInput } from '../errors.ts';

/** Takes a schema and what came; returns it typed; throws InvalidInput with the path and reason of each field. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const path =
      issue.path.map(String).join('.') || (issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : 'body');
    fields[path] ??= issue.message;
  }
  throw new InvalidInput(fields);
}
