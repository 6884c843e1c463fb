/** `natwalk capacity` on the command line. */
import { describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';

describe('natwalk capacity', () => {
  it('says how many pods fit, and where the twelfth is', async () => {
    const { status, out } = await natwalk(['capacity', 't3.medium', '--pod', '12']);
    expect(status).toBe(0);
    expect(out).toContain('t3.medium: 17 pods\n');
    expect(out).toContain('3 x (6 - 1) + 2 = 17\n');
    expect(out).toContain('pod 12 is on ENI 2, slot 2: ip rule "from POD lookup 3"\n');
  });

  it('says that a pod beyond the addresses stays pending', async () => {
    const { out } = await natwalk(['capacity', 't3.medium', '--pod', '16', '--lang', 'ko']);
    expect(out).toContain('파드 16: Pending(Too many pods). 파드가 쓸 주소는 15개');
  });

  it('says what prefixes would allow and what is recommended', async () => {
    const { out } = await natwalk(['capacity', 't3.medium', '--prefix-delegation']);
    expect(out).toContain('t3.medium: 110 pods\n');
    expect(out).toContain('addresses would do for 242; AWS recommends at most 110 for 2 vCPUs');
  });

  it('gives the interfaces with the numbers of their pods as JSON', async () => {
    const { out } = await natwalk(['capacity', 't3.small', '--json', '--custom-networking', '--pod', '4']);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'natwalk/capacity/1',
      maxPods: 8,
      interfaces: [
        { device: 0, pods: 0, first: null },
        { device: 1, first: 1, last: 3 },
        { device: 2, first: 4, last: 6 },
      ],
      pod: { number: 4, device: 2, table: '3', slot: 1, pendingBy: null },
    });
  });

  it.each([
    [['t3.meduim'], 't3.medium'],
    [['t2.large', '--prefix-delegation'], 'CAPACITY_NOT_NITRO'],
    [['t3.medium', '--pod', '0'], 'USAGE_NUMBER'],
    [['t3.medium', '--pod', '9'.repeat(40)], 'USAGE_NUMBER'],
    [['__proto__'], 'CAPACITY_UNKNOWN_TYPE'],
    [['\u001b[31mx'], String.raw`\u{1b}[31mx`],
  ])('refuses %j', async (words, told) => {
    const { status, out, err } = await natwalk(['capacity', ...words]);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(told);
    expect(err).not.toContain('\u001b');
  });
});
