import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { oneVisit } from './shared.js';
import { headline, sentence } from './visit.js';

const again = oneVisit();
const EKS = 'examples/eks-node';
const dump = (name: string): string => readFileSync(`${EKS}/${name}`, 'utf8');

it('opens with a node and a packet that was walked already', async () => {
  const { page, faults } = await again();
  expect(await headline(page)).toBe(
    'LEAVES by ens5 via 192.168.32.1 as 192.168.45.10:1024-65535 > 8.8.8.8:443',
  );
  expect(await sentence(page)).toBe('Step 1 of 23 conntrack: new connection, ct NEW');
  expect(await page.title()).toBe('natwalk: watch the packet walk');
  expect(faults).toEqual([]);
});

it('reads what is pasted, and walks on it', async () => {
  const { page } = await again();
  await page.getByRole('button', { name: /^Node/ }).click();
  const session = ['iptables-save', 'ip-rule', 'ip-route', 'ip-addr', 'sysctl']
    .map(
      (name) =>
        `root@node:~# ${name.replace('-', ' ').replace('iptables ', 'iptables-')}\n${dump(`${name}.txt`)}`,
    )
    .join('');
  await page.getByLabel(/^Paste what/).fill(session);
  await page.getByRole('button', { name: 'Read the text' }).click();
  await page.getByText('What was read: pasted text').waitFor();
  expect(await page.locator('ul.held li').allInnerTexts()).toHaveLength(5);
  await page.getByRole('combobox', { name: 'To', exact: true }).fill('svc:default/web');
  await page.getByRole('button', { name: 'Walk it' }).click();
  await expect.poll(() => headline(page)).toMatch(/^LEAVES .*192\.168\.61\.33:8080$/);
});

it('reads a text that is pasted beside the fields, and a long one without laying it out', async () => {
  const { page, faults } = await again();
  const paste = async (where: string, lines: number): Promise<void> =>
    page.evaluate(
      ([selector, count]) => {
        const transfer = new DataTransfer();
        const rule = '-A FORWARD -s 10.1.2.3/32 -j ACCEPT\n';
        transfer.setData('text/plain', `*filter\n:FORWARD DROP [0:0]\n${rule.repeat(count)}COMMIT\n`);
        const init = { clipboardData: transfer, bubbles: true, cancelable: true };
        document.querySelector(selector)?.dispatchEvent(new ClipboardEvent('paste', init));
      },
      [where, lines] as const,
    );
  await paste('#walk', 2);
  await page.getByRole('button', { name: /^Node pasted text/ }).click();
  await page.getByText(/^1 listings, 2 rules/).waitFor();
  await paste('#paste', 20_000);
  await page.getByText(/^1 listings, 20000 rules/).waitFor();
  expect(await page.locator('#paste').inputValue()).toBe('');
  expect(faults).toEqual([]);
});

it('stops reading when the reader says so, and has the node from before', async () => {
  const { page, faults } = await again();
  await page.evaluate(() => {
    const line = 'Nov 29 13:00:00 host kernel: something else happened to somebody\n';
    const transfer = new DataTransfer();
    transfer.items.add(new File(Array<string>(60).fill(line.repeat(20_000)), 'messages.txt'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
  });
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
  await page.getByRole('combobox', { name: 'To', exact: true }).fill('1.1.1.1:53');
  await page.keyboard.press('Enter');
  await expect.poll(() => headline(page)).toContain('1.1.1.1:53');
  expect(faults).toEqual([]);
});

it('shows findings with the place in the text', async () => {
  const { page } = await again();
  await page.getByRole('button', { name: /^Node/ }).click();
  const wrong = dump('iptables-save.txt').replace('--ctstate NEW', '--ctstat NEW');
  await page.getByLabel(/^Paste what/).fill(wrong);
  await page.getByRole('button', { name: 'Read the text' }).click();
  const finding = page.locator('.read li', { hasText: 'RULE_OPTION_MEANT' });
  await finding.waitFor();
  await expect.poll(() => finding.locator('mark').innerText()).toContain('--ctstat');
  await expect.poll(() => finding.innerText()).toMatch(/pasted\.txt:\d+:\d+/);
});

it('reads an archive that is dropped', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'natwalk-drop-'));
  execFileSync('tar', ['czf', join(folder, 'node.tgz'), '-C', EKS, '.']);
  const bytes = readFileSync(join(folder, 'node.tgz')).toString('base64');
  rmSync(folder, { recursive: true });
  const { page } = await again();
  await page.evaluate((data) => {
    const content = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], 'node.tgz'));
    document.body.dispatchEvent(
      new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }),
    );
  }, bytes);
  await page.getByRole('button', { name: /^Node node\.tgz/ }).waitFor();
  await expect.poll(() => headline(page)).toContain('LEAVES by ens5');
});

