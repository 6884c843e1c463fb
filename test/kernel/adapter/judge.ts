/** The kernel's own answer: packets of a batch put into a snapshot that is loaded into namespaces. */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { PacketInput } from '../../../src/packet/result.js';
import { type Complaints, about, allOf, byPart } from './complaints.js';
import { type FlowState, fitted, remember, sequenceOf } from './flow.js';
import { Helper } from './helper.js';
import { type Entry, type Logged, readEvent, readLog, readTrace } from './netlink.js';
import { WATCH_TABLE, withoutWatch } from './native-rules.js';
import { type Handles, nftPath, readHandles } from './nft-path.js';
import { RefusedError, refusalIn } from './refusal.js';
import { type Seen, answerOf, isItself, isNoise, isOfRedirect, isReplyTo, readSeen } from './seen.js';
import { type LinkEnd, type Setup, reloadOf, setupOf } from './snapshot.js';
import {
  type Header,
  type Sequence,
  buildPacket,
  buildTransport,
  familyOfText,
  portsOf,
  protocolOf,
  withPorts,
} from './wire.js';

export interface Observation {
  readonly id: string | null;
  /** The packet as it was really sent: in a flow, ports follow what the kernel drew before. */
  readonly sent: PacketInput;
  readonly out: readonly Seen[];
  readonly delivered: readonly Seen[];
  /**
   * ICMP errors, resets and other answers of the node; when watched, as they were before any rule touched them. What it
   * tells itself when a redirect of its own is rejected is none.
   */
  readonly answers: readonly Seen[];
  /** The same as they left the node or came to a socket of its own. */
  readonly answered: readonly Seen[];
  /** What the sending socket was told, by errno's name. */
  readonly errno: string | null;
  /** Lines of `conntrack -L` after this packet; empty when not asked for. */
  readonly conntrack: readonly string[];
  /** The packet's mark after the last chain of POSTROUTING or INPUT; null when not watched, or it did not come there. */
  readonly mark: number | null;
  /** Entries that this packet made or changed; empty when not watched. */
  readonly entries: readonly Entry[];
  /** What TRACE said of it (`filter:FORWARD:rule:1`), of legacy tables alone; empty when not watched. */
  readonly path: readonly string[];
  /** The packet at each of these lines, as it was before the line's rule changed it. */
  readonly traced?: readonly Logged[];
  /** The same of tables of nf_tables, as `nftPath` gives it. */
  readonly nftPath: readonly string[];
  /** The rules of these tables; null when there are none, or they are not watched. */
  readonly handles: Handles | null;
}

export interface JudgeOptions {
  readonly conntrack?: boolean;
  /** Watch marks, conntrack entries and the path through the rules as well, and do not wait for silence. */
  readonly watch?: boolean;
  /** How long to listen when nothing comes; 25 unless told. More on a busy machine, less for a batch full of drops. */
  readonly milliseconds?: number;
}

/** Commands that list a namespace, by the name of their dump. */
const LISTINGS = [
  ['ip-addr.txt', 'ip addr'],
  ['ip-maddr.txt', 'ip maddr'],
  ['ip-addrlabel.txt', 'ip addrlabel'],
  ['ip-rule.txt', 'ip -4 rule'],
  ['ip6-rule.txt', 'ip -6 rule'],
  ['ip-route.txt', 'ip -4 route show table all'],
  ['ip6-route.txt', 'ip -6 route show table all'],
  ['sysctl.txt', `sysctl -a 2>/dev/null | grep -E '^(net\\.ipv[46]\\.(conf|ip_|fib_)|kernel\\.osrelease)'`],
] as const;

const WATCH_GROUP = 30_000;
/** What the node sends, before any rule could drop it. */
const ANSWER_GROUP = 30_001;

