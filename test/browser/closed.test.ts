/** Nothing leaves the page, and nothing of a dump acts on it. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { headline, sentence, visit } from './visit.js';

it('makes no request once it is there, whatever is done', async () => {
  const { page, requests, close } = await visit();
  await page.waitForLoadState('networkidle');
  const before = requests.length;
  for (const key of ['End', 'r', 'Home', 'l', 'l', 't', 't', 't']) await page.keyboard.press(key);
  await page.getByRole('button', { name: /^Node/ }).click();
  await page.getByLabel(/^Paste what/).fill('*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n');
  await page.getByRole('button', { name: 'Read the text' }).click();
  await page.getByText('What was read: pasted text').waitFor();
  await page.keyboard.press('Escape');
  expect(requests.slice(before).filter((url) => !url.startsWith('blob:'))).toEqual([]);
  // The browser itself refuses what a fault in the page might try.
  const tried = await page.evaluate(async () => {
    const image = new Image();
    const loaded = new Promise((resolve) => {
      image.onload = () => resolve('loaded');
      image.onerror = () => resolve('refused');
    });
    image.src = 'http://127.0.0.1:9/x.png';
    const fetched = await fetch('/').then(
      () => 'fetched',
      () => 'refused',
    );
    return [await loaded, fetched];
  });
  expect(tried).toEqual(['refused', 'refused']);
  await close();
});

it('works without a network, as a file', async () => {
  const { page, requests, faults, close } = await visit({ asFile: true, offline: true });
  await page.keyboard.press('End');
  expect(await sentence(page)).toContain('Step 23 of 23');
  expect(requests.every((url) => /^(?:file|blob):/.test(url))).toBe(true);
  expect(faults).toEqual([]);
  await close();
});

it('keeps language and colours, and nothing of a dump', async () => {
  const { page, close } = await visit();
  for (const key of ['l', 't']) await page.keyboard.press(key);
  await expect.poll(() => page.locator('html').getAttribute('lang')).toBe('ko');
  const kept = await page.evaluate(async () => ({
    local: Object.fromEntries(Object.entries(localStorage)),
    session: Object.fromEntries(Object.entries(sessionStorage)),
    cookies: document.cookie,
    databases: (await indexedDB.databases()).length,
  }));
  expect(kept).toEqual({
    local: { 'natwalk.language': 'ko', 'natwalk.theme': 'light' },
    session: {},
    cookies: '',
    databases: 0,
  });
  await close();
});

it('shows markup, overrides and long lines of a dump as text', async () => {
  const markup = '<script>document.title=1</script><img src=x onerror=document.title=2>{@html 1}';
  const save = `*filter
:FORWARD ACCEPT [0:0]
:__proto__ - [0:0]
-A FORWARD -m comment --comment "${markup}" -j __proto__
-A FORWARD -m comment --comment "\u202egnp.exe\u2066" -j RETURN
-A FORWARD -m comment --comment "${'x'.repeat(200)}" -j ACCEPT
COMMIT
# ${'long '.repeat(200_000)}
`;
  const files = [
    { name: '<b>save</b>.txt', text: save },
    {
      name: 'ip-route.txt',
      text: 'default via 10.0.0.1 dev eth0\n10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.2\n',
    },
  ];
  const { page, faults, close } = await visit({ node: { name: '<i>node</i>', files, which: null } });
  await page.getByRole('combobox', { name: 'From' }).fill('10.0.0.9');
  await page.keyboard.press('Enter');
  await expect.poll(() => headline(page)).not.toBe('');
  let text = '';
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('j');
    await page.waitForTimeout(100);
    text += await page.locator('body').innerText();
  }
  expect(text).toContain('<script>');
  expect(text).toContain('\\u{202e}');
  expect(text).not.toMatch(/[\u202e\u2066]/);
  expect(await page.title()).toBe('natwalk: watch the packet walk');
  expect(await page.locator('body img, body b, body i:not([style])').count()).toBe(0);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  expect(faults).toEqual([]);
  await close();
});

it('says in place what of a drop is no dump, and keeps the node that was there', async () => {
  const { page, close } = await visit();
  const drop = async (name: string, make: string): Promise<void> =>
    page.evaluate(
      ([file, how]) => {
        const noise = new Uint8Array(50_000).map((_, at) => (at * at * 31) & 255);
        const content = how === 'noise' ? noise : new Uint8Array(257 * 1024 * 1024).fill(97);
        const transfer = new DataTransfer();
        transfer.items.add(new File([content], file ?? ''));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
      },
      [name, make],
    );
  await drop('photo.jpg', 'noise');
  await page.getByText('The node from before is still there.').waitFor();
  await expect.poll(() => page.locator('.read').innerText()).toContain('READ_BINARY');
  await drop('huge.txt', 'large');
  await page.getByText('huge.txt has 257 MB.').waitFor();
  expect(await headline(page)).toContain('LEAVES by ens5');
  await close();
});

it('shows the node that natwalk ui was given', async () => {
  const folder = 'examples/eks-node';
  const files = readdirSync(folder).map((name) => ({
    name,
    text: readFileSync(`${folder}/${name}`, 'utf8'),
  }));
  const { page, requests, close } = await visit({ node: { name: 'my-node', files, which: null } });
  await page.getByRole('button', { name: /^Node my-node/ }).waitFor();
  expect(await headline(page)).toContain('LEAVES by ens5');
  expect(requests.some((url) => url.endsWith('sample.js'))).toBe(false);
  await close();
});
