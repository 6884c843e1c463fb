/** `natwalk lint` on the command line: formats, exit statuses, and text of dumps that must not act. */
import { describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';

const EXAMPLE = 'examples/eks-node';
const save = (lines: string): string =>
  `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${lines}\nCOMMIT\n`;

describe('natwalk lint', () => {
  it('exits with 1 when there is more than a note, with 0 for notes, with 2 for bad usage', async () => {
    const note = save(':MINE - [0:0]\n-A MINE -j DROP');
    expect((await natwalk(['lint', EXAMPLE])).status).toBe(1);
    expect((await natwalk(['lint', '-'], { stdin: note })).status).toBe(0);
    expect((await natwalk(['lint', EXAMPLE, '-o', 'xml'])).status).toBe(2);
    expect((await natwalk(['lint', '/no/such/node'])).status).toBe(2);
  });

  it('gives a command that shows the finding', async () => {
    const { out } = await natwalk(['lint', EXAMPLE]);
    const command = /natwalk (trace examples\/eks-node .*--to 10\.100\.5\.22:443)/.exec(out)?.[1] ?? '';
    const walked = await natwalk(command.split(' '));
    expect(walked.out).toContain('LEAVES by ens6 via 192.168.32.1 as 192.168.45.10:');
  });

  it('writes JSON with the packet and its outcome', async () => {
    const { out } = await natwalk(['lint', EXAMPLE, '--json']);
    expect(JSON.parse(out)).toMatchObject({
      schema: 'natwalk/lint/1',
      counts: { error: 1, warning: 0, note: 1 },
      cut: false,
    });
    expect(out).toContain('"egress":{"iface":"ens6"');
  });

  it('annotates files of the folder', async () => {
    const { out } = await natwalk(['lint', EXAMPLE, '-o', 'github']);
    expect(out).toMatch(
      /^::error file=examples\/eks-node\/iptables-save\.txt,line=\d+,col=1,title=LINT_VPC_SERVICE_OUTSIDE::/m,
    );
  });

  it('lets no text of a dump act on a terminal or a runner', async () => {
    const stdin = save(
      ':__proto__ - [0:0]\n-A FORWARD -j __proto__\n-A FORWARD -m comment --comment "\u001b[31mred%0A::error::x" -j DROP\n-A FORWARD -p tcp -j ACCEPT',
    );
    const text = await natwalk(['lint', '-', '--color', 'never'], { stdin });
    expect(text.out).toContain('LINT_AFTER_TERMINAL');
    expect(text.out).not.toContain('\u001b');
    const github = await natwalk(['lint', '-', '-o', 'github'], { stdin });
    expect(github.out.match(/^::/gm)).toHaveLength(2);
    expect(github.out).not.toContain('\u001b');
  });
});
