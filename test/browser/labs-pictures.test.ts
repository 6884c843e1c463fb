/** The labs as they look: `NATWALK_PICTURES=new` takes the pictures anew, to be looked at before they are kept. */
import { expect, it } from 'vitest';
import { answer, type, visitLabs } from './lab.js';
import { unlike } from './picture.js';
import type { Visit, Wanted } from './visit.js';

type Reach = (visited: Visit) => Promise<void>;

const top: Reach = async ({ page }) => page.evaluate(() => scrollTo(0, 0));
const refuted: Reach = async (visited) => {
  const { page } = visited;
  await answer(page, 'device', 'ens6');
  await type(page, 'ip rule');
  await type(page, 'kubectl exec -it pod-2 -- ping -c 2 8.8.8.8');
  await type(page, 'iptables -t nat -L AWS-SNAT-CHAIN-0 -n -v');
  await top(visited);
};
const task: Reach = async ({ page }) => {
  await type(page, 'iptables -t nat -I AWS-SNAT-CHAIN-0 1 -d 198.51.100.0/24 -j RETURN');
  const summary = page.locator('summary').filter({ has: page.locator('h3', { hasText: /task|과제/ }) });
  await summary.click();
  await page.locator('.packets').first().waitFor();
  await page.getByRole('button', { name: /Try the packets|패킷 보내 보기/ }).click();
  await page.locator('.packets .badge.bad').first().waitFor();
  await summary.evaluate((one) => one.scrollIntoView());
};
const cause: Reach = async (visited) => {
  const { page } = visited;
  for (const [id, choice] of [
    ['device', 'ens5'],
    ['source', 'node'],
    ['masquerade', 'first'],
    ['public', 'same'],
  ] as const)
    await answer(page, id, choice);
  await page.locator('summary', { hasText: 'What really happens' }).evaluate((one) => one.scrollIntoView());
};
const shell: Reach = async (visited) => {
  await visited.page.locator('.tabs').getByRole('button', { name: 'Terminal' }).click();
  await type(visited.page, 'ip rule');
  await top(visited);
};
const progress: Reach = async (visited) => {
  const { page } = visited;
  await answer(page, 'device', 'ens5');
  await page.getByRole('link', { name: 'All labs' }).click();
  await page.locator('#labs-title').waitFor();
  await page.getByLabel('Import a progress file').setInputFiles({
    name: 'newer.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"schema":"natwalk/labs","version":2}'),
  });
  await page.getByRole('alert').waitFor();
  await top(visited);
};

const small = { viewport: { width: 390, height: 844 } } as const;
const PICTURES: readonly (readonly [name: string, hash: string, wanted: Wanted, reach: Reach])[] = [
  ['labs-list', '#lab=6', {}, progress],
  ['labs-refuted', '#lab=6', {}, refuted],
  ['labs-cause', '#lab=6', {}, cause],
  ['labs-task-dark', '#lab=6', { colorScheme: 'dark' }, task],
  ['labs-task-korean', '#lab=6', { locale: 'ko-KR' }, task],
  ['labs-small', '#lab=6', small, refuted],
  ['labs-shell-small', '#lab=6', small, shell],
];

it.each(PICTURES)('%s', async (name, hash, wanted, reach) => {
  const visited = await visitLabs(hash, wanted);
  await reach(visited);
  expect(await unlike(visited.page, name)).toBeLessThan(0.03);
  await visited.close();
});
