/** Settings as people print them from /proc/sys: with head, with a loop, with grep. */
import { describe, expect, it } from 'vitest';
import { answers, loadText, transcript } from '../../test/support/whole-node.js';
import { readTranscript } from './sections.js';

const AT = 'root@n1:~# ';
const BASE = transcript(AT).replace('net.ipv4.conf.e0.rp_filter = 0\n', '');
const E0 = '/proc/sys/net/ipv4/conf/e0/rp_filter';
const E1 = '/proc/sys/net/ipv4/conf/e1/rp_filter';

describe('settings are read', () => {
  it.each([
    ['head /proc/sys/net/ipv4/conf/*/rp_filter', `==> ${E0} <==\n1\n\n==> ${E1} <==\n2\n`],
    ['tail -n +1 /proc/sys/net/ipv4/conf/e*/rp_filter', `==> ${E0} <==\n1\n\n==> ${E1} <==\n2\n`],
    ['for i in /proc/sys/net/ipv4/conf/*/rp_filter; do echo $i $(cat $i); done', `${E0} 1\n${E1} 2\n`],
    ['for i in /proc/sys/net/ipv4/conf/*/rp_filter; do echo $i; cat $i; done', `${E0}\n1\n${E1}\n2\n`],
    [`for i in ${E0} ${E1}; do echo $i; cat $i; done`, `${E0}\n1\n${E1}\n2\n`],
    ['grep . /proc/sys/net/ipv4/conf/e*/rp_filter', `${E0}:1\n${E1}:2\n`],
  ])('below %s', (command, output) => {
    const text = `${BASE}${AT}${command}\n${output}${AT}\n`;
    const node = loadText(text);
    expect([
      node.sysctls.get('net.ipv4.conf.e0.rp_filter'),
      node.sysctls.get('net.ipv4.conf.e1.rp_filter'),
    ]).toEqual(['1', '2']);
    expect(node.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    // The source is none that e0 leads to: the strict check drops it.
    expect(answers(node, '10.9.0.7')).toEqual(['dropped']);
    expect(readTranscript('x', text).sections.filter(({ kind }) => kind === 'sysctl')).toHaveLength(2);
  });

  it('below head of one file, which prints the value alone', () => {
    const node = loadText(`${BASE}${AT}head -1 ${E0}\n1\n${AT}\n`);
    expect(node.sysctls.get('net.ipv4.conf.e0.rp_filter')).toBe('1');
  });
});
