import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { dispatch } from './dispatch.ts';
import type { Engine } from './engine.ts';
import type { Sessions } from './sessions.ts';
import { parseMessage, replyHeader, takeMessages } from './wire.ts';

/** The longest path that every system takes for a socket. */
const MAX_SOCKET_PATH = 100;

function serve(socket: Socket, engine: Engine, sessions: Sessions): void {
  let received: Buffer[] = [];
  let wanted = 0;
  let size = 0;
  let queue = Promise.resolve();
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received.push(chunk);
    size += chunk.length;
    if (size < wanted) return;
    try {
      const { messages, rest } = takeMessages(received.length === 1 ? received[0]! : Buffer.concat(received));
      received = rest.length > 0 ? [rest] : [];
      size = rest.length;
      // A large message comes in many pieces, which are put together once.
      wanted = size >= 4 ? rest.readInt32LE(0) : 0;
      for (const bytes of messages) queue = queue.then(() => answer(socket, bytes, engine, sessions));
    } catch {
      socket.destroy();
    }
  });
}

async function answer(socket: Socket, bytes: Buffer, engine: Engine, sessions: Sessions): Promise<void> {
  try {
    const message = parseMessage(bytes);
    const body = await dispatch(engine, sessions, message);
    if (!message.wantsReply || !socket.writable) return;
    socket.cork();
    socket.write(replyHeader(message, body.length));
    socket.write(body);
    socket.uncork();
  } catch {
    socket.destroy();
  }
}

function listenOn(server: Server, target: string | { port: number; host: string }): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(target as string, () => {
      server.off('error', fail);
      done();
    });
  });
}

function socketPath(dataDir: string): { path: string; cleanUp: () => void } {
  const path = resolve(join(dataDir, 'waymark.sock'));
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return { path, cleanUp: () => rmSync(path, { force: true }) };
  const folder = mkdtempSync(join(tmpdir(), 'waymark-'));
  return { path: join(folder, 'waymark.sock'), cleanUp: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Listens where only this machine can reach: on a socket that only this user may open, or, on Windows, on a loopback
 * port that the system chooses. Returns the connection string and what stops it.
 */
export async function listen(
  dataDir: string,
  engine: Engine,
  sessions: Sessions,
): Promise<{ uri: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, engine, sessions);
  });
  let host: string;
  let cleanUp = () => undefined as void;
  if (process.platform === 'win32') {
    await listenOn(server, { port: 0, host: '127.0.0.1' });
    host = `127.0.0.1:${(server.address() as { port: number }).port}`;
  } else {
    const place = socketPath(dataDir);
    cleanUp = place.cleanUp;
    rmSync(place.path, { force: true });
    await listenOn(server, place.path);
    chmodSync(place.path, 0o600);
    host = encodeURIComponent(place.path);
  }
  return {
    uri: `mongodb://${host}/?directConnection=true`,
    close: () =>
      new Promise((done) => {
        server.close(() => {
          cleanUp();
          done();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}
