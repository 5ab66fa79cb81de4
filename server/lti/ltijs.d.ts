/** The few parts of ltijs 5.9 that are used; it ships no types of its own. */

declare module 'ltijs' {
  import type { KeyObject } from 'node:crypto';
  import type { Application, NextFunction, Request, Response } from 'express';

  type Handler = (request: Request, response: Response, next: NextFunction) => unknown;
  type TokenHandler = (token: unknown, request: Request, response: Response, next: NextFunction) => unknown;

  export interface DatabasePlugin {
    setup(): Promise<unknown>;
    Close(): Promise<unknown>;
    /** An array of what was found, or false. */
    Get(key: string | false, collection: string, query?: Record<string, unknown>): Promise<object[] | false>;
    Insert(key: string | false, collection: string, item: object, index?: object): Promise<unknown>;
    Replace(key: string | false, collection: string, query: object, item: object, index?: object): Promise<unknown>;
    Modify(key: string | false, collection: string, query: object, change: object): Promise<unknown>;
    Delete(collection: string, query: object): Promise<unknown>;
  }

  interface SetupOptions {
    appRoute: string;
    loginRoute: string;
    keysetRoute: string;
    cors: boolean;
    ltiaas: boolean;
    tokenMaxAge: false;
    serverAddon: (app: Application) => void;
  }

  interface Instance {
    readonly app: Application;
    setup(key: KeyObject, database: { plugin: DatabasePlugin }, options: SetupOptions): this;
    onConnect(handler: TokenHandler): true;
    onDeepLinking(handler: TokenHandler): true;
    onInvalidToken(handler: Handler): true;
    onUnregisteredPlatform(handler: Handler): true;
    onInactivePlatform(handler: Handler): true;
  }

  /** It exports one instance; its class is reached through it. */
  const ltijs: { Provider: { constructor: new () => Instance } };
  export default ltijs;
}

declare module 'ltijs/dist/Utils/Auth.js' {
  const Auth: {
    validateToken(
      token: string,
      isDevMode: boolean,
      expected: { iss: { verify(): Promise<Record<string, unknown>> } },
    ): Promise<Record<string, unknown>>;
  };
  export default Auth;
}

declare module 'ltijs/dist/Utils/Request.js' {
  interface FoundPlatform {
    platformAuthConfig(): Promise<unknown>;
  }
  const LtijsRequest: {
    ltiAdvantageLogin(
      params: { pass: { begin(platform: FoundPlatform): Promise<object> } },
      platform: FoundPlatform,
      state: string,
    ): Promise<object>;
  };
  export default LtijsRequest;
}

declare module 'ltijs/dist/Utils/Keyset.js' {
  import type { DatabasePlugin } from 'ltijs';
  const Keyset: {
    build(database: DatabasePlugin, key: string | false): Promise<{ keys: Record<string, string>[] }>;
  };
  export default Keyset;
}
