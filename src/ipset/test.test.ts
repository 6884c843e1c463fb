import { describe, expect, it } from 'vitest';
import { type Family, parseAddress } from '../address/address.js';
import type { Ternary } from '../chooser/question.js';
import { SourceText } from '../source/source.js';
import type { IpSet, SetEntry, SetQuery } from './model.js';
import { testSet } from './test.js';

const span = { source: new SourceText('sets', ''), start: 0, end: 0 };

function setOf(type: string, elements: readonly string[], words = '', family: Family = 4): IpSet {
  const entries = elements.map((line): SetEntry => {
    const [text = '', ...rest] = line.split(' ');
    return { text, words: rest, nomatch: rest.includes('nomatch'), span };
  });
  return { name: 'S', type, family, words: words.split(' '), entries, span };
}

function ask(
  set: IpSet,
  directions: string,
  packet: Partial<SetQuery> & { readonly from?: string; readonly to?: string } = {},
): Ternary {
  const { from = '10.0.0.1', to = '10.0.0.2', ...rest } = packet;
  return testSet(new Map([['S', set]]), set, {
    family: from.includes(':') ? 6 : 4,
    source: parseAddress(from) ?? 0,
    destination: parseAddress(to) ?? 0,
    protocol: 6,
    sourcePort: 40000,
    destinationPort: 80,
    icmpType: 0,
    icmpCode: 0,
    inInterface: 'eth0',
    outInterface: 'eth1',
    mark: 0,
    markUnknown: 0,
    sourceMac: null,
    directions: directions.split(',').map((word) => (word === 'src' ? 'src' : 'dst')),
    ...rest,
  });
}

const code = (answer: Ternary): string | boolean => (typeof answer === 'boolean' ? answer : answer.code);

describe('a set of networks', () => {
  const nets = setOf('hash:net', ['10.0.0.0/24', '10.0.0.2/32 nomatch', '0.0.0.0/1 nomatch']);
  it('is decided by the longest prefix, and nomatch says no', () => {
    expect(ask(nets, 'src')).toBe(true);
    expect(ask(nets, 'dst')).toBe(false);
    expect(ask(nets, 'dst', { to: '10.0.1.1' })).toBe(false);
  });
  it('has no ear for it where an element cannot carry nomatch', () => {
    expect(ask(setOf('hash:ip', ['10.0.0.2']), 'dst', { to: '10.0.0.2', returnNomatch: true })).toBe(true);
  });
  it('says yes for nomatch alone when the rule turns it round', () => {
    expect(ask(nets, 'dst', { returnNomatch: true })).toBe(true);
    expect(ask(nets, 'src', { returnNomatch: true })).toBe(false);
    expect(ask(nets, 'dst', { to: '192.0.2.1', returnNomatch: true })).toBe(false);
  });
  it('covers everything by two halves', () => {
    const all = setOf('hash:net', ['::/1', '8000::/1'], 'family inet6', 6);
    expect(ask(all, 'src', { from: 'fd00::1', to: '::1' })).toBe(true);
    expect(ask(all, 'dst', { from: 'fd00::1', to: '::1' })).toBe(true);
  });
  it('of two networks tries the first one longest', () => {
    const pairs = setOf('hash:net,net', ['10.0.0.0/24,10.0.0.0/8 nomatch', '10.0.0.0/8,10.0.0.2']);
    expect(ask(pairs, 'src,dst')).toBe(false);
    expect(ask(pairs, 'src,dst', { from: '10.1.0.1' })).toBe(true);
    expect(ask(setOf('hash:net,port,net', ['10.0.0.0/8,tcp:80,10.0.0.0/30']), 'src,dst,dst')).toBe(true);
  });
});

describe('directions', () => {
  const pairs = setOf('hash:ip,port', ['10.0.0.2,tcp:80']);
  it('that are fewer than the dimensions never match; more are ignored', () => {
    expect(ask(pairs, 'dst')).toBe(false);
    expect(ask(pairs, 'dst,dst')).toBe(true);
    expect(ask(pairs, 'dst,dst,src')).toBe(true);
    expect(ask(pairs, 'dst,src')).toBe(false);
  });
});

describe('families', () => {
  it('do not mix, but for types that have none', () => {
    expect(ask(setOf('hash:net', ['0.0.0.0/1']), 'src', { from: '::1', to: '::2' })).toBe(false);
    expect(ask(setOf('bitmap:port', ['80']), 'dst', { from: '::1', to: '::2' })).toBe(true);
  });
});

describe('a mark', () => {
  const marks = setOf('hash:ip,mark', ['10.0.0.1,0x00000080'], 'markmask 0x000000ff');
  it('is compared under the mask of the set', () => {
    expect(ask(marks, 'src,src', { mark: 0xf80 })).toBe(true);
    expect(ask(marks, 'src,src', { mark: 0x81 })).toBe(false);
  });
  it('with unknown bits is open where they matter', () => {
    expect(code(ask(marks, 'src,src', { mark: 0, markUnknown: 0x80 }))).toBe('UNK_SET_MARK');
    expect(ask(marks, 'src,src', { mark: 1, markUnknown: 0x80 })).toBe(false);
    expect(ask(marks, 'src,src', { mark: 0x80, markUnknown: 0x100 })).toBe(true);
  });
});

describe('a MAC address', () => {
  const macs = setOf('hash:ip,mac', ['10.0.0.1,02:00:00:00:00:0A']);
  it('that is known is compared', () => {
    expect(ask(macs, 'src,src', { sourceMac: '02:00:00:00:00:0a' })).toBe(true);
    expect(ask(macs, 'src,src', { sourceMac: '02:00:00:00:00:0b' })).toBe(false);
  });
  it('that is not known is open, unless the rest settles it', () => {
    expect(code(ask(macs, 'src,src'))).toBe('UNK_SET_MAC');
    expect(ask(macs, 'dst,src')).toBe(false);
    expect(code(ask(setOf('hash:mac', ['02:00:00:00:00:0a']), 'src'))).toBe('UNK_SET_MAC');
  });
});

