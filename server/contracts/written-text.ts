import { z } from 'zod';

/**
 * Text that a person writes: at most `max` characters after the ends are trimmed, with an answer that says how long it is
 * now. Line ends become `\n`; whatever looks like markup stays the letters it is.
 */
export function writtenText(max: number) {
  return z
    .string()
    .transform((text) => text.replace(/\r\n?/g, '\n').trim())
    .refine((text) => text.length <= max, {
      error: ({ input }) => {
        const length = String(input).length.toLocaleString('en-GB');
        return `This has ${length} characters, and there is room for ${max.toLocaleString('en-GB')}. Please shorten it a little.`;
      },
    });
}

/** The same, for a field that must not stay empty; `whenEmpty` says so in words. */
export function requiredText(max: number, whenEmpty: string) {
  return writtenText(max).refine((text) => text.length > 0, { error: whenEmpty });
}
