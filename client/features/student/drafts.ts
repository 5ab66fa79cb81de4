import { useRef, useState } from 'react';
import { useSession } from '../../session.ts';

/**
 * What is being typed is kept letter by letter in this tab, so that an ended session or a closed page loses nothing. The
 * key holds who is writing: whoever launches next in the same tab finds nothing, and the drafts of others are cleared.
 */
const prefix = 'waymark-draft:';
const memory = new Map<string, string>();

function read(key: string): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? memory.get(key);
  } catch {
    return memory.get(key);
  }
}

function write(key: string, text: string | undefined): void {
  if (text === undefined) memory.delete(key);
  else memory.set(key, text);
  try {
    if (text === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // A framed page may have no storage: the draft lasts while the page is open.
  }
}

/** Removes what somebody else left in this tab. */
export function forgetDraftsOfOthers(draftsKey: string): void {
  const person = draftsKey.split('.')[1];
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(prefix) && key.slice(prefix.length).split(':')[0]?.split('.')[1] !== person) {
        sessionStorage.removeItem(key);
      }
    }
  } catch {
    // No storage, nothing to forget.
  }
}

export interface Draft<Fields> {
  readonly fields: Fields;
  /** Whether it was found again rather than typed just now. */
  readonly wasRestored: boolean;
  /** Whether anything was typed that is not saved. */
  readonly isBegun: boolean;
  change(this: void, part: Partial<Fields>): void;
  /** Forgets the draft: the form shows what is saved again. */
  clear(this: void): void;
  /**
   * What was sent is saved. Forgets the draft and says so with true, unless more was typed meanwhile: that stays, with what is
   * new `since` (its revision).
   */
  settle(this: void, sent: Fields, since?: Partial<Fields>): boolean;
}

/** Whether what is typed outlives this page; a framed page may have no storage. */
export function canKeepDrafts(): boolean {
  try {
    sessionStorage.setItem(`${prefix}probe`, '');
    sessionStorage.removeItem(`${prefix}probe`);
    return true;
  } catch {
    return false;
  }
}

/**
 * The fields of one form, kept under a name of their own until they are saved. Until somebody types, they are what is saved;
 * from then on they stay as they were begun, the revision among them, so that saving over a newer version is noticed.
 */
export function useDraft<Fields extends object>(name: string, saved: Fields): Draft<Fields> {
  const { draftsKey } = useSession();
  const key = `${prefix}${draftsKey}:${name}`;
  const [restored] = useState(() => parse<Fields>(read(key)));
  const [typed, setTyped] = useState<Fields | undefined>(restored && { ...saved, ...restored });
  const [wasRestored, setWasRestored] = useState(restored !== undefined);
  /** What was typed last, for whatever comes back after it was sent. */
  const latest = useRef(typed);
  const change = (part: Partial<Fields>) => {
    const changed = { ...(latest.current ?? saved), ...part };
    latest.current = changed;
    setTyped(changed);
    write(key, JSON.stringify(changed));
  };
  const clear = () => {
    latest.current = undefined;
    setTyped(undefined);
    setWasRestored(false);
    write(key, undefined);
  };
  return {
    fields: typed ?? saved,
    wasRestored,
    isBegun: typed !== undefined,
    change,
    clear,
    settle(sent, since = {}) {
      const isAsSent = !latest.current || JSON.stringify(latest.current) === JSON.stringify(sent);
      if (isAsSent) clear();
      else change(since);
      return isAsSent;
    },
  };
}

function parse<Fields>(stored: string | undefined): Partial<Fields> | undefined {
  if (stored === undefined) return undefined;
  try {
    return JSON.parse(stored) as Partial<Fields>;
  } catch {
    return undefined;
  }
}
