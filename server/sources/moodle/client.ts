import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { z } from 'zod';
import type { Outbound, OutboundReply } from '../../outbound/outbound.ts';
import { describeException, describeNoJson, describeOutbound, describeStatus, MoodleFailure } from './failure.ts';
import { exceptionSchema } from './replies.ts';
import { createListSplitter } from './split-list.ts';

/** Arguments of a web-service function; lists and objects are flattened the way PHP reads them. */
export interface MoodleParams {
  readonly [name: string]: string | number | boolean | readonly MoodleValue[] | MoodleParams;
}
type MoodleValue = string | number | boolean | MoodleParams;

export interface MoodleClient {
  /** Calls one function and parses its reply. Throws MoodleFailure. */
  call<Schema extends z.ZodType>(name: string, params: MoodleParams, schema: Schema): Promise<z.output<Schema>>;
  /**
   * The same for a reply with one long list: each element is parsed as it arrives, and what the schema does not name is gone
   * before the next one comes. Returns all elements of lists with that name, and the rest of the reply.
   */
  callForList<Element extends z.ZodType, Rest extends z.ZodType>(
    name: string,
    params: MoodleParams,
    list: { readonly name: string; readonly element: Element; readonly rest: Rest },
  ): Promise<{ readonly elements: z.output<Element>[]; readonly rest: z.output<Rest> }>;
  /** How many requests went out so far, retries included. */
  readonly requestCount: () => number;
}

export interface MoodleConnectionOptions {
  /** The site's address, without a slash at the end. */
  readonly baseUrl: string;
  readonly token: string;
  readonly concurrency?: number;
  readonly timeoutMs?: number;
  readonly tries?: number;
  /** Wait before the second try; doubles with each further one, with up to half of it added by chance. */
  readonly backoffMs?: number;
  readonly maxReplyBytes?: number;
}

export interface MoodleClientOptions extends MoodleConnectionOptions {
  readonly outbound: Outbound;
}

const megabyte = 1024 * 1024;

/** A client for the REST web services of one Moodle site. At most `concurrency` requests are under way at a time. */
export function createMoodleClient(options: MoodleClientOptions): MoodleClient {
  const { outbound, baseUrl, token, concurrency = 4, timeoutMs = 30_000, tries = 3, backoffMs = 500 } = options;
  const { maxReplyBytes = 64 * megabyte } = options;
  const limit = pLimit(concurrency);
  let requests = 0;

  async function request(name: string, params: MoodleParams, onText?: (piece: string) => void): Promise<string> {
    requests += 1;
    let reply: OutboundReply;
    try {
      // The token travels in the body: addresses end up in access logs. Redirects are not followed, for the same reason.
      reply = await outbound.request(
        `${baseUrl}/webservice/rest/server.php?moodlewsrestformat=json&wsfunction=${name}`,
        {
          method: 'POST',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams([['wstoken', token], ...flatten(params)]).toString(),
          timeoutMs,
          maxBytes: maxReplyBytes,
          onText,
        },
      );
    } catch (error) {
      throw describeOutbound(name, error);
    }
    const { status } = reply;
    if (status < 200 || status >= 300) throw describeStatus(name, status);
    return reply.text;
  }

  async function withRetries<T>(attempt: () => Promise<T>): Promise<T> {
    for (let count = 1; ; count += 1) {
      try {
        return await attempt();
      } catch (error) {
        const isWorthAnotherTry = error instanceof MoodleFailure && error.trouble === 'unreachable' && count < tries;
        if (!isWorthAnotherTry) throw error;
        await sleep(backoffMs * 2 ** (count - 1) * (1 + Math.random() / 2));
      }
    }
  }

  return {
    call: (name, params, schema) =>
      limit(() => withRetries(async () => parseReply(name, await request(name, params), schema))),
    callForList: (name, params, list) =>
      limit(() =>
        withRetries(async () => {
          const elements: z.output<typeof list.element>[] = [];
          let trouble: MoodleFailure | undefined;
          const splitter = createListSplitter(list.name, (text) => {
            if (trouble) return;
            try {
              elements.push(parseShape(name, parseJson(name, text), list.element));
            } catch (error) {
              trouble = error as MoodleFailure;
            }
          });
          await request(name, params, (piece) => splitter.push(piece));
          const rest = parseReply(name, splitter.rest(), list.rest);
          if (trouble) throw trouble;
          return { elements, rest };
        }),
      ),
    requestCount: () => requests,
  };
}

function parseReply<Schema extends z.ZodType>(name: string, text: string, schema: Schema): z.output<Schema> {
  const reply = parseJson(name, text);
  const exception = exceptionSchema.safeParse(reply);
  if (exception.success) throw describeException(name, exception.data.errorcode);
  return parseShape(name, reply, schema);
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw describeNoJson(name, text);
  }
}

function parseShape<Schema extends z.ZodType>(name: string, value: unknown, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  // Paths hold field names and positions only, never a value.
  throw new MoodleFailure('unreadable', name, `unexpected shape at "${issue?.path.map(String).join('.') ?? ''}"`);
}

function* flatten(params: MoodleParams, prefix = ''): Generator<[string, string]> {
  for (const [name, value] of Object.entries(params)) {
    const key = prefix ? `${prefix}[${name}]` : name;
    if (typeof value === 'object') yield* flatten(value as MoodleParams, key);
    else yield [key, typeof value === 'boolean' ? (value ? '1' : '0') : String(value)];
  }
}
