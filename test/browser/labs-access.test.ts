/** Everybody can do the labs: what axe-core finds, small screens, large text, words for what is drawn. */
import { expect, it } from 'vitest';
import { found } from './axe.js';
import { answer, type, visitLabs } from './lab.js';
import type { Visit } from './visit.js';

type Reach = (visited: Visit) => Promise<void>;

const lab: Reach = async ({ page }) => {
  await page.getByRole('link', { name: /A pod to the internet/ }).click();
  await page.locator('#lab-title').waitFor();
};
const refuted: Reach = async (visited) => {
  await lab(visited);
  await answer(visited.page, 'device', 'ens6');
  await answer(visited.page, 'source', 'node');
  await type(visited.page, 'ip rule');
  await type(visited.page, 'ip rool');
};
async function openAll(page: Visit['page']): Promise<void> {
  const closed = page.locator('.story > details:not([open]) > summary');
  while ((await closed.count()) > 0) await closed.first().click();
}

/** All steps are open, and the packets were tried. */
const open: Reach = async (visited) => {
  const { page } = visited;
  await openAll(page);
  await page.getByRole('button', { name: /^Show hint 1/ }).click();
  await page.getByRole('button', { name: 'Show a solution' }).click();
  await page.getByRole('button', { name: 'Begin anew' }).click();
  await page.getByRole('button', { name: 'Try the packets' }).click();
  await page.locator('.packets .badge.bad').first().waitFor();
  await page.getByText('Worth typing').click();
};
it.each(['light', 'dark'] as const)('axe-core finds nothing in %s colours', async (colorScheme) => {
  const visited = await visitLabs('#labs', { colorScheme });
  expect(await found(visited)).toEqual([]);
  await refuted(visited);
  expect(await found(visited)).toEqual([]);
  await open(visited);
  expect(await found(visited)).toEqual([]);
  await visited.close();
});

it('axe-core finds nothing in Korean, on a small screen, in lab and terminal', async () => {
  const visited = await visitLabs('#lab=6', { locale: 'ko-KR', viewport: { width: 320, height: 700 } });
  expect(await found(visited)).toEqual([]);
  await visited.page.locator('.tabs').getByRole('button', { name: '터미널' }).click();
  await type(visited.page, 'ip rule');
  expect(await found(visited)).toEqual([]);
  await visited.close();
});

it.each([
  ['320 px', { viewport: { width: 320, height: 700 } }],
  ['twice the size', { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }],
] as const)('needs no scrolling sideways at %s', async (_name, wanted) => {
  const visited = await visitLabs('#labs', wanted);
  const { page } = visited;
  const over = async (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await over()).toBe(0);
  await lab(visited);
  await answer(page, 'device', 'ens6');
  await openAll(page);
  expect(await over()).toBe(0);
  await page.locator('.tabs').getByRole('button', { name: 'Terminal' }).click();
  await type(page, 'iptables -t nat -S');
  expect(await over()).toBe(0);
  expect(await page.getByRole('button', { name: 'Run', exact: true }).isVisible()).toBe(true);
  await visited.close();
});

it('tells who does not see it what was answered, typed and reached', async () => {
  const visited = await visitLabs('#lab=6');
  const { page } = visited;
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('lab-title');
  const log = page.getByRole('log');
  await type(page, 'ip rule | head -n 1');
  await expect.poll(() => log.innerText()).toContain('from all lookup local');
  expect(await page.locator('#terminal-line').getAttribute('aria-describedby')).toBe('terminal-text');
  await page.getByRole('button', { name: 'Answer', exact: true }).first().click();
  await page.getByRole('alert').filter({ hasText: 'Choose an answer first.' }).waitFor();
  await answer(page, 'device', 'ens6');
  expect(await page.evaluate(() => document.activeElement?.className)).toContain('latest');
  expect(await page.getByRole('group', { name: /^pod-2's address belongs to ens6/ }).count()).toBe(1);
  const meter = page.locator('meter');
  expect(await meter.getAttribute('aria-label')).toBe('0 of 100 points');
  // Asked whether he is sure, he is at the harmless answer, and behind it where he was.
  await page.getByRole('button', { name: 'Begin anew' }).click();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('No, go on');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Begin anew');
  await visited.close();
});

it('leads past the head of the page to the labs', async () => {
  const visited = await visitLabs('#labs');
  const { page } = visited;
  await page.locator('a.skip').focus();
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => [document.activeElement?.id, location.hash])).toEqual([
    'labs-view',
    '#labs',
  ]);
  await visited.close();
});
