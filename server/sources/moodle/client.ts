import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { z } from 'zod';
import { exceptionSchema } from './replies.ts';

/** Arguments of a web-service function; lists and objects are flattened the way PHP reads them. */
export interface MoodleParams {
  readonly [name: string]: string | number | boolean | readonly MoodleValue[] | MoodleParams;
}
type MoodleValue = string | number | boolean | MoodleParams;

export type MoodleTrouble =
  | 'token' // the token is unknown, expired, or its service is switched off
  | 'not-permitted' // the service user may not do this
  | 'no-function' // the function is not in the token's service
  | 'refused' // Moodle answered with any other exception
  | 'unreachable' // no answer, too slow, or an HTTP error, also after trying again
  | 'unreadable'; // HTML, half a JSON, or a shape that we don't know

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
  /** How many requests went out so far, retries included. */
  readonly requestCount: () => number;
}

export interface MoodleClientOptions {
  /** The site's address, without a slash at the end. */
  readonly baseUrl: string;
  readonly token: string;
  readonly concurrency?: number;
  readonly timeoutMs?: number;
  readonly tries?: number;
  /** Wait before the second try; doubles with each further one, with up to half of it added by chance. */
  readonly backoffMs?: number;
  readonly maxReplyBytes?: number;
  readonly fetch?: typeof fetch;
}

const megabyte = 1024 * 1024;

/** A client for the REST web services of one Moodle site. At most `concurrency` requests are under way at a time. */
export function createMoodleClient(options: MoodleClientOptions): MoodleClient {
  const { baseUrl, token, concurrency = 4, timeoutMs = 30_000, tries = 3, backoffMs = 500 } = options;
  const { maxReplyBytes = 64 * megabyte, fetch: send = fetch } = options;
  const limit = pLimit(concurrency);
  let requests = 0;

  async function request(name: string, params: MoodleParams): Promise<unknown> {
    requests += 1;
    let response: Response;
    let text: string;
    try {
      response = await send(`${baseUrl}/webservice/rest/server.php?moodlewsrestformat=json&wsfunction=${name}`, {
        method: 'POST',
        // The token travels in the body: addresses end up in access logs.
        body: new URLSearchParams([['wstoken', token], ...flatten(params)]),
        // A redirect could carry the token to another host.
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        headers: { accept: 'application/json' },
      });
      text = await readText(response, maxReplyBytes, name);
    } catch (error) {
      if (error instanceof MoodleFailure) throw error;
      const isSlow = error instanceof Error && error.name === 'TimeoutError';
      throw new MoodleFailure(
        'unreachable',
        name,
        isSlow ? `no answer within ${timeoutMs / 1000} seconds` : 'the site could not be reached',
      );
    }
    if (response.status >= 500 || response.status === 429 || response.status === 408) {
      throw new MoodleFailure('unreachable', name, `the site answered with status ${response.status}`);
    }
    if (!response.ok) throw new MoodleFailure('refused', name, `the site answered with status ${response.status}`);
    try {
      return JSON.parse(text);
    } catch {
      const what = /^\s*</.test(text) ? 'a web page instead of data' : 'data that breaks off or is not JSON';
      throw new MoodleFailure('unreadable', name, `the site sent ${what}`);
    }
  }

  async function callOnce<Schema extends z.ZodType>(name: string, params: MoodleParams, schema: Schema) {
    const reply = await request(name, params);
    const exception = exceptionSchema.safeParse(reply);
    if (exception.success) throw describeException(name, exception.data.errorcode);
    const parsed = schema.safeParse(reply);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    // Paths hold field names and positions only, never a value.
    throw new MoodleFailure('unreadable', name, `unexpected shape at "${issue?.path.map(String).join('.') ?? ''}"`);
  }

  async function callWithRetries<Schema extends z.ZodType>(name: string, params: MoodleParams, schema: Schema) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await callOnce(name, params, schema);
      } catch (error) {
        const isWorthAnotherTry = error instanceof MoodleFailure && error.trouble === 'unreachable' && attempt < tries;
        if (!isWorthAnotherTry) throw error;
        await sleep(backoffMs * 2 ** (attempt - 1) * (1 + Math.random() / 2));
      }
    }
  }

  return {
    call: (name, params, schema) => limit(() => callWithRetries(name, params, schema)),
    requestCount: () => requests,
  };
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
  if (['nopermissions', 'nopermission', 'requireloginerror', 'usernotincourse', 'notenrolled'].includes(errorcode)) {
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

async function readText(response: Response, maxBytes: number, name: string): Promise<string> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new MoodleFailure('unreadable', name, `the reply is larger than ${Math.round(maxBytes / megabyte)} MB`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
