import { createContext, useContext } from 'react';
import type { SessionReply } from '../server/contracts/session.ts';

export const SessionContext = createContext<SessionReply | undefined>(undefined);

/** Who is here, in which course, with the institution's words. Only inside the app shell. */
export function useSession(): SessionReply {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession outside the app shell');
  return session;
}

/**
 * Fills a text of the catalogue: `{name}` from the values, or else from the institution's words (`{course}`, `{action}`, …).
 * A `{Name}` with a capital gives the word with a capital.
 */
export function useText(): (template: string, values?: Readonly<Record<string, string | number>>) => string {
  const { pack } = useSession();
  return (template, values = {}) =>
    template.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const lower = name.charAt(0).toLowerCase() + name.slice(1);
      const found = values[name] ?? values[lower] ?? pack.words[name] ?? pack.words[lower];
      if (found === undefined) return whole;
      const word = String(found);
      return name !== lower ? word.charAt(0).toUpperCase() + word.slice(1) : word;
    });
}
