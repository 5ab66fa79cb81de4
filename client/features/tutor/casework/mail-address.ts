/** The address of a message in one's own mail program. Lines end as RFC 6068 asks, or some programs run them together. */
export function mailAddress({
  to = '',
  subject,
  body,
}: {
  to?: string | undefined;
  subject: string;
  body: string;
}): string {
  const lines = body.replaceAll(/\r?\n/g, '\r\n');
  return `mailto:${encodeURIComponent(to)}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(lines)}`;
}
