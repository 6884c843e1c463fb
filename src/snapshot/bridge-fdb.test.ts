/** `bridge fdb`, text and JSON. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { open } from '../../test/support/section.js';
import { mergeForwarding, printForwarding, readForwarding } from './bridge-fdb.js';

function read(
  text: string,
  device: string | null = null,
): { readonly lines: readonly string[]; readonly codes: readonly string[] } {
  const { report, codes } = open(text);
  const entries = readForwarding(report, device);
  return { lines: printForwarding({ entries, whole: true }), codes: codes() };
}

describe('bridge fdb', () => {
  it.each<[string, string]>([
    [
      '33:33:00:00:00:01 dev br0 self permanent',
      '{"mac":"33:33:00:00:00:01","ifname":"br0","flags":["self"],"state":"permanent"}',
    ],
    [
      '32:75:0a:3c:a0:ff dev vethA master br0',
      '{"mac":"32:75:0a:3c:a0:ff","ifname":"vethA","flags":[],"master":"br0","state":""}',
    ],
    [
      '32:75:0a:3c:a0:ff dev vethA vlan 1 master br0 static',
      '{"mac":"32:75:0a:3c:a0:ff","ifname":"vethA","vlan":1,"flags":[],"master":"br0","state":"static"}',
    ],
    [
      '2a:02:24:58:e9:07 dev vx0 dst 10.0.0.102 self permanent',
      '{"mac":"2a:02:24:58:e9:07","ifname":"vx0","dst":"10.0.0.102","flags":["self"],"state":"permanent"}',
    ],
    [
      '00:00:00:00:00:00 dev vx6 dst ff02::5 port 4789 vni 9 via e0 src_vni 5 nhid 3 self extern_learn permanent',
      '{"mac":"00:00:00:00:00:00","ifname":"vx6","dst":"ff02::5","port":4789,"vni":9,"src_vni":5,"viaIf":"e0","nhid":3,"flags":["self","extern_learn"],"state":"permanent"}',
    ],
    [
      '32:75:0a:3c:a0:ff dev e1 offload master br0 stale',
      '{"mac":"32:75:0a:3c:a0:ff","ifname":"e1","used":3,"updated":4,"flags":["offload"],"master":"br0","state":"stale"}',
    ],
  ])('%s', (text, json) => {
    expect(read(`${text} \n`)).toEqual({ lines: [text], codes: [] });
    expect(read(`[${json}]`)).toEqual({ lines: [text], codes: [] });
  });

  it('leaves out statistics, and takes the device of the command', () => {
    expect(read('32:75:0a:3c:a0:ff used 5/6 master br0 \n', 'e3')).toEqual({
      lines: ['32:75:0a:3c:a0:ff dev e3 master br0'],
      codes: [],
    });
  });

  it.each<[string, readonly string[]]>([
    ['32:75:0a:3c:a0:ff dev e0 dst nowhere self\n', ['READ_VALUE@1:30']],
    ['32:75:0a:3c:a0:ff dev e0 constructor x\n', ['READ_WORD@1:26']],
    ['what is this\n', ['READ_LINE@1:1']],
    ['[{"ifname":"e0"}]', ['READ_JSON_ITEM@1:2']],
    ['[{"mac":"32:75:0a:3c:a0:ff","dst":"x"}]', ['READ_VALUE@1:36']],
  ])('%s', (text, codes) => {
    expect(read(text).codes).toEqual(codes);
  });

  it('puts listings together', () => {
    const list = (text: string) => readForwarding(open(text).report, null);
    const [one, two] = [
      list('02:00:00:00:00:01 dev e0 self permanent\n'),
      list('02:00:00:00:00:02 dev e0 self permanent\n'),
    ];
    const merged = mergeForwarding([
      { entries: one, partial: true },
      { entries: [...two, ...one], partial: false },
    ]);
    expect(merged?.whole).toBe(true);
    expect(merged?.entries.map(({ mac }) => mac)).toEqual(['02:00:00:00:00:02', '02:00:00:00:00:01']);
    expect(mergeForwarding([])).toBeNull();
  });

  it('never throws', () => {
    const word = fc.constantFrom(
      '32:75:0a:3c:a0:ff',
      'dev',
      'e0',
      'dst',
      'self',
      'master',
      'used',
      '__proto__',
      '\n',
      '[',
      '{"mac":"x"}',
    );
    fc.assert(fc.property(fc.array(word), (words) => void read(words.join(' '))));
  });
});
