import { useState } from 'react';
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
  change(part: Partial<Fields>): void;
  /** Forgets the draft and begins anew from what is given, or what it began with. */
  clear(fresh?: Fields): void;
}

/** The fields of one form, kept under a name of their own until they are saved. */
export function useDraft<Fields extends object>(name: string, initial: Fields): Draft<Fields> {
  const { draftsKey } = useSession();
  const key = `${prefix}${draftsKey}:${name}`;
  const [restored] = useState(() => parse<Fields>(read(key)));
  const [fields, setFields] = useState<Fields>({ ...initial, ...restored });
  const [wasRestored, setWasRestored] = useState(restored !== undefined);
  return {
    fields,
    wasRestored,
    change(part) {
      const changed = { ...fields, ...part };
      setFields(changed);
      write(key, JSON.stringify(changed));
    },
    clear(fresh = initial) {
      setFields(fresh);
      setWasRestored(false);
      write(key, undefined);
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