it('is walked by the keyboard alone', async () => {
  const { page, faults } = await again();
  const press = async (keys: string): Promise<string> => {
    for (const key of keys.split(' ')) await page.keyboard.press(key);
    return sentence(page);
  };
  expect(await press('ArrowRight ArrowRight')).toContain('Step 3 of 23');
  expect(await press('j k k')).toContain('Step 2 of 23');
  expect(await press('Shift+ArrowRight')).toContain('Step 7 of 23 AWS-CONNMARK-CHAIN-0 2/2: CONNMARK');
  expect(await press(']')).toContain('Step 10 of 23 route policy rule 1024');
  expect(await press('] ]')).toContain('Step 13 of 23 filter FORWARD');
  expect(await press('[')).toContain('Step 12 of 23 forward');
  expect(await press('End')).toContain('Step 23 of 23 ens5: SENT');
  expect(await press('Home')).toContain('Step 1 of 23');
  expect(await press('r')).toContain('Step 1 of 12 conntrack: known connection');
  expect(await press('r End k')).toContain('AWS-SNAT-CHAIN-0');
  // Why did the rule before the one that matched not match?
  await page.getByRole('listbox').focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('w');
  await page.getByRole('region', { name: /^Why nat\/AWS-SNAT-CHAIN-0:1/ }).waitFor();
  await expect.poll(() => page.locator('.detail pre').innerText()).toContain('wanted dst in 192.168.0.0/16');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('/');
  await page.keyboard.type('vlan');
  await expect.poll(() => page.getByRole('listbox').getByRole('option').count()).toBe(1);
  // Letters are text while the reader is typing.
  expect(await sentence(page)).toContain('Step 22 of 23');
  expect(faults).toEqual([]);
});

it('has one stop of Tab among the steps, which goes along with the walk', async () => {
  const { page } = await again();
  const row = page.locator('[aria-current="step"]');
  expect(await page.locator('ol button[tabindex="0"]').count()).toBe(1);
  await row.focus();
  for (const key of ['j', 'j', 'End']) await page.keyboard.press(key);
  expect(await row.evaluate((element) => element === document.activeElement)).toBe(true);
  await expect.poll(() => row.innerText()).toContain('SENT');
});

it('leaves a step while its rules are on their way', async () => {
  const { page, faults } = await again();
  for (let round = 0; round < 3; round += 1)
    for (const key of ['Home', ...Array.from('jjjjjjjjjjkkjjkk')]) await page.keyboard.press(key);
  await page.waitForTimeout(300);
  expect(faults).toEqual([]);
});

it('keeps the answer in sight', async () => {
  const { page } = await again();
  await page.setViewportSize({ width: 900, height: 450 });
  const line = page.locator('section .answer');
  expect(await line.count()).toBe(0);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await line.waitFor();
  await expect.poll(() => line.innerText()).toContain('LEAVES by ens5 via 192.168.32.1');
});

