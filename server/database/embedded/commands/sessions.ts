import type { Command } from './command.ts';
import { docsOf } from './command.ts';

export const commitTransaction: Command = async ({ engine, sessions, command }) => {
  await sessions.commit(engine, command);
  return { ok: 1 };
};

export const abortTransaction: Command = ({ sessions, command }) => {
  sessions.abort(command);
  return { ok: 1 };
};

export const endSessions: Command = ({ sessions, command }) => {
  const name = Object.keys(command)[0]!;
  for (const lsid of docsOf(command[name], name)) sessions.end(lsid);
  return { ok: 1 };
};

export const refreshSessions: Command = () => ({ ok: 1 });
