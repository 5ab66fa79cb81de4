import type { KeyObject } from 'node:crypto';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import ltijs, { type DatabasePlugin } from 'ltijs';
import Auth from 'ltijs/dist/Utils/Auth.js';
import LtijsRequest from 'ltijs/dist/Utils/Request.js';
import type { Platform } from '../database/models/platform.ts';
import { LaunchRefused } from './refusals.ts';

/**
 * ltijs, guarded: it parses and routes login and launch, and looks registrations up; what it would check or keep is done by
 * ours, handed in with each request. decisions/ltijs.md says which part is whose, and why.
 */

/** One login on its way through ltijs, which looks the registration up by issuer and client id. */
export interface LoginPass {
  readonly issuer: string;
  readonly clientId: string;
  /** Told the registration once ltijs has found it, and found it active. Throws LaunchRefused. */
  begin(platform: Platform): Promise<void>;
  answer(request: Request, response: Response): void;
}

/** One launch on its way through ltijs. */
export interface LaunchPass {
  readonly idToken: string;
  readonly state: string;
  /** Returns the verified claims. Throws LaunchRefused. */
  verify(): Promise<Record<string, unknown>>;
  /** Throws LaunchRefused. */
  accept(request: Request, response: Response): Promise<void>;
}

export interface GuardHandlers {
  /** Takes the parsed parameters. Throws LaunchRefused. */
  readLogin: (params: Record<string, unknown>) => Promise<LoginPass>;
  /** Takes the parsed parameters. Undefined where it has answered already. Throws LaunchRefused. */
  readLaunch: (
    params: Record<string, unknown>,
    request: Request,
    response: Response,
  ) => Promise<LaunchPass | undefined>;
  /** Answers whatever was thrown on the way. */
  refuse: (error: unknown, request: Request, response: Response) => void;
}

// The two steps of ltijs that are replaced are static functions of its classes. They reach the request by what is passed in
// to them, so that several gateways can live in one process.
Auth.validateToken = (_token, _devMode, { iss: pass }) => pass.verify();
LtijsRequest.ltiAdvantageLogin = ({ pass }, platform) => pass.begin(platform);

