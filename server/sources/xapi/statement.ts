/** A statement that has passed `checkStatement`; only what Waymark reads is named. */
export interface Statement {
  readonly id?: string;
  readonly actor: Agent;
  readonly verb: { readonly id: string };
  readonly object: StatementObject;
  readonly result?: { readonly completion?: boolean; readonly success?: boolean; readonly extensions?: Extensions };
  readonly context?: {
    readonly contextActivities?: Partial<Record<ContextActivityKey, ActivityObject | readonly ActivityObject[]>>;
    readonly extensions?: Extensions;
  };
  readonly timestamp?: string;
}
export interface Agent {
  readonly objectType?: 'Agent' | 'Group';
  readonly mbox?: string;
  readonly mbox_sha1sum?: string;
  readonly openid?: string;
  readonly account?: { readonly homePage: string; readonly name: string };
}
export interface ActivityObject {
  readonly objectType?: 'Activity';
  readonly id: string;
  readonly definition?: {
    readonly type?: string;
    readonly name?: Readonly<Record<string, string>>;
    readonly extensions?: Extensions;
  };
}
type StatementObject = ActivityObject | (Agent & { readonly id?: undefined; readonly definition?: undefined });
export type Extensions = Readonly<Record<string, unknown>>;
export const contextActivityKeys = ['parent', 'grouping', 'category', 'other'] as const;
type ContextActivityKey = (typeof contextActivityKeys)[number];

export const voidedVerb = 'http://adlnet.gov/expapi/verbs/voided';
