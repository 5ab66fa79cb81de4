import { createHash } from 'node:crypto';
import type { Activity } from '../domain/activity.ts';
import type { AccountNames, DropReason } from '../domain/vocabulary.ts';

/** How a feed or a file names a person. E-mail addresses are compared by their hash, which some feeds send in their place. */
export interface PersonRef {
  readonly by: 'sub' | 'sourcedId' | 'username' | 'emailSha1';
  readonly value: string;
}

/** How a feed names a course: by its LTI context id, or by a code that may be a sourced id, label or context id. */
export type CourseRef = { readonly contextId: string } | { readonly code: string };

/** One event of a feed, normalised. Nothing else of what came is kept: no names, texts, results or addresses. */
export interface SourceEvent {
  /** Unique on its platform; given by the sender, or derived from the content. At most 100 characters. */
  readonly id: string;
  /** Of the content under an id that the sender chose: the same id with another content is a conflict. */
  readonly contentHash?: string | undefined;
  readonly person?: PersonRef | undefined;
  readonly course?: CourseRef | undefined;
  readonly at: number;
  readonly activity?: Activity | undefined;
  readonly session?: RegisteredSession | undefined;
  readonly recording?: WatchedRecording | undefined;
  /** The event of the same sender's platform that is to count no more. */
  readonly voids?: string | undefined;
  /** Why this event tells nothing about engagement; it is counted, not lost silently. */
  readonly ignoredBecause?: DropReason | undefined;
}

export interface RegisteredSession {
  readonly sessionId: string;
  readonly at: number;
  readonly wasAttended: boolean;
  readonly isExcused?: boolean | undefined;
}

export interface WatchedRecording {
  readonly recordingId: string;
  readonly title: string;
  readonly availableAt?: number | undefined;
  readonly watchedAt: number;
}

const longestName = 300;

/** Takes what a source calls a person, by which kind of name, and makes it comparable; undefined for what is no name. */
export function personRef(by: AccountNames | 'emailSha1', name: string): PersonRef | undefined {
  const value = name.trim();
  if (!value || value.length > longestName) return undefined;
  if (by === 'email') return { by: 'emailSha1', value: hashEmail(value) };
  return { by, value: by === 'emailSha1' ? value.toLowerCase() : value };
}

/** SHA-1 of the `mailto:` address in lower case, as xAPI's `mbox_sha1sum`. */
export function hashEmail(email: string): string {
  return createHash('sha1').update(`mailto:${email.trim().toLowerCase()}`).digest('hex');
}
