/** Makes a wrong case small: one flow, and no line of a dump that the difference does not need. */
import type { PacketInput } from '../../../src/packet/result.js';
import { FILE_NAMES, type FileName, type SoakCase } from './profile.js';
import { groupsOf } from './group.js';
import { kindOf } from './kind.js';
import type { Session } from './session.js';

/** Not those that let neighbours be found: without them nothing leaves at all. */
const RULE = /^(?:\[\d+:\d+\] )?-A(?!.*icmpv6-type 13[56] -j ACCEPT)|^:\S+ -/;

/** A rule, set or map of one line. */
const NATIVE_RULE = /^\t(?:\t(?!type |icmpv6 type \{? ?nd-)|(?:set|map) )/;

/** Which lines may go. Addresses and links stay. */
const REMOVABLE: Readonly<Partial<Record<FileName, RegExp>>> = {
  'iptables-save.txt': RULE,
  'ip6tables-save.txt': RULE,
  'iptables-nft-save.txt': RULE,
  'ip6tables-nft-save.txt': RULE,
  'nft-ruleset.txt': NATIVE_RULE,
  'ipset-save.txt': /^add|^create/,
  'ip-rule.txt': /^(?!0:|32766:|32767:)./,
  'ip6-rule.txt': /^(?!0:|32766:)./,
  'ip-route.txt': /^(?!.*(?:table local|proto kernel))./,
  'ip6-route.txt': /^(?!.*(?:table local|proto kernel))./,
};

/** Fields of a packet that have a default. */
const OPTIONAL = ['mark', 'ttl', 'tos', 'length', 'uid', 'gid', 'oif', 'icmpCode'] as const;

function without(packet: PacketInput, field: (typeof OPTIONAL)[number]): PacketInput {
  return Object.fromEntries(
    Object.entries(packet).filter(([key]) => key !== field),
  ) as unknown as PacketInput;
}

/** A search with a bounded number of tries. */
class Shrinker {
  readonly #session: Session;
  readonly #wanted: string;
  #left: number;

  constructor(session: Session, wanted: string, tries: number) {
    this.#session = session;
    this.#wanted = wanted;
    this.#left = tries;
  }

  async better(smaller: SoakCase): Promise<boolean> {
    if (this.#left <= 0) return false;
    this.#left -= 1;
    const results = await this.#session.run(smaller);
    return results.some((result) => result.kind === 'wrong' && kindOf(result.why) === this.#wanted);
  }

  /** Takes out ever smaller runs of removable lines. */
  async lines(start: SoakCase, name: FileName, removable: RegExp): Promise<SoakCase> {
    let one = start;
    for (let size = 32; size >= 1; size = Math.floor(size / 2)) {
      for (let at = 0; ;) {
        const lines = (one.files[name] ?? '').split('\n');
        const places = lines.flatMap((line, place) => (removable.test(line) ? [place] : []));
        if (at >= places.length) break;
        const gone = new Set(places.slice(at, at + size));
        const text = lines.filter((_, place) => !gone.has(place)).join('\n');
        const smaller = { ...one, files: { ...one.files, [name]: text } };
        if (await this.better(smaller)) one = smaller;
        else at += size;
      }
    }
    return one;
  }

  /** Leaves one script, and of its steps those that matter; without scripts there is nothing to do. */
  async script(start: SoakCase): Promise<SoakCase> {
    let one = start;
    for (const script of start.scripts ?? []) {
      const alone = { ...start, packets: [], scripts: [script] };
      if (!(await this.better(alone))) continue;
      one = alone;
      break;
    }
    const [script] = one.scripts ?? [];
    if (script === undefined || one.scripts?.length !== 1) return one;
    let { steps } = script;
    for (let at = steps.length - 1; at >= 0; at -= 1) {
      const fewer = steps.filter((_, place) => place !== at);
      const smaller = { ...one, scripts: [{ ...script, steps: fewer }] };
      if (await this.better(smaller)) [one, steps] = [smaller, fewer];
    }
    return one;
  }

  async packets(start: SoakCase): Promise<SoakCase> {
    let one = start;
    for (let at = one.packets.length - 1; at >= 0 && one.packets.length > 1; at -= 1) {
      const smaller = { ...one, packets: one.packets.filter((_, place) => place !== at) };
      if (await this.better(smaller)) one = smaller;
    }
    for (const field of OPTIONAL) {
      if (one.packets.every((packet) => packet[field] === undefined)) continue;
      const smaller = { ...one, packets: one.packets.map((packet) => without(packet, field)) };
      if (await this.better(smaller)) one = smaller;
    }
    return one;
  }
}

/** The smallest case that was found to be wrong as well. */
export async function shrink(
  session: Session,
  start: SoakCase,
  wrong: { readonly packet: PacketInput; readonly why: string },
  tries = 300,
): Promise<SoakCase> {
  const { packet } = wrong;
  const same = ({ id, flow, dst }: PacketInput): boolean =>
    id === packet.id && flow === packet.flow && dst === packet.dst;
  const group = groupsOf(start.packets).find((packets) => packets.some(same)) ?? start.packets;
  const search = new Shrinker(session, kindOf(wrong.why), tries);
  let one: SoakCase = await search.script({ ...start, packets: group });
  if (!(await search.better(one))) one = start;
  for (const name of FILE_NAMES) {
    const removable = REMOVABLE[name];
    if (removable !== undefined && one.files[name] !== undefined)
      one = await search.lines(one, name, removable);
  }
  return search.packets(one);
}
