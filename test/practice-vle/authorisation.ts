import express, { type Request, type Response, type Router } from 'express';
import { signToken } from './keys.ts';
import { launchClaims } from './launches.ts';
import { autoSubmittingForm, errorPage } from './pages/forms.ts';
import { findPerson, type Site } from './site.ts';

/** Why the platform says no, in the words of OAuth 2; `unregistered` is shown to the person, not sent to the tool. */
type Refusal = { error: string; description?: string } | { error: 'unregistered' };

/** GET and POST /mod/lti/auth.php: the OIDC authorisation endpoint, as strict as Moodle's. */
export function authorisationRouter(site: Site): Router {
  const router = express.Router();
  router.all(
    '/mod/lti/auth.php',
    express.urlencoded({ extended: false }),
    site.faults.at('authorisation'),
    (request, response) => answerAuthorisation(site, request, response),
  );
  return router;
}

async function answerAuthorisation(site: Site, request: Request, response: Response): Promise<void> {
  const parameters = stringParameters(request);
  const intent = takeIntent(site, parameters['lti_message_hint']);
  const refusal = refuse(site, parameters, intent?.tool.clientId, intent?.personId);
  const redirectUri = parameters['redirect_uri'] ?? '';
  const state: Record<string, string> = parameters['state'] === undefined ? {} : { state: parameters['state'] };

  if (refusal?.error === 'unregistered' || !redirectUri) {
    response.status(400).send(errorPage('The tool asked to be answered at an address that is not registered.'));
    return;
  }
  const person = intent && findPerson(site, intent.personId);
  if (refusal || !intent || !person) {
    const reason = refusal ?? { error: 'access_denied' };
    const description: Record<string, string> =
      'description' in reason && reason.description ? { error_description: reason.description } : {};
    response.send(autoSubmittingForm(redirectUri, { error: reason.error, ...description, ...state }));
    return;
  }
  const claims = launchClaims(site, intent, person, parameters['nonce'] ?? '');
  const idToken = await signToken(site.keys, claims);
  response.send(autoSubmittingForm(redirectUri, { id_token: idToken, ...state }));
}

function refuse(
  site: Site,
  given: Record<string, string | undefined>,
  clientId: string | undefined,
  personId: number | undefined,
): Refusal | undefined {
  const tool = site.tools.find((one) => one.clientId === given['client_id']);
  if (tool && given['redirect_uri'] && !tool.redirectUris.includes(given['redirect_uri'])) {
    return { error: 'unregistered' };
  }
  for (const name of ['scope', 'response_type', 'client_id', 'redirect_uri', 'login_hint', 'nonce']) {
    if (!given[name]) return { error: 'invalid_request', description: `Missing ${name}` };
  }
  if (given['scope'] !== 'openid') return { error: 'invalid_scope' };
  if (given['response_type'] !== 'id_token') return { error: 'unsupported_response_type' };
  if (!tool || tool.clientId !== clientId) return { error: 'unauthorized_client' };
  if (given['login_hint'] !== String(personId)) return { error: 'access_denied' };
  if (given['response_mode'] !== 'form_post') {
    return { error: 'invalid_request', description: 'Missing or unsupported response_mode' };
  }
  if (given['prompt'] !== undefined && given['prompt'] !== 'none') {
    return { error: 'invalid_request', description: 'Unsupported prompt' };
  }
  return undefined;
}

function stringParameters(request: Request): Record<string, string | undefined> {
  const given = { ...request.query, ...(request.body as Record<string, unknown> | undefined) };
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** A launch is answered once; a second authorisation request with the same hint finds nothing. */
function takeIntent(site: Site, hint: string | undefined) {
  try {
    const { launchid } = JSON.parse(hint ?? '{}') as { launchid?: string };
    const intent = site.launches.get(launchid ?? '');
    site.launches.delete(launchid ?? '');
    return intent;
  } catch {
    return undefined;
  }
}
