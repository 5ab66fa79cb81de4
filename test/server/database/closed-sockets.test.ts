import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { wakeWhoeverWaitsForClosedSockets } from '../../../server/database/closed-sockets.ts';

test('whoever writes to a connection that has just ended, and waits, is told', async () => {
  wakeWhoeverWaitsForClosedSockets();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
  // What MongoDB's driver does: nobody has said yet that the connection is closed, and no error will.
  expect(socket.write('hello')).toBe(false);
  const ended: string[] = [];
  socket.once('close', () => ended.push('closed'));
  await once(socket, 'drain');
  expect(ended).toEqual(['closed']);
  server.close();
});
