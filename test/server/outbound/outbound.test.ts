import type * as dns from 'node:dns';
import { afterEach, expect, test, vi } from 'vitest';
import { createOutbound, OutboundRefused } from '../../../server/outbound/outbound.ts';
import { isPrivateAddress } from '../../../server/outbound/private-addresses.ts';

/** Names lead where a test says: anybody can let a name of theirs lead into somebody else's network. */
const addresses: { address: string; family: number }[] = [];
vi.mock('node:dns', async (original) => ({
  ...(await original<typeof dns>()),
  lookup: (_name: string, _options: object, done: (error: null, found: typeof addresses) => void) =>
    done(null, addresses),
}));
const production = createOutbound({ isProduction: true, allowedHosts: [] });

afterEach(() => {
  addresses.length = 0;
  production.close();
});

test.each([
  ['this machine', ['127.0.0.1']],
  ['this machine by IPv6', ['::1']],
  ['a private network', ['10.1.2.3']],
  ['the address at which clouds give out credentials', ['169.254.169.254']],
  ['a public address and a private one', ['93.184.216.34', '192.168.1.1']],
  ['a private address in the clothes of IPv6', ['::ffff:10.0.0.1']],
  ['nowhere', []],
])('a name that leads to %s is not asked in production, although nothing in it shows that', async (_where, found) => {
  addresses.push(...found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  expect(production.objectionTo('https://vle.example/jwks')).toBeUndefined();
  await expect(production.request('https://vle.example/jwks')).rejects.toThrow(OutboundRefused);
});

test.each([
  ['9.255.255.255', false],
  ['10.0.0.0', true],
  ['10.255.255.255', true],
  ['11.0.0.0', false],
  ['100.63.255.255', false],
  ['100.64.0.0', true],
  ['172.15.255.255', false],
  ['172.16.0.0', true],
  ['172.31.255.255', true],
  ['172.32.0.0', false],
  ['192.168.0.0', true],
  ['192.169.0.0', false],
  ['223.255.255.255', false],
  ['224.0.0.0', true],
  ['255.255.255.255', true],
  ['2606:4700::1', false],
  ['fc00::1', true],
  ['fe80::1', true],
  ['64:ff9b::a00:1', true],
  ['2002:a00:1::', true],
])('%s is private: %s', (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected);
});
