import { existsSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import express, { Router } from 'express';

const packings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

/**
 * Serves the built client. Its files are named by their content and kept for a year, but for the page that names them; scripts
 * and styles come as the build packed them, to a browser that takes that.
 */
export function serveClient(clientDir: string): Router {
  const assets = join(clientDir, 'assets');
  const packed = new Set(existsSync(assets) ? readdirSync(assets).map((file) => `/assets/${file}`) : []);
  const router = Router();
  router.use((request, response, next) => {
    const type = types[extname(request.path)];
    const found = packings.filter(([, ending]) => packed.has(request.path + ending));
    if (type === undefined || found.length === 0) return next();
    response.vary('Accept-Encoding');
    const chosen = found.find(([name]) => request.acceptsEncodings(name) !== false);
    if (chosen) {
      request.url = request.path + chosen[1];
      response.setHeader('Content-Encoding', chosen[0]);
      response.setHeader('Content-Type', type);
    }
    next();
  });
  router.use(
    express.static(clientDir, { index: 'index.html', maxAge: '1y', immutable: true, setHeaders: neverCacheTheIndex }),
  );
  return router;
}

function neverCacheTheIndex(response: { setHeader(name: string, value: string): unknown }, path: string): void {
  if (path.endsWith('.html')) response.setHeader('Cache-Control', 'no-cache');
}
