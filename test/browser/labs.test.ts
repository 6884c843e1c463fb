/** Labs on the page, by the keyboard: predicted, explained, mended and graded as at a terminal. */
import { describe, expect, it } from 'vitest';
import { answer, score, solved, type, visitLabs } from './lab.js';
import { headline, sentence, visit } from './visit.js';

it('are reached from the walk, twenty of them, and lead back to it as it was', async () => {
  const { page, faults, close } = await visit();
  await page.keyboard.press('j');
  await page.getByRole('link', { name: 'Labs', exact: true }).click();
  await page.locator('#labs-title').waitFor();
  expect(await page.locator('.chapters li a').count()).toBe(20);
  await expect
    .poll(() => page.locator('.chapters li').nth(5).innerText())
    .toMatch(/^6\s+A pod to the internet: how does it get out\?\s+40 min · build\s+○\s+not begun$/);
  expect(await page.title()).toBe('natwalk: labs');
  await page.goBack();
  expect(await sentence(page)).toContain('Step 2 of 23');
  expect(faults).toEqual([]);
  await close();
});

it('say so where a link names none, and lead to the list', async () => {
  const { page, close } = await visit({ hash: '#lab=99', bare: true });
  await page.getByRole('alert').getByText('There is no lab "99".').waitFor();
  await page.getByRole('link', { name: 'All labs' }).click();
  await page.locator('#labs-title').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  await close();
});

