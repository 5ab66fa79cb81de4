import type { Activity } from '../domain/activity.ts';

/** Ways in which a feed or a file names a person; tried in the order in which a source gives them. */
export const personKeys = ['sub', 'sourcedId', 'username', 'email', 'emailSha1'] as const;
export interface PersonRef {
  readonly by: (typeof personKeys)[number];
  /** Folded: trimmed, in lower case. */
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
  /** Why this event tells nothing about engagement; it is counted, not lost silently. */
  readonly ignoredBecause?: string | undefined;
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

export function personRef(by: PersonRef['by'], value: string): PersonRef {
  return { by, value: value.trim().toLowerCase() };
}
