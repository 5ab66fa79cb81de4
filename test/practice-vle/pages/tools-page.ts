import type { Site } from '../site.ts';
import { escapeHtml } from './forms.ts';
import { bar, page } from './layout.ts';

/** The administrator's page: register a tool by its address, activate one that waits, see what is registered. */
export function toolsPage(site: Site): string {
  const rows = site.tools
    .map(
      ({ name, clientId, deploymentId, isPending }) =>
        `<tr><td>${escapeHtml(name)}</td><td>${escapeHtml(clientId)}</td><td>${escapeHtml(deploymentId)}</td><td>${
          isPending
            ? `<form method="post"><button name="activate" value="${escapeHtml(clientId)}">Activate ${escapeHtml(name)}</button></form>`
            : 'Active'
        }</td></tr>`,
    )
    .join('');
  return page(
    'Tools',
    `${bar(site, 'Site Administrator')}<main><h1>Tools</h1>
<form method="post"><p><label for="url">Registration address of the tool</label><br>
<input id="url" name="url" type="url" required size="60"> <button>Register</button></p></form>
<table><caption>Registered tools</caption><thead><tr><th scope="col">Name</th><th scope="col">Client id</th>
<th scope="col">Deployment</th><th scope="col">State</th></tr></thead><tbody>${rows}</tbody></table></main>`,
  );
}
