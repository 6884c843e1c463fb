/**
 * What the real iptables-nft saves of a chain that nft has changed too, beside what nft lists of it: rules that iptables
 * made tell the same in both, and what its save lacks of the others is found.
 */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Node } from '../../src/packet/node.js';
import { loadNode } from '../../src/snapshot/load.js';
import { whyNoKernel } from './available.js';

/** Runs a script in a network namespace of its own. */
function inNamespace(script: string): string {
  const { status, stdout, stderr } = spawnSync('unshare', ['--net', 'bash', '-e', '-c', script], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${script}\n${stderr}`);
  return stdout;
}

const MARK = '==== listing';

/** The node whose dumps are taken when these commands have run. @param between runs between the two dumps */
function after(commands: readonly string[], between: readonly string[] = []): Node {
  const output = inNamespace(
    [...commands, 'iptables-nft-save', ...between, `echo '${MARK}'`, 'nft list ruleset'].join('\n'),
  );
  const [save = '', listing = ''] = output.split(`${MARK}\n`);
  return loadNode('n', [
    { name: 'save.txt', text: save },
    { name: 'nft.txt', text: listing },
  ]);
}

const hidden = ({ diagnostics }: Node): readonly unknown[] =>
  diagnostics.flatMap(({ code, params }) =>
    code === 'RULE_HIDES' ? [[params['number'], params['text']]] : [],
  );

const reason = whyNoKernel();

/** Rules of iptables whose forms in a listing of nft are as various as can be. */
const OWN = [
  '-p tcp -m tcp --dport 80 --syn -m conntrack --ctstate NEW -m comment --comment "x y" -m limit --limit 5/s -j ACCEPT',
  '-p udp -m multiport --dports 53,54 -m mark --mark 0x1/0x1 -m addrtype --dst-type LOCAL -j DROP',
  '-p icmp -m icmp --icmp-type 8 -m length --length 10:20 -m statistic --mode random --probability 0.5 -j RETURN',
  '-m iprange --src-range 1.1.1.1-1.1.1.9 -m pkttype --pkt-type unicast -m ttl --ttl-eq 3 -j LOG --log-prefix a',
  '-m dscp --dscp 4 -m connmark --mark 4 -m state --state NEW -f -i a+ ! -o b -s 1.2.3.4 ! -d 4.0.0.0/8 -j DROP',
  '-m connbytes --connbytes 1: --connbytes-dir both --connbytes-mode bytes -m u32 --u32 0=0',
  '-p tcp -m tcp --tcp-option 3 --tcp-flags ALL SYN --sport 3',
  '-p udp -m udp ! --dport 9 -m mark ! --mark 9 -j MARK --set-mark 3',
  '-p 99',
  '-p tcp -j REJECT --reject-with tcp-reset',
  '-j REJECT',
];

describe.skipIf(reason !== null)('a chain of iptables-nft', () => {
  it('tells the same in its save and in its listing', () => {
    const node = after(OWN.map((rule) => `iptables-nft -A FORWARD ${rule}`));
    expect(node.ruleSets[4].tables.get('filter')?.chains.get('FORWARD')?.rules).toHaveLength(OWN.length);
    expect(node.nft?.tables[0]?.chains.get('FORWARD')?.rules).toHaveLength(OWN.length);
    expect(hidden(node)).toEqual([]);
    expect(node.diagnostics.map(({ code }) => code)).not.toContain('RULE_LISTING_DISAGREES');
  });

  it('that changes between its save and its listing is named', () => {
    const node = after(['iptables-nft -N X'], ['iptables-nft -A X -j DROP']);
    const found = node.diagnostics.find(({ code }) => code === 'RULE_LISTING_DISAGREES');
    expect(found?.params).toMatchObject({ table: 'filter', chain: 'X', saved: 0, listed: 1 });
  });

  it.each([
    ['udp dport { 53, 54 } drop', 'udp dport { 53, 54 }'],
    ['ip saddr 10.0.1.2 ip dscp set cs1', 'ip dscp set cs1'],
    ['ip saddr . ip daddr { 10.0.1.2 . 10.0.2.2 } drop', 'ip saddr . ip daddr { 10.0.1.2 . 10.0.2.2 }'],
  ])('to which nft adds %s saves it without %s', (rule, text) => {
    const node = after([
      'iptables-nft -A FORWARD -p tcp -j ACCEPT',
      `nft 'add rule ip filter FORWARD ${rule}'`,
    ]);
    expect(hidden(node)).toEqual([[2, text]]);
  });

  it('to which nft adds what iptables has a match for saves that', () => {
    const node = after([
      'iptables-nft -A FORWARD -p tcp -j ACCEPT',
      `nft 'add rule ip filter FORWARD iifname "e0" ip saddr 10.0.1.2 udp dport 53 counter drop'`,
    ]);
    expect(hidden(node)).toEqual([]);
  });
});
