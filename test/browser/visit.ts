/** Opens the page in a browser, as a reader who was never there before, and watches what it does. */
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { afterAll, inject } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE_FILES, type PageFile } from '../../src/cli/ui-page.js';
import { type ServedNode, type Serving, serve } from '../../src/cli/ui-server.js';
import { browserPath } from './available.js';

/** A page that is open, with all that it asked for and all that went wrong. */
export interface Visit {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
}

export interface Wanted extends BrowserContextOptions {
  /** What stands behind the page's own address: `#v1…`. */
  readonly hash?: string;
  /** Opened as a file, not from a server. */
  readonly asFile?: boolean;
  readonly node?: ServedNode;
  /** Served by somebody else. */
  readonly url?: string;
  /** Do not wait for a walk. */
  readonly bare?: boolean;
}

let browser: Browser | null = null;
let serving: Serving | null = null;

afterAll(async () => {
  await browser?.close();
  await serving?.stop();
  [browser, serving] = [null, null];
});

async function launched(): Promise<Browser> {
  browser ??= await chromium.launch({
    executablePath: browserPath() ?? '',
    // Root, as in containers, has no sandbox.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  return browser;
}

function built(): ReadonlyMap<PageFile, Buffer> {
  return new Map(PAGE_FILES.map((name) => [name, readFileSync(join(inject('page'), name))]));
}

/** A server of the page with a node of its own. */
export async function servePage(node: ServedNode | null): Promise<Serving> {
  return serve(built(), node, 0);
}

async function addressFor({
  asFile = false,
  node,
  url,
}: Wanted): Promise<{ url: string; stop: () => Promise<void> }> {
  const stop = async (): Promise<void> => Promise.resolve();
  if (url !== undefined) return { url, stop };
  if (asFile) return { url: `file://${inject('page')}/index.html`, stop };
  if (node !== undefined) return servePage(node);
  serving ??= await servePage(null);
  return { url: serving.url, stop };
}

/** Opens the page in a profile of its own. */
export async function visit(wanted: Wanted = {}): Promise<Visit> {
  const { hash = '', asFile: _asFile, node: _node, url: _url, bare = false, ...options } = wanted;
  const { url, stop } = await addressFor(wanted);
  const context = await (
    await launched()
  ).newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-US',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const faults: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  await page.goto(url + hash);
  if (!bare) await page.locator('section[aria-label="Answer"], section[aria-label="답"]').waitFor();
  return {
    page,
    requests,
    faults,
    async close() {
      await context.close();
      if (wanted.node !== undefined) await stop();
    },
  };
}

/** The sentence of the step that is shown. */
export async function sentence(page: Page): Promise<string> {
  return (await page.locator('p.sentence').innerText()).replaceAll(/\s+/g, ' ');
}

/** The answer's headline. */
export async function headline(page: Page): Promise<string> {
  await page.locator('p.head strong').first().waitFor();
  return (await page.locator('p.head strong, p.head .rest').allInnerTexts()).join(' ').replace(/^\S\s/, '');
}
