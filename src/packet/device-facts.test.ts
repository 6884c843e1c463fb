/** One device has one name: what one answer says about the next question, and how many ways that leaves. */
import { describe, expect, it } from 'vitest';
import { loadNode } from '../snapshot/load.js';
import { DeviceFacts } from './device-facts.js';
import { trace } from './trace.js';

const asked = (selector: string): string => `output device is ${selector}`;

/** What is known, what is asked, and what follows. */
const FOLLOWS: readonly (readonly [string, boolean, string, boolean | null])[] = [
  ['eth0', true, 'eth0', true],
  ['eth0', true, 'eth1', false],
  ['eth0', true, 'eth+', true],
  ['eth0', true, 'br+', false],
  ['eth+', true, 'eth0', null],
  ['eth+', true, 'e+', true],
  ['eth+', true, 'br0', false],
  ['eth+', true, 'eth1+', null],
  ['eth0', false, 'eth1', null],
  ['eth0', false, 'eth+', null],
  ['eth+', false, 'eth0', false],
  ['eth+', false, 'eth1+', false],
  ['eth+', false, 'e+', null],
];

describe('the output device that no dump shows', () => {
  it.each(FOLLOWS)('is %s: %s, so that it is %s: %s', (known, holds, selector, follows) => {
    const facts = new DeviceFacts();
    facts.note(asked(known), holds);
    expect(facts.implied(asked(selector))).toBe(follows);
    expect(facts.clone().implied(asked(selector))).toBe(follows);
  });

  it('is not what other questions are about', () => {
    const facts = new DeviceFacts();
    facts.note(asked('eth0'), true);
    expect(facts.implied('table 254 has a route to 8.8.8.8')).toBeNull();
    expect(facts.implied(asked('eth1 & something else'))).toBeNull();
  });

  it('is never two devices in one outcome', () => {
    const rules = ['docker0', 'br-a', 'tun0'].map(
      (name) => `-A FORWARD -o ${name} -j LOG\n-A FORWARD -o ${name} -j DROP\n`,
    );
    const save = `*filter\n:FORWARD ACCEPT [0:0]\n${rules.join('')}COMMIT\n`;
    const node = loadNode('one', [
      { name: 'iptables-save.txt', text: save },
      { name: 'ip-rule.txt', text: '0:\tfrom all lookup local\n100:\tfrom all lookup 7\n' },
    ]);
    const { outcomes } = trace(node, {
      proto: 'tcp',
      in: 'eth9',
      src: '10.0.0.7',
      dst: '8.8.8.8',
      dport: 80,
    });
    const devices = outcomes.map(({ assumptions }) =>
      assumptions.flatMap(({ code, params }) =>
        code === 'UNK_OUT_DEVICE_IS' && params['answer'] === 'yes' ? [String(params['device'])] : [],
      ),
    );
    expect(devices.filter((names) => names.length > 1)).toEqual([]);
    expect([...new Set(devices.flat())].toSorted()).toEqual(['br-a', 'docker0', 'tun0']);
    expect(devices.some((names) => names.length === 0)).toBe(true);
  });

  it('may be another one where a packet of OUTPUT is routed again, and only there', () => {
    const save = (mark: string): string =>
      `*mangle\n:OUTPUT ACCEPT\n${mark}COMMIT\n*filter\n:OUTPUT ACCEPT\n-A OUTPUT -o wg0 -j ACCEPT\nCOMMIT\n` +
      '*nat\n:POSTROUTING ACCEPT\n-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n';
    const pairs = (mark: string): readonly string[] => {
      const node = loadNode('one', [
        { name: 'iptables-save.txt', text: save(mark) },
        {
          name: 'ip-rule.txt',
          text: '0:\tfrom all lookup local\n100:\tfrom all fwmark 0x7 lookup 7\n200:\tfrom all lookup 8\n',
        },
      ]);
      const { outcomes } = trace(node, {
        proto: 'udp',
        in: null,
        src: '10.0.0.7',
        dst: '8.8.8.8',
        dport: 53,
      });
      const said = outcomes.map(({ assumptions }) =>
        assumptions
          .flatMap(({ code, params }) =>
            code === 'UNK_OUT_DEVICE_IS' ? [`${params['device']} ${params['answer']}`] : [],
          )
          .join(),
      );
      return [...new Set(said)].filter((text) => text !== '').toSorted();
    };
    expect(pairs('')).toEqual(['wg0 no,eth0 no', 'wg0 no,eth0 yes', 'wg0 yes']);
    expect(pairs('-A OUTPUT -j MARK --set-xmark 0x7/0xffffffff\n')).toEqual([
      'wg0 no,eth0 no',
      'wg0 no,eth0 yes',
      // Table 7 has no route, and table 8 decides as before.
      'wg0 yes',
      'wg0 yes,eth0 no',
      'wg0 yes,eth0 yes',
    ]);
  });
});
