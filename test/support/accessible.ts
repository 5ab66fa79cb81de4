import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Fails with what axe finds on a page as it stands, and where something on it is wider than the window. `what` names it. */
export async function expectAccessible(page: Page, what = page.url()): Promise<void> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()');
  const isWider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect({ what, found: violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), isWider }).toEqual({
    what,
    found: [],
    isWider: false,
  });
}
