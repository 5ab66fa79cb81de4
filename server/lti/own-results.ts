import { z } from 'zod';
import type { Course } from '../database/models/course.ts';
import { Unavailable } from '../errors.ts';
import { readPages } from './paging.ts';
import { findPlatformById } from './platforms.ts';
import { lineItemsScope, resultsScope } from './scopes.ts';
import { parseJson, type ServiceClient } from './service-client.ts';

/** A gradebook column that belongs to Waymark's own links, with what a tutor entered there. Read only, always. */
export interface OwnColumn {
  readonly label: string;
  readonly maximum: number;
  readonly results: readonly { readonly sub: string; readonly score: number; readonly at: string | undefined }[];
}

const lineItemSchema = z.object({
  id: z.url(),
  label: z.string().catch(''),
  scoreMaximum: z.coerce.number().catch(100),
});
const resultSchema = z.object({
  userId: z.coerce.string().min(1),
  resultScore: z.number(),
  timestamp: z.string().optional().catch(undefined),
});

/**
 * Takes a course; returns its own columns by the Assignment and Grade Services. Only columns from the platform's own list for
 * this course are asked for results: some platforms answer for any id. Throws Unavailable.
 */
export async function readOwnResults(
  course: Pick<Course, 'platformId' | 'lineItemsUrl'>,
  services: ServiceClient,
): Promise<readonly OwnColumn[]> {
  const platform = await findPlatformById(course.platformId);
  if (!platform?.isActive) throw new Unavailable('The registration of this platform is switched off.');
  if (!course.lineItemsUrl) return [];
  // No `limit` is sent: paging headers of some platforms are broken.
  const items = await readAll(course.lineItemsUrl, lineItemSchema, (url) =>
    services.get(platform, url, {
      scopes: [lineItemsScope],
      accept: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
    }),
  );
  const columns: OwnColumn[] = [];
  for (const item of items) {
    const results = await readAll(resultsUrlOf(item.id), resultSchema, (url) =>
      services.get(platform, url, {
        scopes: [resultsScope],
        accept: 'application/vnd.ims.lis.v2.resultcontainer+json',
      }),
    );
    columns.push({
      label: item.label,
      maximum: item.scoreMaximum,
      results: results.map(({ userId, resultScore, timestamp }) => ({
        sub: userId,
        score: resultScore,
        at: timestamp,
      })),
    });
  }
  return columns;
}

/** The results of a line item stand under its path; its query (Moodle's `type_id`) stays. */
function resultsUrlOf(lineItemId: string): string {
  const url = new URL(lineItemId);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/results`;
  return url.href;
}

async function readAll<Schema extends z.ZodType>(
  firstUrl: string,
  schema: Schema,
  get: Parameters<typeof readPages>[1],
): Promise<z.output<Schema>[]> {
  const found: z.output<Schema>[] = [];
  for await (const text of readPages(firstUrl, get)) {
    const page = z.array(z.unknown()).safeParse(parseJson(text));
    if (!page.success) throw new Unavailable('The platform sent a list that could not be read.');
    for (const raw of page.data) {
      const parsed = schema.safeParse(raw);
      if (parsed.success) found.push(parsed.data);
    }
  }
  return found;
}