describe.each(['06-pod-to-internet', '07-second-eni'])('%s', (name) => {
  it('is passed by the keyboard with its own solution', async () => {
    const { answers, lines } = solved(name);
    const { page, faults, close } = await visitLabs(`#lab=${name}`);
    const focused = async (): Promise<string> =>
      page.evaluate(() => document.activeElement?.textContent ?? '');
    await expect.poll(focused).toMatch(new RegExp(`^Lab ${String(Number(name.slice(0, 2)))}`));
    const say = async (part: string): Promise<void> => {
      for (const id of await page
        .locator(`${part} [id^="ask-"]`)
        .evaluateAll((all) => all.map((one) => one.id))) {
        await answer(page, id.replace('ask-', ''), answers.get(id.replace('ask-', '')) ?? '');
        expect(await focused()).toContain('Right:');
      }
    };
    const step = (number: number): string => `.story > details:nth-of-type(${String(number)})`;
    expect(await page.locator(step(3)).getAttribute('open')).toBeNull();
    await say(step(2));
    await page.locator(`${step(3)} pre.walk`).waitFor();
    await say(step(4));
    await page.getByRole('heading', { name: 'Why', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Try the packets' }).click();
    await page
      .locator(`${step(5)} .badge.bad`)
      .first()
      .waitFor();
    for (const line of lines) expect(await type(page, line)).toBe('');
    expect(await page.locator(`${step(5)} .badge.bad`).count()).toBe(0);
    await page.getByRole('button', { name: 'Try the packets' }).click();
    await expect.poll(() => page.locator(`${step(5)} .packets .badge.good`).count()).toBeGreaterThan(2);
    await say(step(6));
    await page.getByRole('button', { name: 'Grade my work' }).click();
    await page.getByText('PASSED: 100 of 100 points (70 pass)').waitFor();
    expect(await focused()).toContain('PASSED');
    expect(await score(page)).toBe('100 of 100 points');
    await page.getByRole('link', { name: 'All labs' }).click();
    await page.getByText('1 of 20 passed').waitFor();
    expect(faults).toEqual([]);
    await close();
  });
});

it('refute a belief by its packet, which can be watched up to that step, and nothing is lost behind it', async () => {
  const { page, faults, close } = await visitLabs('#lab=6');
  await answer(page, 'device', 'ens6');
  const latest = page.locator('article.question').first().locator('.latest');
  await expect.poll(() => latest.innerText()).toContain("A pod's own ENI always carries its traffic.");
  expect((await latest.locator('pre').innerText()).trimEnd().split('\n').at(-1)).toMatch(
    /route +policy rule 1024/,
  );
  expect(await score(page)).toBe('0 of 100 points');
  await type(page, 'ip rule');
  await page.locator('#terminal-line').fill('half a line');
  await latest.getByRole('link', { name: /^Watch this packet walk \(internet\)/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Lab 6, packet internet').waitFor();
  expect(await sentence(page)).toMatch(/^Step 10 of 23 route policy rule 1024/);
  expect(await headline(page)).toContain('LEAVES by ens5');
  await page.keyboard.press('j');
  expect(new URL(page.url()).hash).toBe('#lab=6&walk=internet&refutes=own-eni');
  await page.getByRole('link', { name: 'Back to lab 6' }).click();
  await page.locator('#lab-title').waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Watch this packet walk');
  expect(await page.locator('#terminal-line').inputValue()).toBe('half a line');
  await expect.poll(() => page.locator('.screen').innerText()).toContain('fwmark 0x80/0x80 lookup main');
  expect(await latest.isVisible()).toBe(true);
  // The reader's own node was not touched.
  await page.getByRole('link', { name: 'Walk', exact: true }).click();
  await page.getByRole('button', { name: /^Node sample EKS node/ }).waitFor();
  expect(await sentence(page)).toContain('Step 1 of 23');
  expect(faults).toEqual([]);
  await close();
});

it('show a packet on the node as the student has left it', async () => {
  const { page, close } = await visitLabs('#lab=6');
  await type(page, 'ip rule del pref 1024');
  await page.locator('summary', { hasText: 'The task' }).click();
  await page.getByRole('link', { name: /^Watch this packet walk \(internet\)/ }).click();
  await page.getByText('is as you have left it').waitFor();
  await expect.poll(() => headline(page)).toContain('ens6');
  await close();
});

it('refuse a fix that harms others, and say which packet it harms', async () => {
  const { page, close } = await visitLabs('#lab=6');
  await type(page, 'iptables -t nat -F AWS-SNAT-CHAIN-0; iptables -t nat -F AWS-CONNMARK-CHAIN-0');
  await page.locator('summary', { hasText: 'The task' }).click();
  await page.getByRole('button', { name: 'Try the packets' }).click();
  const harmed = page.locator('.packets li', { hasText: 'web-request' });
  await harmed.getByText('HARMED').waitFor();
  await expect.poll(() => harmed.locator('.why').innerText()).toContain('wanted ens5, is ens6');
  const refused = page.locator('p.refused');
  await expect.poll(() => refused.innerText()).toContain('The goal is reached, but the fix is refused');
  await close();
});

it('have a terminal that answers, refuses, remembers and can be copied', async () => {
  const { page, close } = await visitLabs('#lab=6', { permissions: ['clipboard-read', 'clipboard-write'] });
  expect(await type(page, 'ip rule | wc -l')).toBe('10');
  expect(await type(page, 'rm -rf /')).toContain('-bash: rm: command not found');
  expect(await type(page, 'help')).toContain('iptables');
  const line = page.locator('#terminal-line');
  await page.keyboard.type('ip ro');
  for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(key);
  expect(await line.inputValue()).toBe('ip rule | wc -l');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
  expect(await line.inputValue()).toBe('ip ro');
  await page.getByRole('button', { name: 'Copy all of it' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
    '[root@ip-192-168-45-10 ~]# ip rule | wc -l\n10\n',
  );
  const log = page.getByRole('log', { name: 'What was typed, and what the node said' });
  await expect.poll(() => log.innerText()).toContain('rm -rf /');
  await line.fill('clear');
  await page.keyboard.press('Enter');
  await expect.poll(() => log.innerText()).toBe('');
  await page.getByText('Worth typing').click();
  await page.getByRole('button', { name: 'Run: ip route show table 2' }).click();
  await expect.poll(() => log.innerText()).toContain('default via');
  await close();
});

it('give hints one by one, and a solution that is not typed', async () => {
  const { page, close } = await visitLabs('#lab=6');
  await page.getByRole('button', { name: 'Show hint 1 of 3 (costs 5 points)' }).click();
  await page.getByText('What has happened to the packet in PREROUTING').waitFor();
  await page.getByRole('button', { name: 'Show hint 2 of 3' }).waitFor();
  await page.locator('summary', { hasText: 'The task' }).click();
  await page.getByRole('button', { name: 'Show a solution' }).click();
  await page
    .getByRole('button', { name: /^Put into the prompt: iptables -t nat -I AWS-CONNMARK-CHAIN-0/ })
    .click();
  expect(await page.locator('#terminal-line').inputValue()).toMatch(
    /^iptables -t nat -I AWS-CONNMARK-CHAIN-0 1/,
  );
  expect(await page.locator('.screen .entry').count()).toBe(1);
  expect(await page.getByRole('button', { name: /^Show hint/ }).count()).toBe(0);
  await close();
});

it('speak Korean, and change the language in the middle of a lab', async () => {
  const { page, faults, close } = await visitLabs('#lab=6', { locale: 'ko-KR' });
  await expect.poll(() => page.locator('#lab-title').innerText()).toMatch(/실습 6\s+파드에서 인터넷으로/);
  await page.locator('#ask-device').waitFor();
  await page.locator('input[value="ens6"]').check();
  await page.getByRole('button', { name: '답하기', exact: true }).first().click();
  await page.getByText('파드의 트래픽은 언제나 그 파드의 ENI로 나간다.').waitFor();
  expect(await type(page, 'rm x')).toContain('rm');
  await page.locator('#lab-title').focus();
  await page.keyboard.press('l');
  await page.getByText("A pod's own ENI always carries its traffic.").waitFor();
  await expect.poll(() => page.locator('.screen').innerText()).toContain('rm x');
  expect(faults).toEqual([]);
  await close();
});

it('make no request once they are there, and work as a file without a network', async () => {
  const { page, requests, faults, close } = await visitLabs('#lab=6', { asFile: true, offline: true });
  const before = requests.length;
  await answer(page, 'device', 'ens5');
  await type(page, 'ping -c 1 8.8.8.8');
  await page.getByRole('link', { name: 'All labs' }).click();
  await page.getByRole('link', { name: /Calico: a tunnel/ }).click();
  await page.locator('#lab-title', { hasText: 'Calico' }).waitFor();
  expect(requests.slice(before).filter((url) => !url.startsWith('blob:'))).toEqual([]);
  expect(requests.every((url) => /^(?:file|blob):/.test(url))).toBe(true);
  expect(faults).toEqual([]);
  await close();
});

it('leave the page as it was until they are asked for', async () => {
  const { requests, page, close } = await visit();
  await page.waitForLoadState('networkidle');
  expect(requests.filter((url) => url.endsWith('labs.js'))).toEqual([]);
  await close();
});