describe('an interface', () => {
  const ifaces = setOf('hash:net,iface', [
    '10.0.0.0/8,eth0',
    '10.0.0.0/24,eth9',
    '10.1.0.0/16,eth wildcard',
    '10.2.0.0/16,physdev:eth0',
  ]);
  it('is asked for in the longest network alone', () => {
    expect(ask(ifaces, 'src,src')).toBe(false);
    expect(ask(ifaces, 'src,src', { from: '10.9.0.1' })).toBe(true);
    expect(ask(ifaces, 'src,dst', { from: '10.1.0.1' })).toBe(true);
    expect(ask(ifaces, 'src,src', { from: '10.2.0.1' })).toBe(true);
  });
  it('that the hook has not is in no set; one that the snapshot cannot name is open', () => {
    expect(ask(ifaces, 'src,src', { inInterface: '' })).toBe(false);
    expect(code(ask(ifaces, 'src,src', { inInterface: '?/' }))).toBe('UNK_SET_INTERFACE');
  });
});

describe('values that NAT drew', () => {
  const pairs = setOf('hash:ip,port', ['10.0.0.1,tcp:2000']);
  it('are open when an element lies among them', () => {
    expect(code(ask(pairs, 'src,src', { sourcePort: 1024, sourcePortTo: 65535 }))).toBe('UNK_SET_DRAWN');
    expect(ask(pairs, 'src,src', { sourcePort: 1024, sourcePortTo: 1999 })).toBe(false);
    const nets = setOf('hash:net', ['10.0.0.8/29']);
    expect(code(ask(nets, 'src', { from: '10.0.0.1', sourceTo: parseAddress('10.0.0.9') ?? 0 }))).toBe(
      'UNK_SET_DRAWN',
    );
    expect(ask(nets, 'src', { from: '10.0.0.1', sourceTo: parseAddress('10.0.0.7') ?? 0 })).toBe(false);
  });
});

describe('what cannot be read', () => {
  it('leaves the answer open unless an exact element says yes', () => {
    const odd = setOf('hash:ip', ['10.0.0.1', 'host.example']);
    expect(ask(odd, 'src')).toBe(true);
    expect(code(ask(odd, 'dst'))).toBe('UNK_SET_ENTRY');
    expect(code(ask(setOf('hash:net', ['10.0.0.0/8', 'x']), 'src'))).toBe('UNK_SET_ENTRY');
    expect(code(ask(setOf('hash:new', ['10.0.0.1']), 'src'))).toBe('UNK_SET_TYPE');
  });
  it('keeps names of object prototypes apart', () => {
    expect(code(ask(setOf('constructor', []), 'src'))).toBe('UNK_SET_TYPE');
    expect(code(ask(setOf('hash:ip,port', ['10.0.0.1,__proto__:80']), 'src,src'))).toBe('UNK_SET_ENTRY');
  });
});

describe('a list of sets', () => {
  const a = { ...setOf('hash:net', ['10.0.0.1 nomatch', '10.0.0.0/24']), name: 'a' };
  const b = { ...setOf('hash:ip', ['10.0.0.1']), name: 'b' };
  const list = (members: readonly string[]): Ternary => {
    const own = setOf('list:set', members);
    const sets = new Map([['a', a], ['b', b], ['S', own]]); // prettier-ignore
    return testSet(sets, own, {
      family: 4,
      source: parseAddress('10.0.0.1') ?? 0,
      destination: 0,
      protocol: 6,
      sourcePort: 0,
      destinationPort: 0,
      icmpType: 0,
      icmpCode: 0,
      inInterface: '',
      outInterface: '',
      sourceMac: null,
      directions: ['src'],
    });
  };
  it('says yes when a member does; nomatch ends its own set only', () => {
    expect(list(['a'])).toBe(false);
    expect(list(['a', 'b'])).toBe(true);
    expect(list([])).toBe(false);
  });
  it('is open when a member is missing, or is a list, which the kernel does not take', () => {
    expect(code(list(['a', 'gone']))).toBe('UNK_SET_MEMBER');
    expect(list(['gone', 'b'])).toBe(true);
    expect(code(list(['S']))).toBe('UNK_SET_MEMBER');
  });
});

describe('a large set', () => {
  it('is prepared once and then answers at once', () => {
    const elements = Array.from({ length: 50_000 }, (_, at) =>
      `10.${String(at >> 8)}.${String(at & 255)}.0/24`.replace(
        /10\.(\d+)/,
        (_all, n: string) => `10.${String(Number(n) & 255)}`,
      ),
    );
    const large = setOf('hash:net', elements);
    ask(large, 'src');
    let found = 0;
    for (let at = 0; at < 100_000; at += 1) if (ask(large, 'src', { from: '10.3.4.5' }) === true) found += 1;
    expect(found).toBe(100_000);
  });
});

describe('elements that the dump leaves out', () => {
  it('may hold what those that it shows do not', () => {
    const part = { ...setOf('hash:ip', ['10.0.0.1']), partial: true };
    expect(ask(part, 'src')).toBe(true);
    expect(code(ask(part, 'dst'))).toBe('UNK_SET_PARTIAL');
    expect(code(ask({ ...setOf('hash:net', ['10.0.0.0/8']), partial: true }, 'src'))).toBe('UNK_SET_PARTIAL');
  });
});
