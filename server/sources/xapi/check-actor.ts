import { isIri, textOf, type Problems } from './checks.ts';

/** Checks who did something, or whom it was done to, against the data rules; groups with their members. */
export function checkActor(value: unknown, at: string, p: Problems, mustBe?: 'Agent'): void {
  if (!p.object(value, at)) return;
  const type = value['objectType'] ?? 'Agent';
  if (type !== 'Agent' && type !== 'Group') return p.add(`${at}.objectType`, 'must be Agent or Group');
  if (mustBe && type !== mustBe) return p.add(`${at}.objectType`, `must be ${mustBe}`);
  const identifiers = ['mbox', 'mbox_sha1sum', 'openid', 'account'];
  p.onlyKeys(value, ['objectType', 'name', ...identifiers, ...(type === 'Group' ? ['member'] : [])], at);
  p.noNulls(value, at);
  if (value['name'] !== undefined && typeof value['name'] !== 'string') p.add(`${at}.name`, 'must be a text');
  const given = identifiers.filter((key) => value[key] !== undefined);
  if (given.length > 1) p.add(at, 'must have one identifier only');
  if (given.length === 0 && type === 'Agent') p.add(at, 'must have an identifier');
  if (given.length === 0 && type === 'Group' && !Array.isArray(value['member'])) p.add(at, 'must have members');
  const { mbox, mbox_sha1sum: sum, openid, account } = value;
  if (mbox !== undefined && !/^mailto:[^@\s]+@[^@\s]+$/i.test(textOf(mbox)))
    p.add(`${at}.mbox`, 'must be a mailto IRI');
  if (sum !== undefined && !/^[0-9a-f]{40}$/i.test(textOf(sum))) p.add(`${at}.mbox_sha1sum`, 'must be a SHA-1');
  if (openid !== undefined && !isIri(openid)) p.add(`${at}.openid`, 'must be a URI');
  if (account !== undefined && p.object(account, `${at}.account`)) {
    p.onlyKeys(account, ['homePage', 'name'], `${at}.account`);
    if (!isIri(account['homePage'])) p.add(`${at}.account.homePage`, 'must be an IRL');
    if (typeof account['name'] !== 'string' || !account['name']) p.add(`${at}.account.name`, 'must be a text');
  }
  if (Array.isArray(value['member'])) {
    for (const [index, member] of value['member'].entries()) checkActor(member, `${at}.member.${index}`, p, 'Agent');
  }
}
