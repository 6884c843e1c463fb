/** `tcpdump` on the emulated node: what the last command that sent packets has let pass by an interface. */
import { parseAddress } from '../../address/address.js';
import { contains, parsePrefix } from '../../address/prefix.js';
import { type Call, type Output, refuse, unknownOption } from './output.js';
import { withPorts } from './ports.js';
import { timeText } from './clock.js';
import { type Sight, sightWords } from './sight.js';

const KNOWN = '-i IF|any -n -nn -t -c N -l -e; icmp tcp udp, [src|dst] host A, net N, port P, and, or, not';

type Test = (sight: Sight) => boolean;

/** `icmp and (host A or port 53)`: a filter of pcap-filter(7), the part that students type. */
class Filter {
  readonly #words: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  read(): Test {
    if (this.#words.length === 0) return () => true;
    const test = this.#any();
    if (this.#at < this.#words.length) throw this.#unknown();
    return test;
  }

  #unknown(): Error {
    return unknownOption('tcpdump', this.#words[this.#at] ?? '', KNOWN);
  }

  #take(...words: readonly string[]): boolean {
    if (!words.includes(this.#words[this.#at] ?? '')) return false;
    this.#at += 1;
    return true;
  }

  #any(): Test {
    const tests = [this.#all()];
    while (this.#take('or', '||')) tests.push(this.#all());
    return (sight) => tests.some((test) => test(sight));
  }

  #all(): Test {
    const tests = [this.#one()];
    while (this.#take('and', '&&')) tests.push(this.#one());
    return (sight) => tests.every((test) => test(sight));
  }

  #one(): Test {
    if (this.#take('not', '!')) {
      const test = this.#one();
      return (sight) => !test(sight);
    }
    if (this.#take('(')) {
      this.#depth += 1;
      if (this.#depth > 50) throw this.#unknown();
      const test = this.#any();
      this.#depth -= 1;
      if (!this.#take(')')) throw this.#unknown();
      return test;
    }
    return this.#primitive();
  }

  #primitive(): Test {
    const word = this.#words[this.#at] ?? '';
    const protocol = { ip: 0, ip6: 0, icmp: 1, icmp6: 58, tcp: 6, udp: 17 }[word];
    if (protocol !== undefined) {
      this.#at += 1;
      const family = word === 'ip6' || word === 'icmp6' ? 6 : 4;
      const isProtocol: Test = ({ hop }) =>
        protocol === 0 || word === 'tcp' || word === 'udp'
          ? protocol === 0
            ? hop.family === family
            : hop.protocol === protocol
          : hop.protocol === protocol;
      if (!['port', 'src', 'dst', 'host'].includes(this.#words[this.#at] ?? '')) return isProtocol;
      const rest = this.#primitive();
      return (sight) => isProtocol(sight) && rest(sight);
    }
    const side = this.#take('src') ? 'src' : this.#take('dst') ? 'dst' : 'any';
    const kind = this.#take('host')
      ? 'host'
      : this.#take('port')
        ? 'port'
        : this.#take('net')
          ? 'net'
          : 'host';
    const value = this.#words[this.#at] ?? '';
    const test = kind === 'port' ? portTest(value, side) : addressTest(value, side);
    if (test === null) throw this.#unknown();
    this.#at += 1;
    return test;
  }
}

type Side = 'src' | 'dst' | 'any';

function portTest(value: string, side: Side): Test | null {
  if (!/^\d{1,5}$/.test(value)) return null;
  return ({ hop: { header } }) =>
    (side !== 'dst' && header.sport === value) || (side !== 'src' && header.dport === value);
}

function addressTest(value: string, side: Side): Test | null {
  const prefix = parsePrefix(value);
  if (prefix === null) return null;
  const within = (text: string): boolean => {
    const address = parseAddress(text);
    return address !== null && contains(prefix, address);
  };
  return ({ hop: { header } }) =>
    (side !== 'dst' && within(header.src)) || (side !== 'src' && within(header.dst));
}

interface Options {
  device: string | null;
  time: boolean;
  most: number;
  readonly filter: string[];
}

function read(words: readonly string[]): Options {
  const options: Options = { device: null, time: true, most: Infinity, filter: [] };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, joined] = /^-i(\S+)$/.exec(word) ?? [];
    if (word === '-i' || word === '--interface') options.device = words[(at += 1)] ?? '';
    else if (/^-[nltpqvec]*i$/.test(word) && word.length > 2) options.device = words[(at += 1)] ?? '';
    else if (joined !== undefined) options.device = joined;
    else if (word === '-c') options.most = Number(words[(at += 1)]) || Infinity;
    else if (/^-[nlptvq]+$/.test(word)) {
      if (word.includes('t')) options.time = false;
    } else if (word.startsWith('-')) throw unknownOption('tcpdump', word, KNOWN);
    // A filter may stand in quotes.
    else
      options.filter.push(
        ...word
          .replace(/([()!])/g, ' $1 ')
          .split(/\s+/)
          .filter((part) => part !== ''),
      );
  }
  return options;
}

/** `tcpdump -i IF -nn [filter]`. */
export function tcpdump(words: readonly string[], call: Call): Output {
  const options = read(words);
  const test = new Filter(options.filter.map((word) => word.toLowerCase())).read();
  const { machine } = call.shell;
  const [first = 'any'] = [...machine.node.networks[4].links.values()].flatMap(({ name, up }) =>
    up && name !== 'lo' ? name : [],
  );
  const device = options.device ?? first;
  if (device !== 'any' && !machine.node.networks[4].links.has(device))
    return refuse(`tcpdump: ${device}: No such device exists\n(No such device exists)`);
  const { world, nodeNames } = call.shell;
  const own = world.pods.filter(({ node }) => nodeNames.length === 1 || node === machine.name);
  const found = withPorts(machine.seen, machine.node, own)
    .filter(({ hop }) => device === 'any' || hop.device === device)
    .filter((sight) => test(sight))
    .slice(0, options.most);
  const type = device === 'any' ? 'LINUX_SLL2 (Linux cooked v2)' : 'EN10MB (Ethernet)';
  const known = new Set<string>();
  const out = found.map((sight) => {
    const { at, hop, isForOther } = sight;
    const { src, sport, dst, dport } = hop.header;
    const key = [src, sport, dst, dport].join(' ');
    const isFirst = !known.has(key);
    known.add(key);
    const place =
      device === 'any'
        ? `${hop.device.padEnd(5)} ${(isForOther === true ? 'P' : hop.direction).padEnd(3)} `
        : '';
    return `${options.time ? `${timeText(at)} ` : ''}${place}${sightWords(sight, isFirst)}\n`;
  });
  const packets = `packet${found.length === 1 ? '' : 's'}`;
  const captured = `${String(found.length)} ${packets} captured\n${String(found.length)} ${packets} received by filter\n0 packets dropped by kernel\n`;
  const err =
    (device === 'any' ? 'tcpdump: data link type LINUX_SLL2\n' : '') +
    'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n' +
    `listening on ${device}, link-type ${type}, snapshot length 262144 bytes\n${captured}`;
  const note = machine.seen.length === 0 ? `${call.shell.say('LAB_SH_NO_PACKETS')}\n` : '';
  return { out: out.join(''), err: `${err}${note}`, status: 0 };
}
