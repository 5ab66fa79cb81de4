import type { Site } from '../site.ts';
import { escapeHtml } from './forms.ts';

/** A page of the VLE. */
export const page = (title: string, body: string) => `<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head>
<body>${body}</body></html>`;

/** The bar on top, with who is looking. */
export const bar = (site: Site, who = '') =>
  `<header><a href="/">${escapeHtml(site.name)}</a>${who ? `<span>${escapeHtml(who)}</span>` : ''}</header>`;
