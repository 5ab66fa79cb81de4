import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { chromium, type Browser, type Page } from 'playwright-core';

/**
 * A Chromium as the journeys use it; no network of its own. A frame stays in its page's process whatever site it goes to: a
 * launch goes from site to site in a moment, and Playwright, handed the frame from process to process, would on a busy machine
 * take the old one's end for the new one's and see no more of it. What sites may know of each other is the same.
 */
export function openBrowser(...more: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-site-isolation-trials',
      ...more,
    ],
  });
}

/** Serves an app on a port of its own. */
export async function serve(app: Express): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => void app(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/**
 * Collects what a page complains about; a journey ends with it empty. That the server refused something, or that a test cut
 * the connection, is no fault of the page.
 */
export function watchProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (4\d\d)|ERR_INTERNET_DISCONNECTED/.test(message.text()))
      problems.push(message.text());
  });
  return problems;
}
