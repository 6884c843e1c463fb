/** Random sets and questions about them. */
import { type Family, parseAddress } from '../../../src/address/address.js';
import { DIMENSIONS, type Dimension } from '../../../src/ipset/element.js';
import type { SetQuery } from '../../../src/ipset/model.js';
import type { Random } from '../routing/random.js';

/** A set to make: its name, and what follows it in `create`. */
export interface SetKind {
  readonly name: string;
  readonly type: string;
  readonly family: Family;
  readonly words: string;
}

const ADDRESS_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'hash:ip': ['', 'netmask 30', 'bitmask 255.0.0.13'],
  'hash:ip,port': ['', 'netmask 29', 'bitmask 255.0.0.13'],
  'hash:net,net': ['', 'bitmask 255.0.0.13'],
  'hash:ip,mark': ['', 'markmask 0xff'],
  'bitmap:ip': ['range 10.0.0.0/24', 'range 10.0.0.0/24 netmask 30'],
  'bitmap:ip,mac': ['range 10.0.0.0/24'],
  'bitmap:port': ['range 0-65535'],
};

/** Every type that is known, in both families and with its masks. A kernel may lack some. */
export const KINDS: readonly SetKind[] = [...DIMENSIONS.keys()].flatMap((type) =>
  (type.startsWith('bitmap:') ? ([4] as const) : ([4, 6] as const)).flatMap((family) =>
    (ADDRESS_OPTIONS[type] ?? [''])
      .filter((words) => family === 4 || !words.includes('mask 255'))
      .map((option, at) => {
        const words =
          family === 4 ? option : option.replace(/netmask (\d+)/, (_, n: string) => `netmask 1${n}`);
        const withFamily =
          type.startsWith('bitmap:') || type === 'hash:mac'
            ? ''
            : family === 4
              ? 'family inet '
              : 'family inet6 ';
        return {
          name: `${type}-${String(family)}-${String(at)}`,
          type,
          family,
          words: `${withFamily}${words}`.trim(),
        };
      }),
  ),
);

const LENGTHS: Readonly<Record<Family, readonly number[]>> = {
  4: [1, 8, 24, 28, 29, 30, 31, 32, 32],
  6: [1, 32, 64, 124, 125, 126, 127, 128, 128],
};
const PORTS = [53, 80, 81] as const;
const INTERFACES = ['eth0', 'eth1', 'eth10', 'lo'] as const;

function host(random: Random, family: Family): string {
  const low = random.below(16);
  return family === 4 ? `10.0.0.${String(low)}` : `2001:db8::${low.toString(16)}`;
}

interface Port {
  readonly text: string;
  readonly protocol: number;
  readonly port: number;
  readonly icmpType: number;
}

function port(random: Random, family: Family): Port {
  const number = random.pick(PORTS);
  const [name, protocol] = random.pick([
    ['tcp', 6],
    ['udp', 17],
    ['sctp', 132],
    ['udplite', 136],
    ['gre', 47],
    ['253', 253],
    ['icmp', 0],
  ] as const);
  if (name === 'icmp') {
    const icmpType = family === 4 ? random.pick([8, 0, 3, 200]) : random.pick([128, 129, 1, 200]);
    const text = `${family === 4 ? 'icmp' : 'icmpv6'}:${String(icmpType)}/0`;
    return { text, protocol: family === 4 ? 1 : 58, port: 0, icmpType };
  }
  const pseudo = protocol === 47 || protocol === 253;
  return { text: `${name}:${String(pseudo ? 0 : number)}`, protocol, port: pseudo ? 0 : number, icmpType: 0 };
}

/** An element to test, as `ipset test` takes it, and the packet that asks the same. */
export interface Question {
  readonly element: string;
  readonly query: SetQuery;
}

interface Draft {
  readonly texts: string[];
  readonly query: { -readonly [K in keyof SetQuery]: SetQuery[K] };
  readonly directions: ('src' | 'dst')[];
}

function addDimension(dimension: Dimension, random: Random, family: Family, draft: Draft): void {
  const { texts, query, directions } = draft;
  // The first address is the source, a second one the destination.
  const second = directions.includes('src');
  if (dimension === 'ip' || dimension === 'net') {
    const text = host(random, family);
    texts.push(text);
    if (second) query.destination = parseAddress(text) ?? 0;
    else query.source = parseAddress(text) ?? 0;
    directions.push(second ? 'dst' : 'src');
  } else if (dimension === 'protocol-port' || dimension === 'tcp-udp-port') {
    const bare = dimension === 'tcp-udp-port';
    const one = bare
      ? { text: '', protocol: random.pick([6, 17]), port: random.pick(PORTS), icmpType: 0 }
      : port(random, family);
    texts.push(bare ? String(one.port) : one.text);
    Object.assign(query, { protocol: one.protocol, destinationPort: one.port, icmpType: one.icmpType });
    directions.push('dst');
  } else if (dimension === 'iface') {
    query.inInterface = random.pick(INTERFACES);
    texts.push(query.inInterface);
    directions.push('src');
  } else if (dimension === 'mark') {
    query.mark = random.below(4) + random.pick([0, 0x100]);
    texts.push(`0x${query.mark.toString(16)}`);
    directions.push('src');
  } else {
    query.sourceMac = `02:00:00:00:00:0${String(random.below(4))}`;
    texts.push(query.sourceMac);
    directions.push('src');
  }
}

/** A packet and its element. */
export function someQuestion(random: Random, { type, family }: SetKind): Question {
  const any = family === 4 ? 0 : 0n;
  const directions: ('src' | 'dst')[] = [];
  const draft: Draft = {
    texts: [],
    directions,
    query: {
      family,
      source: any,
      destination: any,
      protocol: 6,
      sourcePort: 0,
      destinationPort: 0,
      icmpType: 0,
      icmpCode: 0,
      inInterface: '',
      outInterface: '',
      sourceMac: null,
      directions,
    },
  };
  for (const dimension of DIMENSIONS.get(type) ?? []) addDimension(dimension, random, family, draft);
  return { element: draft.texts.join(','), query: draft.query };
}

/** Words of `add`: a question's element with prefix lengths and flags. */
export function someElement(random: Random, kind: SetKind): string {
  const { element } = someQuestion(random, kind);
  const dimensions = DIMENSIONS.get(kind.type) ?? [];
  const masked = kind.words.includes('mask ');
  const texts = element.split(',').map((text, at) => {
    if (dimensions[at] !== 'net' || masked) return text;
    const length = random.pick(LENGTHS[kind.family]);
    return `${text}/${String(length)}`;
  });
  if (dimensions.at(-1) === 'iface' && random.chance(0.2)) texts.push(`physdev:${texts.pop() ?? ''}`);
  if (dimensions.at(-1) === 'optional-mac' && random.chance(0.3)) texts.pop();
  const wildcard = dimensions.at(-1) === 'iface' && random.chance(0.2) ? ' wildcard' : '';
  const nomatch = dimensions.includes('net') && random.chance(0.25) ? ' nomatch' : '';
  return `${texts.join(',')}${wildcard}${nomatch}`;
}