/** A table of its own that sets TRACE on every packet and logs it behind the last chain; it decides nothing. */
function watched(setup: Setup): Setup {
  const log = `log group ${String(WATCH_GROUP)}`;
  const script = `ip netns exec node sysctl -q -w net.netfilter.nf_log.2=nfnetlink_log net.netfilter.nf_log.10=nfnetlink_log
ip netns exec node nft -f - <<'EOT'
table inet ${WATCH_TABLE} {
 chain pre { type filter hook prerouting priority -460; meta nftrace set 1; }
 chain local { type filter hook output priority -460; meta nftrace set 1; log group ${String(ANSWER_GROUP)}; }
 chain post { type filter hook postrouting priority 2147483000; ${log}; }
 chain in { type filter hook input priority 2147483000; ${log}; }
}
EOT
`;
  return { ...setup, script: `${setup.script}${about('watch')}${script}` };
}

const ERRNO = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

/** A snapshot loaded into the kernel; packets can be sent until `stop`. */
export class Judge {
  readonly #helper: Helper;
  readonly #links: ReadonlyMap<string, LinkEnd>;
  readonly #options: JudgeOptions;
  readonly #broadcasts: ReadonlySet<string>;
  /** Null when no rules of nf_tables are watched. */
  #handles: Handles | null = null;
  #listing = '';
  #warnings = '';

  private constructor(helper: Helper, setup: Setup, options: JudgeOptions) {
    this.#helper = helper;
    this.#links = new Map(setup.links.map((link) => [link.name, link]));
    this.#broadcasts = new Set(setup.broadcasts);
    this.#options = options;
    this.notSet = setup.notSet;
  }

  /**
   * Loads a snapshot folder (files named as in `examples/eks-node`).
   *
   * @throws {RefusedError} when a tool does not load its rule set
   */
  static async load(folder: string, options: JudgeOptions = {}): Promise<Judge> {
    const setup = setupOf(folder);
    const judge = new Judge(
      await Helper.start(options.watch === true ? watched(setup) : setup),
      setup,
      options,
    );
    try {
      heedRefusal(judge.refused);
      if (options.watch === true) await judge.#watch(setup);
      else if (options.milliseconds !== undefined)
        await judge.#helper.ask(`wait 4 ${String(options.milliseconds)}`);
    } catch (error) {
      await judge.stop();
      throw error;
    }
    return judge;
  }

  /** Begins to listen to all that the kernel tells; a judge that cannot is none. */
  async #watch(setup: Setup): Promise<void> {
    const { watch } = this.refused;
    if (watch !== '') throw new Error(`Nothing can be watched: ${watch}`);
    const groups = `0 ${String(WATCH_GROUP)} ${String(ANSWER_GROUP)}`;
    const refused = await this.#helper.ask(`watch ${groups}${setup.nft ? ' trace' : ''}`);
    if (refused.length > 0) throw new Error(`NFLOG cannot be listened to: ${refused.join()}`);
    await this.wait(this.#options.milliseconds ?? 0);
    if (setup.nft) await this.#list();
  }

  /** How long to listen after each packet from now on. */
  async wait(milliseconds: number): Promise<void> {
    await this.#helper.ask(`wait ${String(milliseconds)}`);
  }

