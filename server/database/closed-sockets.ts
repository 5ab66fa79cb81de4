import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

let isWatching = false;

/**
 * Lets nobody wait for a closed socket to drain. MongoDB's driver (7.8 and 7.9: `writeCommand` in its `cmap/connection.ts`)
 * does so for ever when it writes between the end of a connection and the news of it. When a server goes away all connections
 * end together, and the one it happens to is the one by which the driver looks whether the server is back: it then never
 * sees that it is. Woken up, it finds the connection closed and opens another.
 */
export function wakeWhoeverWaitsForClosedSockets(): void {
  if (isWatching) return;
  isWatching = true;
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket };
    // After everybody else has heard of the end.
    socket.once('close', () => setImmediate(() => socket.emit('drain')));
  });
}
