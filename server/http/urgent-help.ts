import { Router } from 'express';
import { fillPack } from '../policy/fill-pack.ts';
import type { PolicyPack } from '../policy/schema.ts';
import { escapeHtml } from './escape-html.ts';
import { sendPlainPage } from './plain-page.ts';

/** Who listens now: the one step from wherever Waymark itself could not be opened. */
export function createUrgentHelpRouter(pack: PolicyPack): Router {
  const page = { title: 'Urgent help', body: render(pack) };
  const router = Router();
  router.get('/urgent-help', (_request, response) => sendPlainPage(response, page));
  return router;
}

function render(pack: PolicyPack): string {
  const { intro, contacts } = fillPack(pack).routes.crisis;
  const items = contacts
    .map(({ name, description, phone, url }) => {
      const call = phone && `<a href="tel:${escapeHtml(phone.replaceAll(' ', ''))}">Call ${escapeHtml(phone)}</a>`;
      const visit = url && `<a href="${escapeHtml(url)}" rel="noreferrer">Website of ${escapeHtml(name)}</a>`;
      const ways = [call, visit].filter(Boolean).map((way) => `<p>${way}</p>`);
      return `<li><h2>${escapeHtml(name)}</h2><p>${escapeHtml(description)}</p>${ways.join('')}</li>`;
    })
    .join('');
  return `<p>${escapeHtml(intro)}</p><ul>${items}</ul>`;
}
