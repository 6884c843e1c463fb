/** A way across nodes: as an example, as an archive that is dropped, as a link. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { found } from './axe.js';
import { oneVisit } from './shared.js';
import { headline, sentence, visit } from './visit.js';

type Page = Awaited<ReturnType<typeof visit>>['page'];

const again = oneVisit();

async function example(page: Page, name: string): Promise<void> {
  await page.locator('header button.node').click();
  await page.getByRole('group', { name: 'Examples' }).getByRole('button', { name }).click();
  await page.getByText('3 outcomes').first().waitFor();
  await page.keyboard.press('Escape');
}

const hops = (page: Page): ReturnType<Page['locator']> =>
  page.getByRole('list', { name: 'Hops of the way' }).getByRole('listitem');

it('shows the way there and back on a map, each node with its own walk', async () => {
  const visited = await again();
  const { page, faults } = visited;
  await example(page, 'Two nodes and their network');
  expect(await page.locator('.place .name').allTextContents()).toEqual([
    ...['pod-1', 'worker-1', '192.168.32.1', 'worker-2', 'web-c', '192.168.64.1'],
  ]);
  expect(await hops(page).count()).toBe(8);
  await expect.poll(() => hops(page).first().innerText()).toContain('DNAT 192.168.73.44:8080');
  expect(await headline(page)).toContain('LEAVES by ens5 via 192.168.32.1');
  await page.getByRole('button', { name: 'Watch it on node worker-2, hop 3' }).click();
  await expect.poll(() => headline(page)).toContain('LEAVES by eni541cf4bf17a');
  await page.getByRole('button', { name: 'Watch it on node worker-1, hop 7' }).click();
  await expect.poll(() => headline(page)).toContain('10.100.5.20:80');
  expect(await sentence(page)).toContain('conntrack: known connection');
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('j');
  await page.locator('.rules h3').waitFor();
  expect(await found(visited)).toEqual([]);
  // The address leads back here.
  await page.reload();
  await expect.poll(() => sentence(page)).toContain('Step 4 of');
  expect(await hops(page).count()).toBe(8);
  expect(faults).toEqual([]);
});

it('tells why of a rule of any node on the way, and what a change there would change', async () => {
  const { page, faults } = await again();
  await example(page, 'Two nodes and their network');
  for (let step = 2; step <= 5; step += 1) {
    await page.keyboard.press('j');
    await expect.poll(() => sentence(page)).toContain(`Step ${String(step)} of`);
  }
  await page.locator('.rules .list').waitFor();
  await page.keyboard.press('w');
  await expect.poll(() => page.locator('.detail pre').innerText()).toContain('MATCHED  nat KUBE-SERVICES');
  await page.locator('.detail').getByRole('button', { name: 'Take out' }).click();
  const told = page.getByRole('region', { name: 'What if' });
  await told.waitFor();
  await expect.poll(() => told.innerText()).toContain('worker-1: without -A KUBE-SERVICES');
  await expect.poll(() => told.innerText()).toContain('hop 1 (node worker-1): ');
  // The address leads back to the changed way.
  await page.reload();
  await told.waitFor();
  await page.keyboard.press('d');
  await page.getByText('3 outcomes').first().waitFor();
  await page.keyboard.press('d');
  await page.getByRole('button', { name: 'All as it was' }).click();
  await told.waitFor({ state: 'detached' });
  await page.getByText('3 outcomes').first().waitFor();
  expect(faults).toEqual([]);
});

it('reads an archive with a cluster file, and says in place what of it is not there', async () => {
  const { page, faults } = await again();
  const drop = async (...options: readonly string[]): Promise<void> => {
    const bytes = execFileSync('tar', ['cz', ...options, '-C', 'examples/cluster', '.']);
    await page.evaluate((data) => {
      const content = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([content], 'cluster.tgz'));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
    }, bytes.toString('base64'));
  };
  await drop('--exclude=worker-2');
  await page.locator('.read li', { hasText: 'CLUSTER_NODE_PATH' }).waitFor();
  await expect.poll(() => page.locator('.read mark').innerText()).toContain('worker-2');
  expect(await headline(page)).toContain('LEAVES by ens5');
  await drop();
  await page.getByRole('region', { name: 'Way across the nodes' }).waitFor();
  await page.getByRole('combobox', { name: 'From' }).fill('outside');
  await page.getByRole('combobox', { name: 'To', exact: true }).fill('nlb:web-local');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.locator('.place .name').first().textContent()).toBe('outside');
  await page.getByRole('combobox', { name: 'From' }).fill('pod:nobody');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('is nothing of this cluster').waitFor();
  expect(faults).toEqual([]);
});

it('is shared by its link, in Korean, on a small screen', async () => {
  const sender = await again();
  await example(sender.page, 'Two nodes and their network');
  await sender.page.keyboard.press('s');
  const link = sender.page.locator('#share-link');
  await expect.poll(() => link.inputValue()).toMatch(/^#q1\..*~2\.0\.0~cluster$/);
  // Hidden, the way itself is in the link.
  await sender.page.getByLabel('Hide addresses, names and comments').check();
  await expect.poll(() => link.inputValue()).toMatch(/^#v1\./);
  const hash = await link.inputValue();
  const visited = await visit({
    ...{ hash, locale: 'ko-KR', viewport: { width: 320, height: 700 } },
  });
  const { page, faults, close } = visited;
  expect(await page.getByRole('list', { name: '경로의 홉' }).getByRole('listitem').count()).toBe(8);
  expect(await found(visited)).toEqual([]);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
  ).toBe(0);
  expect(faults).toEqual([]);
  await close();
});

it('has an example of outcomes side by side, each with its chance', async () => {
  const { page, faults } = await again();
  await example(page, 'A service with three endpoints');
  const cards = page.getByRole('region', { name: '3 outcomes' }).getByRole('listitem');
  expect(await cards.count()).toBe(3);
  for (const card of await cards.all()) await expect.poll(() => card.innerText()).toMatch(/^33\.3 %/);
  await cards
    .nth(2)
    .getByRole('button', { name: /^Keep to/ })
    .click();
  await expect.poll(() => headline(page)).toContain('192.168.73.44:8080');
  expect(faults).toEqual([]);
});

it('keeps to an endpoint on a way across nodes, as on one node', async () => {
  const { page, faults } = await again();
  await example(page, 'Two nodes and their network');
  const keep = page.getByRole('button', { name: 'Keep to 192.168.73.44:8080' });
  await keep.focus();
  await page.keyboard.press('Enter');
  await page.getByText('3 outcomes').waitFor({ state: 'detached' });
  await expect.poll(() => hops(page).count()).toBe(8);
  // The address leads back to it.
  await page.reload();
  await page.getByRole('button', { name: /^192\.168\.73\.44:8080/ }).click();
  await page.getByText('3 outcomes').first().waitFor();
  expect(faults).toEqual([]);
});
