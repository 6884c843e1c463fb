/** The main states as they look: `NATWALK_PICTURES=new` takes the pictures anew, to be looked at before they are kept. */
import { expect, it } from 'vitest';
import { unlike } from './picture.js';
import { oneVisit } from './shared.js';
import { type Visit, visit } from './visit.js';

const again = oneVisit();

/** How the page is looked at. */
interface Wanted {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'dark';
  /** Of another language: a reader of his own. */
  readonly locale?: string;
}

type Reach = (visited: Visit) => Promise<void>;

const press = async ({ page }: Visit, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
const routing: Reach = async (visited) => {
  await press(visited, ...Array.from({ length: 9 }, () => 'j'));
  await visited.page.locator('li.decided').first().waitFor();
};
const snat: Reach = async (visited) => {
  await press(visited, 'End', 'k');
  await visited.page.locator('.row.matched.chosen').waitFor();
};
const why: Reach = async (visited) => {
  await snat(visited);
  await visited.page.getByRole('listbox').focus();
  await press(visited, 'ArrowUp', 'w');
  await visited.page.locator('.detail pre').waitFor();
};
const dropped: Reach = async (visited) => {
  const { page } = visited;
  await page.locator('header button.node').click();
  await page.locator('#paste').fill(SAVE);
  await page.locator('.give button.main').click();
  await page.getByText('What was read: pasted text').waitFor();
  await press(visited, 'Escape');
  await page.getByRole('combobox', { name: 'To', exact: true }).fill('10.96.0.10:80');
  await page.keyboard.press('Enter');
  await page.getByText('3 outcomes').first().waitFor();
};
const whatIf: Reach = async (visited) => {
  await routing(visited);
  const { page } = visited;
  await page.locator('summary', { hasText: 'fwmark 0x80/0x80' }).click();
  await page.getByRole('button', { name: 'Take out' }).click();
  await page.getByText('egress ens6 instead of ens5').waitFor();
  // To be clicked, the button was brought into sight.
  await page.evaluate(() => scrollTo(0, 0));
};
const read: Reach = async ({ page }) => {
  await page.locator('header button.node').click();
  await page.locator('#paste').fill(SAVE.replace('--ctstate', '--ctstat'));
  await page.locator('.give button.main').click();
  await page.locator('.read li.warning').first().waitFor();
  // The answer of the node from before goes while this one is read.
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
  await page.locator('section[aria-label="Answer"]').waitFor();
};
const share: Reach = async (visited) => {
  await press(visited, 's');
  await expect.poll(() => visited.page.locator('#share-link').inputValue()).toMatch(/#q1/);
};

const path: Reach = async ({ page }) => {
  await page.locator('header button.node').click();
  await page.getByRole('button', { name: 'Two nodes and their network' }).click();
  await page.locator('.place').first().waitFor();
  await page.keyboard.press('Escape');
  // The row of the hop says it when the walk of its node is shown.
  await page.getByRole('button', { name: 'Watch it on node worker-2, hop 5' }).click();
  await page.locator('li.now', { hasText: 'worker-2' }).waitFor();
  await page
    .locator('.page .drawing')
    .first()
    .evaluate((map) => map.scrollIntoView({ block: 'center' }));
};
const token: Reach = async (visited) => {
  await routing(visited);
  await press(visited, 'e');
  await visited.page.getByText('places on this page').waitFor();
};

const small: Reach = async (visited) => {
  await press(visited, 'End', 'k');
  await visited.page.locator('li.now', { hasText: 'AWS-SNAT-CHAIN-0' }).waitFor();
  await visited.page.locator('.drawing').scrollIntoViewIfNeeded();
};

const SAVE = `# iptables-save
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -m statistic --mode random --probability 0.33333 -j DNAT --to-destination 10.0.1.57:8080
-A PREROUTING -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.0.1.58:8080
-A PREROUTING -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.1.59:8080
COMMIT
*mangle
:PREROUTING ACCEPT [0:0]
COMMIT
*raw
:PREROUTING ACCEPT [0:0]
COMMIT
*filter
:FORWARD DROP [0:0]
-A FORWARD -d 10.0.1.58/32 -j REJECT --reject-with icmp-port-unreachable
-A FORWARD -m conntrack --ctstate NEW -m tcp -p tcp --dport 8080 -d 10.0.1.57/32 -j ACCEPT
COMMIT
# ip rule
0:	from all lookup local
32766:	from all lookup main
32767:	from all lookup default
# ip route show table all
default via 10.0.1.1 dev ens5
10.0.1.0/24 dev ens5 proto kernel scope link src 10.0.1.10
10.0.1.57 dev veth1 scope link
10.0.1.58 dev veth2 scope link
10.0.1.59 dev veth3 scope link
local 10.0.1.10 dev ens5 table local proto kernel scope host src 10.0.1.10
# ip addr
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
    inet 127.0.0.1/8 scope host lo
2: ens5: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc mq state UP
    inet 10.0.1.10/24 brd 10.0.1.255 scope global ens5
3: veth1@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc noqueue state UP
4: veth2@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc noqueue state UP
5: veth3@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc noqueue state UP
# sysctl net.ipv4.ip_forward net.ipv4.conf.all.rp_filter
net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.all.forwarding = 1
`;

const PICTURES: readonly (readonly [name: string, wanted: Wanted, reach: Reach])[] = [
  ['routing', {}, routing],
  ['routing-korean', { locale: 'ko-KR' }, routing],
  ['snat-dark', { colorScheme: 'dark' }, snat],
  ['why', { viewport: { width: 1440, height: 1200 } }, why],
  ['outcomes', {}, dropped],
  ['what-if', {}, whatIf],
  ['findings', {}, read],
  ['share', {}, share],
  ['path', { viewport: { width: 1440, height: 1000 } }, path],
  ['path-small', { viewport: { width: 390, height: 844 } }, path],
  ['token-dark', { colorScheme: 'dark' }, token],
  ['small', { viewport: { width: 390, height: 844 } }, small],
];

it.each(PICTURES)('%s', async (name, wanted, reach) => {
  const { viewport, colorScheme = 'light', locale } = wanted;
  const visited = await (locale === undefined ? again() : visit(wanted));
  const { page } = visited;
  if (viewport !== undefined) await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
  await reach(visited);
  expect(await unlike(page, name)).toBeLessThan(0.03);
  if (locale !== undefined) await visited.close();
});
