import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Params = Readonly<Record<string, string>>;
/** What to answer to one function: a value, a body as text, or nothing at all. */
type Answer = (params: Params) => { json?: unknown; text?: string; status?: number; isSilent?: boolean };

export interface StubMoodle {
  readonly url: string;
  readonly calls: { name: string; params: Params }[];
  /** Answers a function otherwise until `restore`. */
  answer(name: string, answer: Answer): void;
  restore(): void;
  close(): Promise<void>;
}

const sample = (name: string): unknown => JSON.parse(readFileSync(`test/samples/moodle/${name}.json`, 'utf8'));

/** A server that answers web-service calls with what a real Moodle sent. */
export async function startStubMoodle({ token }: { token: string }): Promise<StubMoodle> {
  const calls: StubMoodle['calls'] = [];
  const overrides = new Map<string, Answer>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      const params = Object.fromEntries(new URLSearchParams(body));
      const name = new URL(request.url ?? '', 'http://stub').searchParams.get('wsfunction') ?? '';
      calls.push({ name, params });
      const answer =
        params['wstoken'] === token
          ? (overrides.get(name) ?? defaultAnswer(name))(params)
          : { json: sample('error.bad_token') };
      if (answer.isSilent) return;
      response.statusCode = answer.status ?? 200;
      response.setHeader('content-type', 'application/json');
      response.end(answer.text ?? JSON.stringify(answer.json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer: (name, answer) => void overrides.set(name, answer),
    restore: () => overrides.clear(),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function defaultAnswer(name: string): Answer {
  switch (name) {
    case 'mod_assign_get_submissions':
      return (params) => {
        const all = sample(name) as { assignments: { assignmentid: number }[] };
        const asked = Number(params['assignmentids[0]']);
        return { json: { ...all, assignments: all.assignments.filter(({ assignmentid }) => assignmentid === asked) } };
      };
    case 'mod_assign_list_participants':
      return (params) => {
        const all = sample('mod_assign_list_participants.onlyids') as { id: number; grantedextension: boolean }[];
        // The one extension of the sample course, on its first assignment.
        return {
          json: all.map((entry) => ({ ...entry, grantedextension: entry.id === 22 && params['assignid'] === '1' })),
        };
      };
    case 'mod_assign_get_submission_status':
      return () => ({ json: sample('mod_assign_get_submission_status.extension') });
    case 'mod_assign_get_participant':
      // The usual due time holds for everybody.
      return (params) => {
        const { courses } = sample('mod_assign_get_assignments') as {
          courses: { assignments: { id: number; duedate: number }[] }[];
        };
        const asked = courses[0]?.assignments.find(({ id }) => String(id) === params['assignid']);
        return { json: { ...(sample(name) as object), id: Number(params['userid']), duedate: asked?.duedate } };
      };
    case 'mod_quiz_get_overrides':
      return () => ({ json: { overrides: [] } });
    case 'mod_quiz_get_user_attempts':
      return (params) => {
        const all = sample(name) as { attempts: { userid: number }[] };
        return { json: { ...all, attempts: all.attempts.filter(({ userid }) => String(userid) === params['userid']) } };
      };
    case 'core_completion_get_activities_completion_status':
      // The sample is of one student; the others are answered as if they had done nothing.
      return (params) => {
        const all = sample(name) as { statuses: { state: number; timecompleted: number }[] };
        if (params['userid'] === '3') return { json: all };
        return {
          json: { statuses: all.statuses.map((entry) => ({ ...entry, state: 0, timecompleted: 0 })), warnings: [] },
        };
      };
    default:
      return () => {
        try {
          return { json: sample(name) };
        } catch {
          return { json: sample('error.no_such_function') };
        }
      };
  }
}
