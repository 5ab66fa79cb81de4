import { z } from 'zod';

export const importKinds = ['attendance', 'lecture-capture', 'meeting', 'co-curricular'] as const;
export type ImportKind = (typeof importKinds)[number];

export const importFields = ['studentId', 'email', 'username', 'at', 'session', 'status', 'course'] as const;
export type ImportField = (typeof importFields)[number];

/** Which column of the file holds what. */
export const columnMappingSchema = z.partialRecord(z.enum(importFields), z.string().max(200));
export type ColumnMapping = z.infer<typeof columnMappingSchema>;

/** The form fields beside the file. `mapping` is JSON; absent: the remembered one, else a guess by the columns' names. */
export const importFormSchema = z.strictObject({
  kind: z.enum(importKinds),
  mapping: z
    .string()
    .max(5000)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON' });
        return z.NEVER;
      }
    })
    .pipe(columnMappingSchema)
    .optional(),
});

export const importProblemSchema = z.object({
  /** The row as a spreadsheet numbers it; 0 for the whole file. */
  row: z.number(),
  column: z.string().optional(),
  message: z.string(),
});
export type ImportProblem = z.infer<typeof importProblemSchema>;

export const importPreviewSchema = z.object({
  columns: z.array(z.string()),
  mapping: columnMappingSchema,
  rows: z.number(),
  /** Rows that name another course: they are left out. */
  rowsElsewhere: z.number(),
  people: z.number(),
  /** People who are not in the course; what is said of them waits until they appear. */
  peopleNotFound: z.number(),
  problems: z.array(importProblemSchema),
  /** There are more problems than are listed. */
  hasMoreProblems: z.boolean(),
  mayImport: z.boolean(),
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;

export const importSchema = z.object({
  id: z.string(),
  kind: z.enum(importKinds),
  fileName: z.string(),
  state: z.enum(['writing', 'done', 'undoing', 'undone', 'failed']),
  /** Its writing or taking back stopped on the way. */
  isInterrupted: z.boolean(),
  rows: z.number(),
  done: z.number(),
  importedAt: z.number(),
  importedBy: z.string(),
});
export const importListSchema = z.object({ imports: z.array(importSchema) });
export type ImportList = z.infer<typeof importListSchema>;
