/** One page for all tests of a file: opening one costs most of what a test costs. Each test finds it as it was opened. */
import type { Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { type Visit, type Wanted, visit } from './visit.js';

/** The question that the sample node is opened with. */
const ASK = {
  packet: {
    ...{ from: '192.168.61.33', to: '8.8.8.8:443', proto: 'tcp', in: '', mark: '', tcpFlags: '' },
    ...{ icmp: '', ttl: '', uid: '', ct: '' },
  },
  ...{ settled: [], pick: null, edits: [], flow: false },
};
const QUESTION = `q1.${Buffer.from(JSON.stringify(ASK)).toString('base64url')}~0.0.0`;
const SIZE = { width: 1440, height: 900 };

/** Closes what is open, and asks the first question by its link, which takes back whatever was settled or changed. */
async function putBack(page: Page, about: string): Promise<void> {
  for (const key of ['Escape', 'Escape']) await page.keyboard.press(key);
  await page.mouse.move(2, 2);
  await page.setViewportSize(SIZE);
  await page.evaluate((hash) => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    scrollTo(0, 0);
    location.hash = hash;
  }, `${QUESTION}~${about}`);
  // The page writes its own address when the question has been answered.
  await page.waitForFunction((end) => !location.hash.endsWith(end), `~${about}`);
  await page.locator('p.sentence', { hasText: 'Step 1 of' }).waitFor();
}

/** @returns what gives the page: opened at first, put back later. A node of the test's own is asked in place of the sample. */
export function oneVisit(wanted: Wanted = {}): () => Promise<Visit> {
  let visited: Visit | null = null;
  afterAll(async () => {
    await visited?.close();
    visited = null;
  });
  return async () => {
    if (visited === null) visited = await visit(wanted);
    else await putBack(visited.page, wanted.node === undefined ? 'node' : 'own');
    return visited;
  };
}
