/** Lab 6 typed through as a student would: what stands on the screen, in both languages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../src/explain/width.js';
import { Desk, root } from './support.js';

/** Looks, a wrong prediction, a hint, a wrong fix that is refused, the right one, and the grade. */
const TYPED = [
  'help',
  'kubectl get pod -o wide',
  'kubectl get svc',
  'ip -br -c addr',
  'ip rule',
  'ip -c route',
  'ip route show table 2',
  '2',
  'ip route get 8.8.8.8 from 192.168.61.33 iif enia7cc107bbb9',
  'ip route get 8.8.8.8 from 192.168.61.33 iif enia7cc107bbb9 mark 0x80',
  '1',
  "iptables -t nat -S | grep 'A AWS-SNAT-CHAIN'",
  'answer source node',
  'iptables -t nat -S KUBE-POSTROUTING',
  'hint',
  'answer masquerade first',
  'iptables -t nat --zero',
  'kubectl exec -it pod-2 -- ping -c 2 8.8.8.8',
  'sudo tcpdump -i any -nn icmp',
  'tcpdump -i ens6 -nn icmp',
  'watch -d iptables -t nat -L AWS-SNAT-CHAIN-0 -n -v',
  'sudo conntrack -L -n | grep -v 169.254.169',
  'curl -s ipinfo.io/ip',
  'kubectl exec -it pod-2 -- curl -s ipinfo.io/ip',
  'answer public same',
  'tcpdump -i ens5 port 80 -nn -c 3',
  'answer why rule/1536',
  'answer why rule/1024',
  'for i in {1..3}; do kubectl exec pod-1 -- curl -s 10.100.5.20:80; done | sort | uniq -c',
  'iptables -t nat -F AWS-SNAT-CHAIN-0',
  'grade',
  'reset',
  'answer device 1; rm -rf /',
  'iptables -t nat -I AWS-CONNMARK-CHAIN-0 1 -d 198.51.100.0/24 -j RETURN',
  'iptables -t nat -I AWS-SNAT-CHAIN-0 1 -d 198.51.100.0/24 -j RETURN',
  'kubectl exec pod-2 -- curl -s https://partner.example',
  'grade',
  'exit',
];

describe('a session of lab 6', () => {
  it.each(['en', 'ko'])('in the language %s', async (language) => {
    using desk = new Desk();
    const { status, out, err } = await desk.session('6', TYPED, ['--lang', language]);
    expect(err).toBe('');
    expect(status).toBe(0);
    const shown = out.replaceAll(desk.folder, 'STATE');
    await expect(shown).toMatchFileSnapshot(join(import.meta.dirname, `golden/lab-06.${language}.txt`));
  });

  it('is what README shows', () => {
    const golden = readFileSync(join(import.meta.dirname, 'golden/lab-06.en.txt'), 'utf8');
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [, shown = 'nothing'] = /<!-- lab: 06 -->\n+```\n([^]*?)```/.exec(readme) ?? [];
    expect(golden).toContain(shown);
  });

  it('keeps what the lab itself says within the terminal', async () => {
    using desk = new Desk();
    const { out } = await desk.session('6', ['1', '2', 'hint', 'task', 'grade'], ['--lang', 'ko']);
    const wide = out.split('\n').filter((line) => widthOf(line) > 100);
    expect(wide).toEqual([]);
  });
});
