import { Router, type Response } from 'express';
import { escapeHtml } from './escape-html.ts';

/** Pages that need no session, no script and no database: the same for everybody, and nothing is noted of who reads them. */

const stylePath = '/plain-page.css';
const style = `body{margin:0;font:1.125rem/1.5 system-ui,sans-serif}
main{max-width:40rem;margin:0 auto;padding:1rem}
ul{list-style:none;padding:0}li{padding:.5rem 0;border-top:1px solid}
h2{font-size:1.2rem;margin:.5rem 0 0}p{margin:.25rem 0}a{display:inline-block;padding:.5rem 0}
dt{margin-top:.75rem}dd{margin:0}code{overflow-wrap:anywhere;font-size:1rem}`;

export function createPlainPageStyleRouter(): Router {
  const router = Router();
  router.get(stylePath, (_request, response) => {
    response.setHeader('Cache-Control', 'public, max-age=86400');
    response.type('css').send(style);
  });
  return router;
}

/** Sends a page that nobody caches; `body` is HTML, every value in it escaped by whoever made it. */
export function sendPlainPage(response: Response, { title, body }: { title: string; body: string }): void {
  const name = title === 'Waymark' ? title : `${title} – Waymark`;
  response.setHeader('Cache-Control', 'no-store');
  response
    .type('html')
    .send(
      `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>${escapeHtml(name)}</title>` +
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">' +
        `<link rel="icon" href="data:,"><link rel="stylesheet" href="${stylePath}"></head><body><main>` +
        `<h1>${escapeHtml(title)}</h1>${body}</main></body></html>`,
    );
}
