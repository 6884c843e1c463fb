import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { oneVisit } from './shared.js';
import { headline, sentence, visit } from './visit.js';

type Page = Awaited<ReturnType<typeof visit>>['page'];

const EKS = 'examples/eks-node';
const files = readdirSync(EKS).map((name) => ({ name, text: readFileSync(`${EKS}/${name}`, 'utf8') }));
/** Somebody with a node of his own: what he shares is in the link. */
const sender = oneVisit({ node: { name: 'my-node', files, which: null } });
/** Somebody at the example. */
const reader = oneVisit();

const linkOf = async (page: Page): Promise<string> => {
  await page.keyboard.press('s');
  await expect.poll(() => page.locator('#share-link').inputValue()).toMatch(/#[vq]1\./);
  return page.locator('#share-link').inputValue();
};
const go = async (page: Page, to: string): Promise<void> =>
  page.evaluate((one) => {
    location.hash = one;
  }, to);
const hashOf = (link: string): string => link.slice(link.indexOf('#'));

it('shares a walk by its link, which shows it to somebody who has no dump', async () => {
  const sent = await sender();
  for (let step = 0; step < 21; step += 1) await sent.page.keyboard.press('j');
  const told = await headline(sent.page);
  const link = await linkOf(sent.page);
  // The address of natwalk ui has its token in it, and is of no use to anybody else.
  expect(link).toMatch(/^#v1\./);
  const { page, requests, faults, close } = await visit({ hash: hashOf(link) });
  expect(await headline(page)).toBe(told);
  expect(await sentence(page)).toContain('Step 22 of 23 AWS-SNAT-CHAIN-0 2/2');
  await expect
    .poll(() => page.locator('.row.matched .text').innerText())
    .toContain('-j SNAT --to-source 192.168.45.10');
  await page.getByText('A shared walk. The dump is not in it.').waitFor();
  expect(requests.filter((url) => url.endsWith('.js'))).toEqual([]);
  await page.keyboard.press('Home');
  await page.keyboard.press('r');
  expect(await sentence(page)).toContain('Step 1 of 12');
  await page.getByRole('button', { name: 'Walk a packet of your own' }).click();
  await page.getByRole('button', { name: 'Walk it' }).waitFor();
  expect(faults).toEqual([]);
  await close();
});

it('says of a shared walk that it is of a changed node', async () => {
  const sent = await sender();
  for (let step = 0; step < 9; step += 1) await sent.page.keyboard.press('j');
  await sent.page.locator('summary', { hasText: 'fwmark 0x80/0x80' }).click();
  await sent.page.getByRole('button', { name: 'Take out' }).click();
  await expect.poll(() => headline(sent.page)).toContain('LEAVES by ens6');
  const link = await linkOf(sent.page);
  const { page, faults } = await reader();
  await go(page, hashOf(link));
  await page.getByText('A shared walk. The dump is not in it.').waitFor();
  expect(await headline(page)).toContain('LEAVES by ens6');
  const told = page.getByRole('region', { name: 'What if' });
  await expect.poll(() => told.innerText()).toMatch(/without 1024:.*\s+⇒ egress ens6 instead of ens5/);
  expect(await told.getByRole('button').count()).toBe(0);
  // Beside it stands how the packet ends without the change.
  await expect.poll(() => told.locator('dd').first().innerText()).toContain('LEAVES by ens5');
  expect(faults).toEqual([]);
});

it('shows exactly what the link holds, and hides what the reader wants hidden', async () => {
  const { page, close } = await visit({ node: { name: 'my-node', files, which: null } });
  const open = await linkOf(page);
  const exact = page.getByRole('region', { name: 'All that the link holds' });
  await expect.poll(() => exact.innerText()).toContain('192.168.61.33');
  await page.getByLabel('Hide addresses, names and comments').check();
  await expect.poll(() => exact.innerText()).not.toContain('192.168.61.33');
  await expect.poll(() => page.locator('#share-link').inputValue()).not.toBe(open);
  const hidden = hashOf(await page.locator('#share-link').inputValue());
  await close();
  const other = await visit({ hash: hidden });
  const text = await other.page.locator('body').innerText();
  for (const secret of ['192.168.', '8.8.8.8', 'default/web', 'enia7cc107bbb9'])
    expect(text).not.toContain(secret);
  expect(await headline(other.page)).toMatch(/^LEAVES by ens5 via 10\./);
  await other.close();
});

it('leads back to the step by the address alone', async () => {
  const { page } = await reader();
  for (let step = 0; step < 9; step += 1) await page.keyboard.press('j');
  await expect.poll(() => page.url()).toMatch(/~0\.0\.9$/);
  await page.reload();
  await expect.poll(() => sentence(page)).toContain('Step 10 of 23');
});

it('says of a link that is cut, or newer than the page, what it is, and shows the sample', async () => {
  for (const [hash, words] of [
    ['#v1.7V17c5tIEv8qs~0.0.1', 'This link is not whole'],
    ['#v7.abc', 'made by a newer natwalk (form 7)'],
    ['#q1.%%%', 'This link is not whole'],
  ] as const) {
    const { page, faults, close } = await visit({ hash });
    await page.getByRole('alert').getByText(words).waitFor();
    expect(await headline(page)).toContain('LEAVES');
    expect(faults).toEqual([]);
    await close();
  }
});

it('opens a link that is put into the address of a page that is there already', async () => {
  const hash = hashOf(await linkOf((await sender()).page));
  expect(hash).toMatch(/^#v1\./);
  const { page, faults } = await reader();
  await go(page, hash);
  await page.getByText('A shared walk. The dump is not in it.').waitFor();
  await page.getByRole('button', { name: 'Walk a packet of your own' }).click();
  await page.getByRole('button', { name: 'Walk it' }).waitFor();
  // What leads nowhere takes nothing away.
  await page.getByRole('combobox', { name: 'To', exact: true }).fill('1.1.1.1:53');
  await page.keyboard.press('Enter');
  await expect.poll(() => headline(page)).toContain('1.1.1.1:53');
  await go(page, `${hash.slice(0, 200)}~0.0.0`);
  await page.getByRole('alert').getByText('This link is not whole').waitFor();
  expect(await headline(page)).toContain('1.1.1.1:53');
  expect(faults).toEqual([]);
});

it('refuses a link whose change is of no kind, and shows the example', async () => {
  const form = { from: '', to: '8.8.8.8', proto: 'tcp', in: '', mark: '', tcpFlags: '', icmp: '' };
  const edits = [{ target: { kind: 'rule' }, text: 'x', was: '' }];
  const packet = { ...form, ttl: '', uid: '', ct: '' };
  const ask = { packet, settled: [], pick: null, edits, flow: false };
  const data = Buffer.from(JSON.stringify(ask)).toString('base64url');
  const { page, faults, close } = await visit({ hash: `#q1.${data}~0.0.0` });
  await page.getByRole('alert').getByText('This link is not whole').waitFor();
  expect(await headline(page)).toContain('LEAVES by ens5');
  expect(faults).toEqual([]);
  await close();
});

it('hands out the walk as JSON, pcap, text, SVG and PNG', async () => {
  const { page } = await sender();
  await linkOf(page);
  const begins = {
    JSON: '{"schema":"natwalk/trace/1"',
    pcap: '\n\r\r\n',
    text: 'tcp 192.168',
    SVG: '<?xml',
    PNG: '\x89PNG',
  };
  for (const [format, start] of Object.entries(begins)) {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: `Download the walk as ${format}` }).click();
    const file = readFileSync(await (await download).path());
    expect(file.subarray(0, start.length).toString('latin1')).toBe(start);
    expect(file.length).toBeGreaterThan(200);
  }
});

it('opens a shared walk that was kept as a file', async () => {
  const sent = await sender();
  await linkOf(sent.page);
  const download = sent.page.waitForEvent('download');
  await sent.page.getByRole('button', { name: 'Download as a file' }).click();
  const file = readFileSync(await (await download).path(), 'utf8');
  const { page, faults } = await reader();
  await page.evaluate((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'natwalk.share.json'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
  }, file);
  await page.getByText('A shared walk. The dump is not in it.').waitFor();
  expect(await headline(page)).toContain('LEAVES by ens5');
  await page.keyboard.press('j');
  expect(await sentence(page)).toContain('Step 2 of 23');
  expect(faults).toEqual([]);
});

it('names an example in its link, with what is otherwise, and holds no more', async () => {
  const { page, faults } = await reader();
  await page.keyboard.press('a');
  await page.getByLabel('Commands that add rules').fill('ip rule add from 192.168.61.33 lookup 2 pref 900');
  await page.keyboard.press('Control+Enter');
  await expect.poll(() => headline(page)).toContain('LEAVES by ens6');
  const link = await linkOf(page);
  expect(link).toMatch(/^#q1\.[^~]+~0\.0\.0~node$/);
  expect(link.length).toBeLessThan(1000);
  await expect
    .poll(() => page.getByRole('region', { name: 'All that the link holds' }).innerText())
    .toMatch(/"example": "node"[^]*"text": "ip rule add from 192\.168\.61\.33 lookup 2 pref 900"/);
  // Hidden, the example would be told by its name: then the walk is in the link.
  await page.getByLabel('Hide addresses, names and comments').check();
  await expect.poll(() => page.locator('#share-link').inputValue()).toMatch(/^#v1\./);
  await page.getByLabel('Hide addresses, names and comments').uncheck();
  await page.keyboard.press('Escape');
  // Who has a node of his own sees the example.
  const other = await sender();
  await go(other.page, link);
  const told = other.page.getByRole('region', { name: 'What if' });
  await told.waitFor();
  await expect.poll(() => told.innerText()).toContain('with ip rule add from');
  expect(await headline(other.page)).toContain('LEAVES by ens6');
  await other.page.getByRole('button', { name: /^Node sample EKS node/ }).waitFor();
  expect([...faults, ...other.faults]).toEqual([]);
});
