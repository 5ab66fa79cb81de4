import { z } from 'zod';

/**
 * Configuration comes from the environment only, is read once, and is never changed. `main.ts` and the command-line
 * programs are its only readers.
 */

const secret = z.string().min(32, 'must be at least 32 characters of secret');
const flag = z.enum(['yes', 'no']).transform((word) => word === 'yes');
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

const environmentSchema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Where browsers and platforms reach Waymark: scheme, host and port, nothing else. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .refine((text) => new URL(text).pathname === '/' && !new URL(text).search, 'must be an origin without a path')
    .transform((text) => new URL(text).origin)
    .optional(),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must start with mongodb:// or mongodb+srv://')
    .optional(),
  WAYMARK_EMBEDDED_DB: flag.optional(),
  WAYMARK_DATA_DIR: z.string().min(1).default('data'),
  /** Signs session tokens. Changing it ends every session. */
  WAYMARK_SECRET: secret,
  /** `id:secret,id:secret`, newest first. Without it the key is derived from WAYMARK_SECRET. */
  WAYMARK_ENCRYPTION_KEYS: z
    .string()
    .regex(
      /^[\w-]+:[^,]{32,}(,[\w-]+:[^,]{32,})*$/,
      'must be id:secret pairs with at least 32 characters each, newest first',
    )
    .optional(),
  /** `qmul`, `aston`, `gloucestershire`, `jisc`, or the path of a file of one's own. */
  WAYMARK_POLICY_PACK: z.string().min(1).default('qmul'),
  /** Shown to platforms as ?secret= in the registration URL; registration is closed without it. */
  WAYMARK_REGISTRATION_SECRET: z.string().min(16, 'must be at least 16 characters').optional(),
  WAYMARK_REGISTRATION_UNTIL: z.coerce.date().optional(),
  /** Host names that may be private addresses or plain http although this is production. */
  WAYMARK_ALLOWED_HOSTS: list.default([]),
  WAYMARK_REFRESH_MINUTES: z.coerce.number().int().min(5).max(1440).default(60),
  WAYMARK_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(5).default(0),
  WAYMARK_SESSION_HOURS: z.coerce.number().min(1).max(24).default(8),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

export interface Config {
  readonly isProduction: boolean;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  readonly mongodbUri: string | undefined;
  readonly dataDir: string;
  readonly sessionSecret: string;
  readonly encryptionKeys: readonly { id: string; secret: Uint8Array }[];
  readonly policyPack: string;
  readonly registration: { readonly secret: string; readonly until: Date | undefined } | undefined;
  readonly allowedHosts: readonly string[];
  readonly refreshMinutes: number;
  readonly trustedProxies: number;
  readonly sessionHours: number;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
}

/** Lists every wrong name at once; the values are not repeated, as some are secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`Waymark can't start with this configuration:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** Takes the environment; returns the frozen configuration; throws ConfigError with all that is wrong. */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const e = parsed.data;
  const isProduction = e.NODE_ENV === 'production';
  const problems: string[] = [];
  if (isProduction && !e.MONGODB_URI && !e.WAYMARK_EMBEDDED_DB) {
    problems.push('MONGODB_URI: name a MongoDB server, or accept the embedded database with WAYMARK_EMBEDDED_DB=yes');
  }
  if (isProduction && !e.PUBLIC_URL) problems.push('PUBLIC_URL: is needed in production');
  if (isProduction && e.PUBLIC_URL && !e.PUBLIC_URL.startsWith('https:') && !isLoopback(e.PUBLIC_URL)) {
    problems.push('PUBLIC_URL: must be https in production');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze({
    isProduction,
    host: e.HOST,
    port: e.PORT,
    publicUrl: e.PUBLIC_URL ?? `http://localhost:${e.PORT}`,
    mongodbUri: e.MONGODB_URI,
    dataDir: e.WAYMARK_DATA_DIR,
    sessionSecret: e.WAYMARK_SECRET,
    encryptionKeys: parseKeys(e.WAYMARK_ENCRYPTION_KEYS ?? `k0:${e.WAYMARK_SECRET}`),
    policyPack: e.WAYMARK_POLICY_PACK,
    registration: e.WAYMARK_REGISTRATION_SECRET
      ? { secret: e.WAYMARK_REGISTRATION_SECRET, until: e.WAYMARK_REGISTRATION_UNTIL }
      : undefined,
    allowedHosts: e.WAYMARK_ALLOWED_HOSTS,
    refreshMinutes: e.WAYMARK_REFRESH_MINUTES,
    trustedProxies: e.WAYMARK_TRUSTED_PROXIES,
    sessionHours: e.WAYMARK_SESSION_HOURS,
    logLevel: e.LOG_LEVEL,
  });
}

function parseKeys(text: string) {
  return text.split(',').map((pair) => {
    const colon = pair.indexOf(':');
    return { id: pair.slice(0, colon), secret: new TextEncoder().encode(pair.slice(colon + 1)) };
  });
}

function isLoopback(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}
