import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { z } from 'zod';
import {
  OutboundFailed,
  OutboundRefused,
  OutboundTooLarge,
  type Outbound,
  type OutboundReply,
} from '../../outbound/outbound.ts';
import { exceptionSchema } from './replies.ts';
import { createListSplitter } from './split-list.ts';

/** Arguments of a web-service function; lists and objects are flattened the way PHP reads them. */
export interface MoodleParams {
  readonly [name: string]: string | number | boolean | readonly MoodleValue[] | MoodleParams;
}
type MoodleValue = string | number | boolean | MoodleParams;

export type MoodleTrouble =
  | 'token' // the token is unknown, expired, or its service is switched off
  | 'not-permitted' // the service user may not do this
  | 'no-function' // the function is not in the token's service
  | 'nobody' // the person asked about is no longer in the course, or of the site
  | 'refused' // Moodle answered with any other exception
  | 'unreachable' // no answer, too slow, or an HTTP error, also after trying again
  | 'unreadable'; // HTML, half a JSON, or a shape that we don't know

/** Said where the token is kept and can’t be read. */
export const unopenedToken =
  'the token that is kept here can’t be opened with this server’s encryption keys; please enter it again';

/** Why one call failed, in words for an administrator; never quotes what Moodle sent, which may name people. */
export class MoodleFailure extends Error {
  readonly trouble: MoodleTrouble;
  readonly functionName: string;
  readonly detail: string;
  constructor(trouble: MoodleTrouble, functionName: string, detail: string) {
    super(`${functionName}: ${detail}`);
    this.name = 'MoodleFailure';
    this.trouble = trouble;
    this.functionName = functionName;
    this.detail = detail;
  }
}

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
      throw describeOutbound(name, error, maxReplyBytes);
    }
    const { status } = reply;
    if (status >= 500 || status === 429 || status === 408) {
      throw new MoodleFailure('unreachable', name, `the site answered with status ${status}`);
    }
    if (status < 200 || status >= 300) {
      throw new MoodleFailure('refused', name, `the site answered with status ${status}`);
    }
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
    const what = /^\s*</.test(text) ? 'a web page instead of data' : 'data that breaks off or is not JSON';
    throw new MoodleFailure('unreadable', name, `the site sent ${what}`);
  }
}

function parseShape<Schema extends z.ZodType>(name: string, value: unknown, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  // Paths hold field names and positions only, never a value.
  throw new MoodleFailure('unreadable', name, `unexpected shape at "${issue?.path.map(String).join('.') ?? ''}"`);
}

function describeOutbound(name: string, error: unknown, maxBytes: number): unknown {
  if (error instanceof OutboundTooLarge) {
    return new MoodleFailure('unreadable', name, `the reply is larger than ${Math.round(maxBytes / megabyte)} MB`);
  }
  if (error instanceof OutboundRefused) {
    return new MoodleFailure('refused', name, `the site’s address may not be used: it ${error.message}`);
  }
  if (error instanceof OutboundFailed) {
    return new MoodleFailure('unreachable', name, `the site could not be reached (${error.message})`);
  }
  return error;
}

function describeException(name: string, errorcode: string): MoodleFailure {
  if (['invalidtoken', 'accessexception_token', 'sitemaintenance', 'servicenotavailable'].includes(errorcode)) {
    const trouble = errorcode === 'sitemaintenance' ? 'unreachable' : 'token';
    const detail = trouble === 'token' ? 'the token is not accepted' : 'the site is in maintenance';
    return new MoodleFailure(trouble, name, `${detail} (${errorcode})`);
  }
  // Moodle looks a function up before it looks at the service: an unknown one is a missing record, a known one that is
  // not in the service is an access exception.
  if (['invalidrecord', 'accessexception'].includes(errorcode)) {
    return new MoodleFailure('no-function', name, `the token's service does not offer this function (${errorcode})`);
  }
  if (['userdeleted', 'invaliduser', 'usernotconfirmed', 'usernotincourse'].includes(errorcode)) {
    return new MoodleFailure('nobody', name, `the person is not to be found in the course (${errorcode})`);
  }
  if (['nopermissions', 'nopermission', 'requireloginerror', 'notenrolled'].includes(errorcode)) {
    return new MoodleFailure('not-permitted', name, `the service user may not do this (${errorcode})`);
  }
  const code = /^[\w/-]{1,60}$/.test(errorcode) ? errorcode : 'unnamed';
  return new MoodleFailure('refused', name, `Moodle answered with an error (${code})`);
}

function* flatten(params: MoodleParams, prefix = ''): Generator<[string, string]> {
  for (const [name, value] of Object.entries(params)) {
    const key = prefix ? `${prefix}[${name}]` : name;
    if (typeof value === 'object') yield* flatten(value as MoodleParams, key);
    else yield [key, typeof value === 'boolean' ? (value ? '1' : '0') : String(value)];
  }
}