/** Returns the handler of GET and POST /login and POST /launch. */
export function createGuardedLtijs({
  database,
  handlers,
  secret,
}: {
  database: DatabasePlugin;
  handlers: GuardHandlers;
  /** ltijs signs a token with it that never leaves this process; as a key it need not be tried as a private one first. */
  secret: KeyObject;
}): RequestHandler {
  const provider = new ltijs.Provider.constructor();
  const launches = new WeakMap<Request, { pass: LaunchPass; refusal: unknown }>();

  async function guard(request: Request, response: Response): Promise<boolean> {
    const given = (request.method === 'GET' ? request.query : request.body) as Record<string, unknown>;
    const params = { ...given };
    // Its own token, in a query, a body or a header, would be another way in.
    delete (request as { token?: unknown }).token;
    request.query = {};
    if (request.path === '/login') {
      const pass = await handlers.readLogin(params);
      request.body = bodyForLogin(pass, request, takeOver(request, response, handlers.refuse));
      return true;
    }
    const pass = await handlers.readLaunch(params, request, response);
    if (!pass) return false;
    takeOver(request, response, handlers.refuse);
    launches.set(request, { pass, refusal: undefined });
    const verify = async () => {
      try {
        return await pass.verify();
      } catch (error) {
        launches.set(request, { pass, refusal: error });
        throw error;
      }
    };
    request.body = { id_token: pass.idToken, state: pass.state };
    // Where it expects the issuer that it has signed into a cookie, it finds the login that was stored.
    request.signedCookies = { [`state${pass.state}`]: { verify } };
    return true;
  }

  function bodyForLogin(pass: LoginPass, request: Request, handBack: (answer: () => void) => void): object {
    return {
      iss: pass.issuer,
      client_id: pass.clientId,
      login_hint: 'read already',
      target_link_uri: 'read already',
      pass: {
        async begin(found: { platformAuthConfig(): Promise<unknown> }) {
          const { registration } = (await found.platformAuthConfig()) as { registration: Platform };
          try {
            await pass.begin(registration);
            handBack(() => pass.answer(request, request.res!));
          } catch (error) {
            handBack(() => handlers.refuse(error, request, request.res!));
          }
          return {};
        },
      },
    };
  }

  provider.setup(
    secret,
    { plugin: database },
    {
      appRoute: '/launch',
      loginRoute: '/login',
      keysetRoute: '/keys',
      cors: false,
      ltiaas: true,
      tokenMaxAge: false,
      serverAddon(app) {
        app.use((request, response, next) => {
          releaseHeaders(response);
          restoreCookies(request);
          guard(request, response).then(
            (goesOn) => goesOn && next(),
            (error: unknown) => handlers.refuse(error, request, response),
          );
        });
      },
    },
  );

  const accept = (_token: unknown, request: Request, response: Response) => {
    giveBack(response);
    const launch = launches.get(request);
    if (!launch) return handlers.refuse(new LaunchRefused('internal'), request, response);
    launch.pass.accept(request, response).catch((error: unknown) => handlers.refuse(error, request, response));
  };
  provider.onConnect(accept);
  provider.onDeepLinking(accept);
  provider.onInvalidToken((request, response) => {
    giveBack(response);
    handlers.refuse(launches.get(request)?.refusal ?? new LaunchRefused('internal'), request, response);
  });
  provider.onUnregisteredPlatform((request, response) => {
    giveBack(response);
    handlers.refuse(new LaunchRefused('platform-unknown'), request, response);
  });
  provider.onInactivePlatform((request, response) => {
    giveBack(response);
    handlers.refuse(new LaunchRefused('platform-disabled'), request, response);
  });
  const onError: ErrorRequestHandler = (error, request, response, _next) => {
    releaseHeaders(response);
    giveBack(response);
    handlers.refuse(error, request, response);
  };
  provider.app.use(onError);

  return (request, response, next) => {
    keepHeaders(response);
    hideCookies(request);
    // Express 5 reads the query on demand and Express 4, which ltijs brings, would then find none.
    Object.defineProperty(request, 'query', { value: request.query, writable: true, configurable: true });
    provider.app(request, response, next);
  };
}

/** ltijs parses and verifies cookies before the guard; it has no business with any, and its key here is none for cookies. */
const cookies = new WeakMap<Request, string>();

function hideCookies(request: Request): void {
  if (request.headers.cookie === undefined) return;
  cookies.set(request, request.headers.cookie);
  delete request.headers.cookie;
}

function restoreCookies(request: Request): void {
  const header = cookies.get(request);
  if (header !== undefined) request.headers.cookie = header;
}

/** Response methods as they were before ltijs got the response. */
const owned = new WeakMap<Response, Pick<Response, 'redirect' | 'send' | 'cookie'>>();

/**
 * Takes the ways of answering out of ltijs's hands: its redirect has an address of its own making, its errors show what was
 * thrown, and its cookies can't be Partitioned. Returns how to say what is answered in place of its redirect.
 */
function takeOver(request: Request, response: Response, refuse: GuardHandlers['refuse']): (answer: () => void) => void {
  const methods: Pick<Response, 'redirect' | 'send' | 'cookie'> = {
    redirect: response.redirect.bind(response),
    send: response.send.bind(response),
    cookie: response.cookie.bind(response),
  };
  owned.set(response, methods);
  let answer = () => refuse(new LaunchRefused('internal'), request, response);
  const give = () => {
    giveBack(response);
    try {
      answer();
    } catch (error) {
      // What it would catch it would answer once more, in words of its own.
      refuse(error, request, response);
    }
    return response;
  };
  response.redirect = give as Response['redirect'];
  response.send = give;
  response.cookie = () => response;
  return (given) => {
    answer = given;
  };
}

function giveBack(response: Response): void {
  const methods = owned.get(response);
  if (methods) Object.assign(response, methods);
}

/** What ltijs's older helmet would set over the application's headers, before the guard, is not set. */
function keepHeaders(response: Response): void {
  response.setHeader = () => response;
  response.removeHeader = () => undefined;
}

function releaseHeaders(response: Response): void {
  Reflect.deleteProperty(response, 'setHeader');
  Reflect.deleteProperty(response, 'removeHeader');
}
