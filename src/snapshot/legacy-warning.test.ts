/** The warning of iptables-nft about tables of iptables-legacy, wherever it stands in a transcript. */
import { describe, expect, it } from 'vitest';
import { ACCEPTS, answers, loadText, transcript } from '../../test/support/whole-node.js';
import { printNode } from './print.js';

const WARNING = '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n';
const OTHERS = transcript('root@n1:~# ', ['iptables-save']);

describe('tables of iptables-legacy that are not shown', () => {
  it.each([
    ['in the place of a save', `root@n1:~# iptables-save\n${WARNING}`],
    ['below a prompt of its own', `root@n1:~# iptables-save\n${ACCEPTS}root@n1:~# \n${WARNING}`],
  ])('are what the answer rests on: %s', (_, text) => {
    const node = loadText(`${OTHERS}${text}root@n1:~# \n`);
    expect(answers(node)).toEqual(['forwarded ASM_OTHER_BACKEND']);
    expect(answers(loadText(printNode(node)))).toEqual(answers(node));
  });

  it.each([
    [`${WARNING}Chain FORWARD (policy DROP)\ntarget     prot opt source               destination\n`],
    [`Chain FORWARD (policy DROP)\ntarget     prot opt source               destination\n${WARNING}`],
  ])('do not part a listing from its command', (text) => {
    const { ruleSets } = loadText(`root@n1:~# iptables -t mangle -L\n${text}root@n1:~# \n`);
    expect(ruleSets[4].tables.get('mangle')?.chains.get('FORWARD')?.policy).toBe('DROP');
    expect(ruleSets[4].beside).toBe('legacy');
  });
});