  /**
   * Replaces iptables rules and ipsets by those of another folder; all else stays.
   *
   * @returns the tools' complaints
   * @throws {RefusedError} when a tool does not load its rule set; another may be loaded after it
   */
  async reload(folder: string): Promise<Complaints> {
    const said = byPart(await this.#helper.run(reloadOf(folder)));
    heedRefusal(said);
    if (this.#handles !== null) await this.#list();
    return said;
  }

  async #list(): Promise<void> {
    const { printed, said } = await this.#helper.output('nft -a list ruleset');
    this.#handles = readHandles(printed);
    this.#listing = withoutWatch(printed);
    this.#warnings = said.replace(/^(?!# Warning: table ).*\n?/gm, '');
  }

  /** What nft lists of the snapshot's tables, with or without its warnings about those of iptables-nft. */
  nftListing(warnings: boolean): string {
    return warnings ? `${this.#warnings}${this.#listing}` : this.#listing;
  }

  /** Runs a shell script in the judged namespace; what it prints. */
  async shell(script: string): Promise<string> {
    return (await this.#helper.output(script)).printed;
  }

  /** What the tools print of links, addresses, rules, routes and settings, by dump name. */
  async network(): Promise<Readonly<Record<(typeof LISTINGS)[number][0], string>>> {
    const script = LISTINGS.map(([, command]) => command).join(`\nprintf '\\f'\n`);
    const { printed, said } = await this.#helper.output(script);
    const texts = printed.split('\f');
    if (texts.length !== LISTINGS.length) throw new Error(`the namespace cannot be listed: ${said}`);
    const listed = LISTINGS.map(([name], at) => [name, texts[at] ?? ''] as const);
    return Object.fromEntries(listed) as Record<(typeof LISTINGS)[number][0], string>;
  }

  /** What the tools said against the dumps while they were loaded. */
  get complaints(): string {
    return allOf(this.refused);
  }

  /** The same by the part of the dumps that it is about. */
  get refused(): Complaints {
    return this.#helper.complaints;
  }

  /** Settings of the dumps that were left as the kernel has them. */
  readonly notSet: readonly string[];

  stop(): Promise<void> {
    return this.#helper.stop();
  }

  /** Observes every packet; those of one `flow` by `step`, all others with conntrack emptied before. */
  async observe(cases: readonly PacketInput[]): Promise<Observation[]> {
    const found = new Map<PacketInput, Observation>();
    for (const group of groupByFlow(cases)) {
      await this.#helper.ask('flush');
      const flow: FlowState = { seen: [], next: new Map() };
      for (const packet of group) found.set(packet, await this.#one(packet, flow));
    }
    return cases.flatMap((packet) => found.get(packet) ?? []);
  }

  /**
   * Begins a flow whose packets depend on what was seen before: conntrack is emptied once, and every packet that the
   * function is given goes out as it is, in TCP with the sequence numbers beside it.
   */
  async begin(): Promise<(packet: PacketInput, sequence: Sequence) => Promise<Observation>> {
    await this.#helper.ask('flush');
    return (packet, sequence) => this.#one(packet, { seen: [], next: new Map() }, sequence);
  }

  async #one(given: PacketInput, flow: FlowState, numbers?: Sequence): Promise<Observation> {
    const name = given.id ?? 'a case';
    if (given.in === undefined) throw new Error(`${name} does not say where it comes in`);
    if (given.ct !== undefined) throw new Error(`${name}: conntrack itself says what a packet is`);
    if (given.in !== null && Number(given.mark ?? 0) !== 0)
      throw new Error(`${name}: the wire carries no mark`);
    const sent = numbers === undefined ? fitted(given, flow) : given;
    const sequence = numbers ?? sequenceOf(sent, flow);
    const command = given.in === null ? this.#local(sent, sequence) : this.#inject(sent, given.in, sequence);
    const lines = await this.#helper.ask(command);
    const isOwn = (seen: Header): boolean => isItself(sent, seen) && !isReplyTo(sent, sequence, seen);
    const packets = lines.flatMap((line) => readSeen(line));
    const own = packets.filter(isOwn);
    const out = own.filter((seen) => seen.nexthop !== null);
    for (const header of own) flow.seen.push({ sent, out: header });
    remember(sent, own[0] ?? null, sequence, flow);
    const errno = lines.find((line) => line.startsWith('errno '));
    const logs = lines.flatMap((line) =>
      line.startsWith('log ') ? [readLog(Buffer.from(line.slice(4), 'hex'))] : [],
    );
    const ownLogs = logs.filter(({ header }) => header !== null && isOwn(header));
    return {
      id: given.id ?? null,
      sent,
      out,
      delivered: own.filter((seen) => seen.nexthop === null),
      answers: (this.#options.watch === true
        ? logs.filter(({ group }) => group === ANSWER_GROUP).flatMap(answerOf)
        : packets
      ).filter((seen) => !isOwn(seen) && !isNoise(seen) && !isOfRedirect(given, seen)),
      answered: packets.filter((seen) => !isOwn(seen) && !isNoise(seen)),
      errno: errno === undefined ? null : (ERRNO.get(Number(errno.slice(6))) ?? errno.slice(6)),
      conntrack: this.#options.conntrack === true ? await this.#entries() : [],
      mark: ownLogs.filter(({ group }) => group === WATCH_GROUP).at(-1)?.mark ?? null,
      entries: lines.flatMap((line) =>
        line.startsWith('event ') ? [readEvent(Buffer.from(line.slice(6), 'hex'))] : [],
      ),
      handles: this.#handles,
      nftPath:
        this.#handles === null
          ? []
          : nftPath(
              lines.flatMap((line) =>
                line.startsWith('trace ') ? [readTrace(Buffer.from(line.slice(6), 'hex'))] : [],
              ),
              this.#handles,
              isOwn,
            ),
      traced: ownLogs.filter(({ prefix }) => prefix.startsWith('TRACE: ')),
      path: ownLogs.flatMap(({ prefix }) => (prefix.startsWith('TRACE: ') ? [prefix.slice(7).trim()] : [])),
    };
  }

  async #entries(): Promise<string[]> {
    return (await this.#helper.ask('conntrack')).map((line) => line.replace(/^ct /, ''));
  }

  #inject(packet: PacketInput, device: string, sequence: Sequence): string {
    const link = this.#links.get(device);
    if (link === undefined) throw new Error(`no link ${device} in the snapshot`);
    const type = familyOfText(packet.dst) === 4 ? '0800' : '86dd';
    const target =
      packet.dst === '255.255.255.255' || this.#broadcasts.has(`${device} ${packet.dst}`)
        ? 'ff:ff:ff:ff:ff:ff'
        : hardwareAddress(packet.dst, link.mac);
    const frame = `${target.replaceAll(':', '')}020000000099${type}${buildPacket(packet, sequence).toString('hex')}`;
    return `inject ${device} ${frame}`;
  }

  #local(packet: PacketInput, sequence: Sequence): string {
    const proto = protocolOf(packet);
    const flags = packet.tcpFlags ?? ['SYN'];
    const connects = proto === 6 && flags.length === 1 && flags[0] === 'SYN';
    const datagram = packet.connected === true ? 'connected' : 'dgram';
    const kind = connects ? 'tcp' : proto === 17 ? datagram : withPorts(proto) ? 'header' : 'raw';
    const { sport, dport } = portsOf(packet);
    const body =
      kind === 'header'
        ? buildPacket(packet, sequence)
        : kind === 'raw'
          ? buildTransport(packet, sequence)
          : Buffer.alloc(Math.max(0, (packet.length ?? 0) - (familyOfText(packet.dst) === 4 ? 28 : 48)));
    const or = (value: string | number | undefined): string => (value === undefined ? '-' : String(value));
    const words = [kind, familyOfText(packet.dst), proto, or(packet.uid), or(packet.gid), or(packet.mark)];
    words.push(or(packet.tos === undefined ? undefined : Number(packet.tos)), or(packet.ttl), or(packet.oif));
    words.push(or(packet.src), sport, packet.dst, dport);
    return `local ${words.join(' ')} ${body.length === 0 ? '-' : body.toString('hex')}`;
  }
}

