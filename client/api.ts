import type { ErrorCode, ErrorReply } from '../server/contracts/error.ts';
import { saveFile } from './ui/save-file.ts';
import type { SessionReply } from '../server/contracts/session.ts';

/** The one fetch wrapper: bearer token in memory, renewed while the page is open, and errors as one type. */

export class ApiError extends Error {
  readonly code: ErrorCode | 'offline';
  readonly status: number;
  /** With `invalid-input`: field path → what is wrong with it. */
  readonly fields: Readonly<Record<string, string>>;
  /** With `conflict`: the record as it is now. */
  readonly current: unknown;

  constructor(
    code: ErrorCode | 'offline',
    status: number,
    message: string,
    fields: Record<string, string> = {},
    current?: unknown,
  ) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.fields = fields;
    this.current = current;
  }
}

let session: SessionReply | undefined;
let renewal: Promise<void> | undefined;
const endListeners = new Set<() => void>();

/** Called once the session can't be renewed any more, so that the page can say so without losing what was typed. */
export function onSessionEnd(listener: () => void): () => void {
  endListeners.add(listener);
  return () => endListeners.delete(listener);
}

/** Exchanges the launch's one-time code. Throws ApiError `not-signed-in` for a used or old one. */
export async function openSession(code: string): Promise<SessionReply> {
  session = await send<SessionReply>('POST', '/api/session', { code });
  return session;
}

export function get<Reply>(path: string, signal?: AbortSignal): Promise<Reply> {
  return call<Reply>('GET', path, undefined, signal);
}
const kept = new Map<string, { tag: string; reply: unknown }>();

/** As `get`, for large replies: while nothing has changed it gives the very object that was read before. */
export async function getIfChanged<Reply>(path: string, signal?: AbortSignal): Promise<Reply> {
  await ensureFresh();
  const known = kept.get(path);
  const response = await request('GET', path, undefined, signal, known && { 'If-None-Match': known.tag });
  if (response.status === 304 && known) return known.reply as Reply;
  const reply = (await response.json()) as Reply;
  const tag = response.headers.get('etag');
  if (tag !== null) kept.set(path, { tag, reply });
  return reply;
}
export function post<Reply>(path: string, body: unknown): Promise<Reply> {
  return call<Reply>('POST', path, body);
}
export function put<Reply>(path: string, body: unknown): Promise<Reply> {
  return call<Reply>('PUT', path, body);
}
export function del<Reply>(path: string, body?: unknown): Promise<Reply> {
  return call<Reply>('DELETE', path, body);
}

/** Sends a form with files as multipart; the browser sets the boundary. */
export function upload<Reply>(path: string, form: FormData): Promise<Reply> {
  return call<Reply>('POST', path, form);
}

/** Fetches a download with the token and hands it to the browser under its own name. */
export function download(path: string, fileName: string): Promise<void> {
  return downloadFrom('GET', path, fileName);
}

/** The same where what is wanted must not stand in an address. */
export async function downloadFrom(method: string, path: string, fileName: string, body?: unknown): Promise<void> {
  await ensureFresh();
  const response = await request(method, path, body);
  saveFile(await response.blob(), fileName);
}

async function call<Reply>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Reply> {
  await ensureFresh();
  return send<Reply>(method, path, body, signal);
}

async function send<Reply>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Reply> {
  const response = await request(method, path, body, signal);
  return (response.status === 204 ? undefined : await response.json()) as Reply;
}

async function request(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  extraHeaders?: Record<string, string>,
): Promise<Response> {
  const isForm = body instanceof FormData;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        ...(session && { Authorization: `Bearer ${session.token}` }),
        ...(body !== undefined && !isForm && { 'Content-Type': 'application/json' }),
        ...extraHeaders,
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError('offline', 0, 'Waymark could not be reached. Check your connection; nothing you typed is lost.');
  }
  if (response.ok || response.status === 304) return response;
  throw await readError(response);
}

async function readError(response: Response): Promise<ApiError> {
  try {
    const { error } = (await response.json()) as ErrorReply;
    if (error.code === 'not-signed-in') endListeners.forEach((listener) => listener());
    return new ApiError(error.code, response.status, error.message, error.fields, error.current);
  } catch {
    return new ApiError(
      'unavailable',
      response.status,
      'Waymark is not answering as it should. Please try again in a moment.',
    );
  }
}

/** Renews the token when less than two minutes are left, once for all callers. */
async function ensureFresh(): Promise<void> {
  if (!session || session.expiresAt - Date.now() > 120_000) return;
  renewal ??= send<SessionReply>('POST', '/api/session/renew', {})
    .then((renewed) => {
      session = renewed;
    })
    .finally(() => {
      renewal = undefined;
    });
  await renewal;
}

// A page left open must still be signed in when its reader comes back to half a sentence.
setInterval(() => void ensureFresh().catch(() => undefined), 60_000);