it('lights what the reader points at wherever else it stands, and says what it is', async () => {
  const { page, faults } = await again();
  for (let step = 0; step < 9; step += 1) await page.keyboard.press('j');
  const told = page.getByRole('status').filter({ hasText: 'places on this page' });
  const lit = async (): Promise<readonly string[]> =>
    page.evaluate(() => [...(CSS.highlights.get('token') ?? [])].map((range) => String(range as Range)));
  await page.locator('td', { hasText: '192.168.61.33' }).hover({ position: { x: 30, y: 9 } });
  await told.waitFor();
  await expect
    .poll(() => told.innerText())
    .toContain('endpoint of service default/web; source after steps 0-21');
  expect(new Set(await lit())).toEqual(new Set(['192.168.61.33']));
  expect((await lit()).length).toBeGreaterThan(4);
  await page.mouse.move(2, 2);
  await expect.poll(lit).toEqual([]);
  // The same by the keyboard.
  await page.keyboard.press('e');
  await expect.poll(() => told.innerText()).toMatch(/^0x80 mark after steps 8-23; ct mark after steps 7-23/);
  await page.keyboard.press('e');
  await expect.poll(() => told.innerText()).toMatch(/^ens5 out after steps 10-23/);
  expect(faults).toEqual([]);
});

it('plays to the end by itself, and can be stopped', async () => {
  const { page } = await again();
  await page.keyboard.press('Space');
  await expect.poll(() => sentence(page), { timeout: 6000 }).toContain('Step 3 of 23');
  await page.getByRole('button', { name: 'Pause' }).click();
  const stopped = await sentence(page);
  await page.waitForTimeout(1500);
  expect(await sentence(page)).toBe(stopped);
});

it('brings into sight what a key asks for, and leads out of the filter', async () => {
  const { page } = await again();
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('j');
  await page.locator('.rules .list').waitFor();
  await page.keyboard.press('n');
  await page.keyboard.press('w');
  const told = page.locator('.detail pre');
  await told.waitFor();
  const stepper = page.getByRole('button', { name: 'Play' });
  const [text, bar] = [await told.boundingBox(), await stepper.boundingBox()];
  expect((text?.y ?? Infinity) + (text?.height ?? 0)).toBeLessThan(bar?.y ?? 0);
  await page.keyboard.press('/');
  await page.keyboard.type('10.100.5.22');
  await expect.poll(() => page.locator('.list .row').count()).toBe(1);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator('.list .row').count()).toBe(5);
  // Keys are the walk's again.
  await page.keyboard.press('j');
  await expect.poll(() => sentence(page)).toContain('Step 6 of');
});

it('names what a change would change, and takes it back', async () => {
  const { page } = await again();
  for (let step = 0; step < 9; step += 1) await page.keyboard.press('j');
  await page.locator('summary', { hasText: 'fwmark 0x80/0x80' }).click();
  await page.getByRole('button', { name: 'Take out' }).click();
  const told = page.getByRole('region', { name: 'What if' });
  await told.waitFor();
  await expect.poll(() => told.innerText()).toContain('egress ens6 instead of ens5');
  expect(await headline(page)).toContain('LEAVES by ens6');
  await page.keyboard.press('d');
  await expect.poll(() => headline(page)).toContain('LEAVES by ens5');
  await page.keyboard.press('d');
  await page.getByRole('button', { name: 'All as it was' }).click();
  await expect.poll(() => headline(page)).toContain('LEAVES by ens5');
});

it('walks by a rule that is rewritten in place, and says in place why a line cannot be used', async () => {
  const { page } = await again();
  for (const key of ['End', 'k']) await page.keyboard.press(key);
  await page.locator('.detail .text', { hasText: 'random-fully' }).waitFor();
  const write = async (text: string): Promise<void> => {
    await page.locator('.detail').getByRole('button', { name: 'Change' }).click();
    await page.getByLabel('Other text for this line').fill(text);
    await page.getByRole('button', { name: 'Walk with it' }).click();
  };
  await write('-A AWS-SNAT-CHAIN-0 -j SNAT --to-sauce 192.168.45.77');
  await page.getByRole('alert').getByText('This line cannot be used').waitFor();
  expect(await headline(page)).toContain('as 192.168.45.10:');
  await write('-A AWS-SNAT-CHAIN-0 -j SNAT --to-source 192.168.45.77');
  await expect.poll(() => headline(page)).toContain('as 192.168.45.77:40000');
});