function heedRefusal({ rules }: Complaints): void {
  const refusal = refusalIn(rules, (path) => readFileSync(path, 'utf8'));
  if (refusal !== null) throw new RefusedError(refusal);
}

/** One call for one batch. */
export async function judge(
  folder: string,
  cases: readonly PacketInput[],
  options: JudgeOptions = {},
): Promise<Observation[]> {
  const loaded = await Judge.load(folder, options);
  try {
    return await loaded.observe(cases);
  } finally {
    await loaded.stop();
  }
}

function groupByFlow(cases: readonly PacketInput[]): PacketInput[][] {
  const flows = new Map<string, PacketInput[]>();
  const groups: PacketInput[][] = [];
  for (const packet of cases) {
    const known = packet.flow === undefined ? undefined : flows.get(packet.flow);
    if (known !== undefined) {
      known.push(packet);
      continue;
    }
    const group = [packet];
    groups.push(group);
    if (packet.flow !== undefined) flows.set(packet.flow, group);
  }
  for (const group of groups) group.sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
  return groups;
}

/** Multicast has hardware addresses of its own. */
function hardwareAddress(destination: string, unicast: string): string {
  if (destination.includes(':')) return destination.startsWith('ff') ? '33:33:00:00:00:01' : unicast;
  const first = Number(destination.split('.')[0]);
  return first >= 224 && first < 240 ? '01:00:5e:00:00:01' : unicast;
}
