import { Router } from 'express';
import { escapeHtml } from './escape-html.ts';
import { sendPlainPage } from './plain-page.ts';

/** The addresses that a platform must know of Waymark; all of them are public. */
export interface ToolAddresses {
  readonly login: string;
  readonly launch: string;
  readonly keys: string;
  readonly register: string;
}

/**
 * What somebody sees who opens Waymark’s own address: a person who looks for it, or the administrator who has just started
 * it and wants to know that it runs and how it is connected.
 */
export function createFrontPageRouter({ login, launch, keys, register }: ToolAddresses): Router {
  const rows = [
    ['Launch address (target link, redirect address, deep linking)', launch],
    ['Login address (initiate login)', login],
    ['Public keys (JWKS)', keys],
  ].map(([name, value]) => `<dt>${escapeHtml(name!)}</dt><dd><code>${escapeHtml(value!)}</code></dd>`);
  const body =
    '<p>Waymark is running. Students and staff open it inside a course of their VLE; there is nothing to sign in to here.</p>' +
    '<p><a href="/urgent-help">Urgent help: who listens day and night</a></p>' +
    '<h2>For administrators of a VLE</h2>' +
    '<p>Where your VLE can register a tool by its address, paste this one, with the registration secret that was set where ' +
    `Waymark runs:</p><p><code>${escapeHtml(register)}?secret=…</code></p>` +
    `<p>To register it by hand, these are its addresses:</p><dl>${rows.join('')}</dl>` +
    '<p>The steps for Moodle, Canvas, Brightspace, Blackboard, Sakai and others come with Waymark, in its folder <code>lti-config</code>.</p>';
  const router = Router();
  router.get('/', (_request, response) => sendPlainPage(response, { title: 'Waymark', body }));
  return router;
}
