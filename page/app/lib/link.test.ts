import { readFileSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Session } from '../../engine/session.js';
import { unpack } from '../../engine/unpack.js';
import type { Ask } from '../../shared/protocol.js';
import type { Slice } from '../../shared/slice.js';
import { pack, placeText, questionText, readLink } from './link.js';
import { Disguise, hideAll, hideText } from './redact.js';

const ask: Ask = {
  packet: {
    ...{ from: '192.168.61.33', to: '8.8.8.8:443', proto: 'tcp', in: '', mark: '' },
    ...{ tcpFlags: '', icmp: '', ttl: '', uid: '', ct: '' },
  },
  settled: [],
  pick: null,
  edits: [],
  flow: false,
};
let slice: Slice;
let names: readonly string[];

beforeAll(async () => {
  const folder = 'examples/eks-node';
  const files = readdirSync(folder).map((name) => ({
    name,
    text: readFileSync(`${folder}/${name}`, 'utf8'),
  }));
  const session = new Session('node', await unpack(files, () => undefined), null, 'abc');
  const en = session.slice({ ask, outcome: 0, language: 'en' });
  const ko = session.slice({ ask, outcome: 0, language: 'ko' });
  slice = { v: 1, packet: ask.packet, digest: 'abc', walks: { en: en.sliced, ko: ko.sliced } };
  names = en.names;
});

/** What somebody else may have packed. */
async function packed(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url');
}

const place = { outcome: 0, leg: 0, step: 9 };

describe('a link', () => {
  it('gives back the walk and the place in it', async () => {
    const link = await readLink(`#v1.${await pack(slice)}${placeText(place)}`);
    expect(link).toEqual({ kind: 'walk', slice, place });
  });

  it('is short enough for chat programs in one language', async () => {
    for (const walks of [{ en: slice.walks.en }, { ko: slice.walks.ko }])
      expect((await pack({ ...slice, walks } as Slice)).length).toBeLessThan(8000);
  });

  it('gives back a question', async () => {
    expect(await readLink(`#${questionText(ask)}${placeText(place)}`)).toEqual({
      kind: 'question',
      ask,
      place,
      sample: null,
    });
  });

  it('says which of the examples a question is about', async () => {
    const link = `#${questionText(ask)}${placeText(place)}`;
    expect(await readLink(`${link}~cluster`)).toMatchObject({ kind: 'question', place, sample: 'cluster' });
    expect(await readLink(`${link}~constructor`)).toMatchObject({ kind: 'question', place, sample: null });
  });

  it('that was cut anywhere is said to be cut', async () => {
    const data = await pack(slice);
    for (const length of [0, 1, 5, 100, data.length - 40, data.length - 1])
      expect(await readLink(`#v1.${data.slice(0, length)}`), String(length)).toEqual({ kind: 'cut' });
    expect(await readLink('#v')).toEqual({ kind: 'cut' });
  });

  it('of a newer natwalk is named as such', async () => {
    expect(await readLink('#v2.whatever')).toEqual({ kind: 'newer', version: 2 });
  });

  it('whose content is of another form is not shown', async () => {
    const wrong: unknown[] = [
      { v: 1 },
      [],
      { ...slice, walks: {} },
      { ...slice, walks: { en: { walk: 1, chains: [], at: {} } } },
      JSON.parse('{"__proto__":{"v":1,"walks":{}},"walks":{}}'),
      { ...slice, walks: { en: { ...slice.walks.en, chains: Array.from({ length: 5000 }, () => ({})) } } },
    ];
    for (const one of wrong) expect(await readLink(`#v1.${await packed(one)}`)).toEqual({ kind: 'cut' });
  });

  it('with a change of something that cannot be changed is not asked', async () => {
    const place = { table: 'nat', chain: 'POSTROUTING' };
    const at = { file: 'save', line: 3 };
    const made = async (target: unknown): Promise<string> => {
      const edits = [{ target, text: 'x', was: '' }] as unknown as Ask['edits'];
      return (await readLink(`#${questionText({ ...ask, edits })}`)).kind;
    };
    expect(await made({ kind: 'rule', family: 4, place, ...at })).toBe('question');
    expect(await made({ kind: 'sysctl', name: 'net.ipv4.ip_forward' })).toBe('question');
    expect(await made({ kind: 'added', number: 1, node: 'worker-1' })).toBe('question');
    const wrong: unknown[] = [
      { kind: 'rule' },
      { kind: 'rule', family: 9, place, ...at },
      { kind: 'nothing', family: 4, place, ...at },
      { kind: 'policy', family: 4, place: null },
      { kind: 'sysctl', name: {} },
      { kind: 'added' },
      { kind: 'added', number: '__proto__' },
      null,
    ];
    for (const one of wrong) expect(await made(one), JSON.stringify(one)).toBe('cut');
  });

  it('that is no link of ours is none', async () => {
    for (const hash of ['', '#', '#walk', '#x1.abc']) expect(await readLink(hash)).toEqual({ kind: 'none' });
  });
});

/** Numbers that come again, for tests. */
function drawing(): () => number {
  let last = 5;
  return () => (last = (last * 73 + 41) % 256);
}

const bitsOf = (address: string): string =>
  address
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');

const shared = (one: string, two: string): number => {
  const [a, b] = [bitsOf(one), bitsOf(two)];
  let count = 0;
  while (count < 32 && a[count] === b[count]) count += 1;
  return count;
};

describe('hiding', () => {
  it('leaves nothing of addresses, names, comments and hashes', () => {
    const text = JSON.stringify(hideAll(slice, names, new Disguise(drawing())));
    for (const secret of [
      ...['192.168.', '8.8.8.8', '10.100.', 'default/web', 'weblocal', 'enia7cc107bbb9'],
      ...['AWS SNAT CHAIN', 'kubernetes service portals', 'LOLE4ISW44XBNF3G'],
    ])
      expect(text, secret).not.toContain(secret);
    // What makes the walk is still there.
    for (const kept of ['AWS-SNAT-CHAIN-0', 'fwmark 0x80/0x80', 'KUBE-POSTROUTING', 'rule 1024'])
      expect(text, kept).toContain(kept);
  });

  it('keeps how many leading bits two addresses share, behind the first two octets', () => {
    const disguise = new Disguise(drawing());
    const addresses = ['192.168.32.1', '192.168.45.10', '192.168.61.33', '192.168.45.11', '192.168.128.1'];
    for (const one of addresses)
      for (const two of addresses)
        expect(shared(disguise.address4(one, null), disguise.address4(two, null))).toBe(shared(one, two));
  });

  it('keeps a network the network of what was in it', () => {
    const disguise = new Disguise(drawing());
    const network = disguise.address4('192.168.32.0', 19);
    const inside = disguise.address4('192.168.45.10', null);
    expect(shared(network, inside)).toBeGreaterThanOrEqual(19);
    expect(bitsOf(network).slice(19)).toMatch(/^0*$/);
  });

  it('leaves what is of nobody', () => {
    const disguise = new Disguise(drawing());
    for (const text of ['0.0.0.0/0', '127.0.0.1', '224.0.0.0/4', '::1', 'fe80::1', 'mark 0x0 -> 0x80'])
      expect(hideText(text, [], disguise)).toBe(text);
  });

  it('hides IPv6 addresses, the same ones alike', () => {
    const hidden = hideText('fd00:10:1::5 > fd00:10:1::6, fd00:10:1::5', [], new Disguise(drawing()));
    expect(hidden).toMatch(/^(2001:db8:1::\w+) > 2001:db8:1::\w+, \1$/);
  });
});
