import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { headline, sentence, visit } from './visit.js';

const linkOf = async (page: Awaited<ReturnType<typeof visit>>['page']): Promise<string> => {
  await page.keyboard.press('s');
  await expect.poll(() => page.locator('#share-link').inputValue()).toMatch(/#v1\./);
  return page.locator('#share-link').inputValue();
};
const hashOf = (link: string): string => link.slice(link.indexOf('#'));

it('shares a walk by its link, which shows it to somebody who has no dump', async () => {
  const sender = await visit();
  for (let step = 0; step < 21; step += 1) await sender.page.keyboard.press('j');
  const told = await headline(sender.page);
  const link = await linkOf(sender.page);
  // The address of natwalk ui has its token in it, and is of no use to anybody else.
  expect(link).toMatch(/^#v1\./);
  await sender.close();
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
  const sender = await visit();
  for (let step = 0; step < 9; step += 1) await sender.page.keyboard.press('j');
  await sender.page.locator('summary', { hasText: 'fwmark 0x80/0x80' }).click();
  await sender.page.getByRole('button', { name: 'Take out' }).click();
  await expect.poll(() => headline(sender.page)).toContain('LEAVES by ens6');
  const link = await linkOf(sender.page);
  await sender.close();
  const reader = await visit({ hash: hashOf(link) });
  expect(await headline(reader.page)).toContain('LEAVES by ens6');
  const told = reader.page.getByRole('region', { name: 'What if' });
  await expect.poll(() => told.innerText()).toMatch(/without 1024:.*\s+⇒ egress ens6 instead of ens5/);
  expect(await told.getByRole('button').count()).toBe(0);
  expect(reader.faults).toEqual([]);
  await reader.close();
});

it('shows exactly what the link holds, and hides what the reader wants hidden', async () => {
  const { page, close } = await visit();
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
  const first = await visit();
  for (let step = 0; step < 9; step += 1) await first.page.keyboard.press('j');
  await expect.poll(() => first.page.url()).toMatch(/~0\.0\.9$/);
  const hash = hashOf(first.page.url());
  await first.close();
  const { page, close } = await visit({ hash });
  await expect.poll(() => sentence(page)).toContain('Step 10 of 23');
  await close();
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
  const { page, faults, close } = await visit();
  const hash = hashOf(await linkOf(page));
  await page.keyboard.press('Escape');
  const go = async (to: string): Promise<void> =>
    page.evaluate((one) => {
      location.hash = one;
    }, to);
  await go(hash);
  await page.getByText('A shared walk. The dump is not in it.').waitFor();
  await page.getByRole('button', { name: 'Walk a packet of your own' }).click();
  await page.getByRole('button', { name: 'Walk it' }).waitFor();
  // What leads nowhere takes nothing away.
  await page.getByRole('combobox', { name: 'To', exact: true }).fill('1.1.1.1:53');
  await page.keyboard.press('Enter');
  await expect.poll(() => headline(page)).toContain('1.1.1.1:53');
  await go(`${hash.slice(0, 200)}~0.0.0`);
  await page.getByRole('alert').getByText('This link is not whole').waitFor();
  expect(await headline(page)).toContain('1.1.1.1:53');
  expect(faults).toEqual([]);
  await close();
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
  const { page, close } = await visit();
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
  await close();
});

it('opens a shared walk that was kept as a file', async () => {
  const sender = await visit();
  await linkOf(sender.page);
  const download = sender.page.waitForEvent('download');
  await sender.page.getByRole('button', { name: 'Download as a file' }).click();
  const file = readFileSync(await (await download).path(), 'utf8');
  await sender.close();
  const { page, faults, close } = await visit();
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
  await close();
});
