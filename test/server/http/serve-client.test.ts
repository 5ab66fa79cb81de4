import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import express from 'express';
import request from 'supertest';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveClient } from '../../../server/http/serve-client.ts';

const script = 'console.log("This week");'.repeat(50);
const app = express();
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'waymark-client-'));
  await mkdir(join(dir, 'assets'));
  await writeFile(join(dir, 'index.html'), '<!doctype html>');
  await writeFile(join(dir, 'assets/page-1.js'), script);
  await writeFile(join(dir, 'assets/page-1.js.br'), brotliCompressSync(script));
  await writeFile(join(dir, 'assets/page-1.js.gz'), gzipSync(script));
  await writeFile(join(dir, 'assets/other-1.js'), script);
  app.use('/app', serveClient(dir));
});
afterAll(() => rm(dir, { recursive: true }));

const fetchScript = (accepted: string, path = '/app/assets/page-1.js') =>
  request(app).get(path).set('Accept-Encoding', accepted).buffer(true);

it.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, deflate', 'gzip'],
  ['identity', undefined],
  ['br;q=0, gzip', 'gzip'],
])('a script comes packed as the browser takes it: %s', async (accepted, encoding) => {
  const { status, headers, text } = await fetchScript(accepted);
  expect(status).toBe(200);
  expect(headers['content-encoding']).toBe(encoding);
  expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(headers['vary']).toContain('Accept-Encoding');
  expect(headers['cache-control']).toContain('immutable');
  if (encoding !== 'br') expect(text).toBe(script);
  if (encoding) expect(Number(headers['content-length'])).toBeLessThan(script.length / 5);
});

it('one that was not packed comes as it is, and the page that names them is asked for each time', async () => {
  const other = await fetchScript('br', '/app/assets/other-1.js');
  expect(other.headers['content-encoding']).toBeUndefined();
  expect(other.text).toBe(script);
  expect((await request(app).get('/app/')).headers['cache-control']).toBe('no-cache');
  expect((await request(app).get('/app/assets/page-2.js').set('Accept-Encoding', 'br')).status).toBe(404);
  expect((await request(app).get('/app/..%2f..%2fetc/page-1.js').set('Accept-Encoding', 'br')).status).not.toBe(200);
});
