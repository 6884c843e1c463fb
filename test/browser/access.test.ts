/** Everybody can use it: what axe-core finds, small screens, large text, words for what is drawn. */
import { expect, it } from 'vitest';
import { found } from './axe.js';
import { oneVisit } from './shared.js';
import { type Visit, sentence, visit } from './visit.js';

const again = oneVisit();

const press = async ({ page }: Visit, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
  await page.waitForTimeout(300);
};

const ten = Array.from({ length: 9 }, () => 'j');
const STATES: Readonly<Record<string, (visited: Visit) => Promise<void>>> = {
  'at the start': async (visited) => press(visited),
  'at a routing step': async (visited) => press(visited, ...ten),
  'at a rule, told why': async (visited) => {
    await press(visited, 'End', 'k');
    await visited.page.locator('.row.chosen').waitFor();
    await press(visited, 'w');
    await visited.page.locator('.detail pre').waitFor();
  },
  'with the node open and a finding': async (visited) => {
    const { page } = visited;
    await page.locator('header button.node').click();
    await page
      .locator('#paste')
      .fill('*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -m nope -j ACCEPT\nCOMMIT\n');
    await page.locator('.give button.main').click();
    await page.locator('.read li.warning').first().waitFor();
  },
  'with the share dialog': async (visited) => press(visited, 's'),
  'with the list of keys': async (visited) => press(visited, '?'),
};

it('axe-core finds nothing in any state, and no colours too near to each other in the dark', async () => {
  const visited = await again();
  const { page, faults } = visited;
  const inColours = async (scheme: 'light' | 'dark'): Promise<void> =>
    page.emulateMedia({ colorScheme: scheme });
  for (const [name, reach] of Object.entries(STATES)) {
    await press(visited, 'Escape', 'Home');
    await reach(visited);
    expect.soft(await found(visited), name).toEqual([]);
    await inColours('dark');
    expect.soft(await found(visited, 'color-contrast'), `${name}, in the dark`).toEqual([]);
    await inColours('light');
  }
  expect(faults).toEqual([]);
});

it('axe-core finds nothing in Korean, on a small screen', async () => {
  const visited = await visit({ locale: 'ko-KR', viewport: { width: 320, height: 700 } });
  expect(await visited.page.locator('html').getAttribute('lang')).toBe('ko');
  expect(await found(visited)).toEqual([]);
  for (const tab of ['패킷', '규칙']) {
    await visited.page.locator('.tabs').getByRole('button', { name: tab }).click();
    expect(await found(visited)).toEqual([]);
  }
  await visited.close();
});

async function expectNoScrolling(visited: Visit): Promise<void> {
  const over = async (): Promise<number> =>
    visited.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await over()).toBe(0);
  await visited.page.locator('header button.node').click();
  expect(await over()).toBe(0);
  await visited.page.locator('.tabs').getByRole('button', { name: 'Rules' }).click();
  await press(visited, 'End', 'k');
  expect(await over()).toBe(0);
}

it('needs no scrolling sideways at 320 px', async () => {
  const visited = await again();
  await visited.page.setViewportSize({ width: 320, height: 700 });
  await expectNoScrolling(visited);
});

it('needs no scrolling sideways at twice the size', async () => {
  const visited = await visit({ viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 });
  await expectNoScrolling(visited);
  await visited.close();
});

it('says each step in words to who does not see the drawing', async () => {
  const visited = await again();
  const { page } = visited;
  const slider = page.getByRole('slider', { name: 'Step of the walk' });
  await press(visited, 'j');
  expect(await slider.getAttribute('aria-valuetext')).toBe(
    'Step 2 of 23: mangle PREROUTING 2/3: CONNMARK restore-mark',
  );
  await slider.focus();
  await press(visited, 'ArrowRight', 'ArrowRight');
  expect(await sentence(page)).toContain('Step 4 of 23');
  const live = page.locator('p.sentence [aria-live]');
  expect(await live.getAttribute('aria-live')).toBe('polite');
  expect(await page.getByRole('list', { name: 'Steps' }).getByRole('listitem').count()).toBe(23);
  expect(await page.locator('#diagram').getAttribute('aria-hidden')).toBe('true');
  const current = page.locator('[aria-current="step"]');
  await expect.poll(() => current.innerText()).toContain('KUBE-SERVICES');
});

it('does not move what the reader wants still', async () => {
  const { page } = await again();
  const moving = async (): Promise<string> =>
    page.locator('.token').evaluate((token) => getComputedStyle(token).transitionDuration);
  expect(await moving()).toBe('0s');
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await moving()).not.toBe('0s');
  await page.emulateMedia({ reducedMotion: 'reduce' });
});
