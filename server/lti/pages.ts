import { createHash } from 'node:crypto';
import { Router, type Response } from 'express';
import { escapeHtml } from '../http/escape-html.ts';
import { toolIcon } from './assets/icon.ts';
import { pageScript } from './assets/script.ts';
import { pageStyle } from './assets/style.ts';
import { explainRefusal, type RefusalCode } from './refusals.ts';

/** Plain pages of LTI, without the client: their style and script are files of ours, as the policy allows nothing inline. */

const versionOf = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 12);
const stylePath = `/lti/assets/page-${versionOf(pageStyle)}.css`;
const scriptPath = `/lti/assets/page-${versionOf(pageScript)}.js`;

export function createAssetsRouter(): Router {
  const router = Router();
  const send = (type: string, text: string) => (_request: unknown, response: Response) => {
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
    response.type(type).send(text);
  };
  router.get(stylePath.slice('/lti'.length), send('css', pageStyle));
  router.get(scriptPath.slice('/lti'.length), send('js', pageScript));
  router.get('/icon.svg', (_request, response) => {
    response.setHeader('Cache-Control', 'public, max-age=86400');
    // The pages that show it are the platform's.
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.type('svg').send(toolIcon);
  });
  return router;
}

export interface PageParts {
  readonly title: string;
  /** HTML; every value in it escaped by whoever made it. */
  readonly body: string;
  readonly status?: number;
  /** Data attributes of the body, for the script; with `step` it runs. */
  readonly data?: Readonly<Record<string, string>>;
  /** Origins that may frame this page although none of their launches is proven yet; and that its form may post to. */
  readonly formActions?: readonly string[];
  readonly isFrameableByAnyone?: boolean;
}

/** Sends a page that nobody caches. */
export function sendPage(
  response: Response,
  { title, body, status = 200, data = {}, formActions = [], isFrameableByAnyone = false }: PageParts,
): void {
  const attributes = Object.entries(data)
    .map(([name, value]) => ` data-${name}="${escapeHtml(value)}"`)
    .join('');
  const script = data['step'] === undefined ? '' : `<script src="${scriptPath}" defer></script>`;
  loosenPolicy(response, { formActions, isFrameableByAnyone });
  response.setHeader('Cache-Control', 'no-store');
  response
    .status(status)
    .type('html')
    .send(
      `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>${escapeHtml(title)} – Waymark</title>` +
        `<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="${stylePath}">` +
        `${script}</head><body${attributes}><main><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`,
    );
}

/** The policy that the application has set, with one directive widened for this page alone. */
function loosenPolicy(
  response: Response,
  { formActions, isFrameableByAnyone }: { formActions: readonly string[]; isFrameableByAnyone: boolean },
): void {
  const policy = response.getHeader('Content-Security-Policy');
  if (typeof policy !== 'string') return;
  const directives = policy.split('; ').map((directive) => {
    if (formActions.length > 0 && directive.startsWith('form-action ')) return `${directive} ${formActions.join(' ')}`;
    if (isFrameableByAnyone && directive.startsWith('frame-ancestors ')) return 'frame-ancestors *';
    return directive;
  });
  response.setHeader('Content-Security-Policy', directives.join('; '));
}

/** The page that says what went wrong and whom to ask. There is nothing to click but urgent help, so anybody may frame it. */
export function sendRefusal(response: Response, code: RefusalCode, detail?: string): void {
  const { status, what, advice } = explainRefusal(code);
  response.setHeader('X-Waymark-Refusal', code);
  sendPage(response, {
    title: code.startsWith('registration-') ? 'Waymark could not be registered' : 'Waymark could not be opened',
    status,
    isFrameableByAnyone: true,
    body:
      `<p>${escapeHtml(what)}</p><p>${escapeHtml(advice)}</p>` +
      `<p>Code: <code>${code}</code>${detail === undefined ? '' : ` (${escapeHtml(detail)})`}</p>` +
      '<p><a href="/urgent-help" target="_blank" rel="noreferrer">Urgent help: who listens day and night (new tab)</a></p>',
  });
}
