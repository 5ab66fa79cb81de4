import type { Doc } from '../bson-values.ts';
import type { Command } from './command.ts';

const VERSION = [7, 0, 0, 0];

function hello(): Doc {
  return {
    helloOk: true,
    isWritablePrimary: true,
    ismaster: true,
    // A router, in the drivers' eyes: those alone have transactions without being members of a replica set.
    msg: 'isdbgrid',
    maxBsonObjectSize: 16 * 1024 * 1024,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: 1,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    ok: 1,
  };
}

export const sayHello: Command = () => hello();

export const ping: Command = () => ({ ok: 1 });

export const buildInfo: Command = () => ({
  version: VERSION.slice(0, 3).join('.'),
  versionArray: VERSION,
  maxBsonObjectSize: 16 * 1024 * 1024,
  modules: ['waymark-embedded'],
  ok: 1,
});

export const connectionStatus: Command = () => ({
  authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] },
  ok: 1,
});

export const serverStatus: Command = ({ engine }) => ({
  version: VERSION.slice(0, 3).join('.'),
  process: 'waymark-embedded',
  pid: process.pid,
  uptime: Math.floor(process.uptime()),
  collections: [...engine.catalog.all()].length,
  ok: 1,
});