it('walks with a rule that is pasted, beside the walk without it, by the keyboard alone', async () => {
  const { page, faults } = await again();
  for (let step = 0; step < 4; step += 1) await page.keyboard.press('j');
  await page.locator('.rules .list').waitFor();
  await page.keyboard.press('a');
  const box = page.getByLabel('Commands that add rules');
  await expect.poll(() => box.inputValue()).toBe('iptables -t nat -I KUBE-SERVICES 1 ');
  await page.keyboard.type('-p tcp --dpot 443 -j DNAT --to-destination 192.168.70.9');
  await page.keyboard.press('Control+Enter');
  const mark = page.getByRole('alert').locator('mark');
  await expect.poll(() => mark.innerText()).toBe('--dpot');
  // What was written is there still.
  expect(await box.inputValue()).toContain('--dpot 443');
  expect(await headline(page)).toContain('> 8.8.8.8:443');
  await box.fill(
    'iptables -t nat -I KUBE-SERVICES 1 -p tcp --dport 443 -j DNAT --to-destination 192.168.70.9\nip rule add from 192.168.61.33 lookup 2 pref 900',
  );
  await page.keyboard.press('Control+Enter');
  const told = page.getByRole('region', { name: 'What if' });
  await told.waitFor();
  await expect.poll(() => headline(page)).toContain('192.168.70.9:443');
  await expect.poll(() => told.innerText()).toMatch(/with iptables -t nat[^]*with ip rule add from/);
  await expect
    .poll(() => told.locator('dd').allInnerTexts())
    .toEqual([expect.stringContaining('> 8.8.8.8:443'), expect.stringContaining('192.168.70.9:443')]);
  await page.keyboard.press('d');
  await expect.poll(() => headline(page)).toContain('> 8.8.8.8:443');
  expect(faults).toEqual([]);
});

it('has at routing steps the keys that do something there, and names no others', async () => {
  const { page } = await again();
  const keys = async (): Promise<readonly string[]> => {
    await page.keyboard.press('?');
    const all = await page.getByRole('dialog').locator('kbd').allInnerTexts();
    await page.keyboard.press('Escape');
    return all.filter((key) => ['n', 'w', '/'].includes(key));
  };
  expect(await keys()).toEqual([]);
  for (let step = 0; step < 9; step += 1) await page.keyboard.press('j');
  await page.locator('li.decided').first().waitFor();
  expect(await keys()).toEqual(['n', 'w']);
  const line = async (): Promise<string> =>
    page.evaluate(() => document.activeElement?.closest('li')?.innerText.replaceAll(/\s+/g, ' ') ?? '');
  await page.keyboard.press('n');
  expect(await line()).toMatch(/decided 1024: fwmark 0x80/);
  await page.keyboard.press('n');
  expect(await line()).toMatch(/not reached 1536/);
  await page.keyboard.press('w');
  expect(await line()).toMatch(/ip-rule\.txt:\d+/);
  await page.keyboard.press('w');
  expect(await line()).not.toMatch(/ip-rule\.txt/);
});

it('says beside the field what is wrong with it, and keeps the walk', async () => {
  const { page } = await again();
  await page.getByRole('combobox', { name: 'From' }).fill('10.0.0.300');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('is not an IP address').waitFor();
  expect(await headline(page)).toContain('LEAVES by ens5');
});

it('offers names of the node while the reader types', async () => {
  const { page } = await again();
  await page.getByRole('combobox', { name: 'To', exact: true }).fill('weblocal');
  await expect
    .poll(() =>
      page.locator('#offers-to option').evaluateAll((all) => all.map((one) => one.getAttribute('value'))),
    )
    .toContain('svc:default/weblocal:80');
});
