const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text made safe for HTML content and attributes. */
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** A page that posts its fields on at once, as platforms do; without scripts a person can press the button. */
export function autoSubmittingForm(action: string, fields: Record<string, string>, target = ''): string {
  const inputs = Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('\n');
  return `<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Opening…</title></head>
<body>
<form id="onward" method="post" action="${escapeHtml(action)}"${target ? ` target="${escapeHtml(target)}"` : ''}>
${inputs}
<noscript><button>Continue</button></noscript>
</form>
<script>document.getElementById('onward').submit();</script>
</body></html>`;
}

/** A plain page that says what went wrong. */
export function errorPage(message: string): string {
  return `<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Error</title></head>
<body><main><h1>That did not work</h1><p>${escapeHtml(message)}</p></main></body></html>`;
}
