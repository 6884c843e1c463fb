/** Walks one base chain of an nft listing with a packet in words, over all answers to what is open. */
import { formatAddress } from '../../src/address/address.js';
import { enumerate } from '../../src/chooser/enumerate.js';
import type { Nat } from '../../src/iptables/verdict.js';
import type { PacketView } from '../../src/iptables/view.js';
import {
  type NftChainVerdict,
  type NftListener,
  nftRuleKey,
  walkNftChain,
} from '../../src/nft/chain-walk.js';
import { NftMemory } from '../../src/nft/memory.js';
import type { NftTable } from '../../src/nft/model.js';
import { readListing } from '../../src/nft/read/listing.js';
import type { NftEffects, NftWorld } from '../../src/nft/world.js';
import { SourceText } from '../../src/source/source.js';
import { scene } from './view.js';

/** The tables of a listing. Throws on whatever could not be read. */
export function tablesOf(text: string): readonly NftTable[] {
  const source = new SourceText('ruleset.nft', text);
  return readListing(text, {
    span: (start, end) => ({ source, start, end }),
    error(code, start, end) {
      throw new Error(`${code}: ${text.slice(start, end)}`);
    },
    other(start, end) {
      throw new Error(`no listing: ${text.slice(start, end)}`);
    },
  }).tables;
}

/** One way that a walk went. */
export interface NftBranch {
  /** `accept`, `drop`, `reject tcp-reset`, `DNAT 10.0.0.1-10.0.0.2:80 random`. */
  readonly end: string;
  readonly probability: number | null;
  /** What statements did: `mark 0x1`, `ctmark 0x2 forget 0x1`, … */
  readonly done: readonly string[];
  /** Rules that were reported, and how: `c 3 accept`. */
  readonly path: readonly string[];
  /** Codes of the reasons of rules that did not match. */
  readonly reasons: readonly string[];
}

function natText({ target, range, network }: Nat): string {
  const { addresses, ports } = range;
  const ends = addresses === null ? [] : [...new Set([addresses.from, addresses.to])].map(formatAddress);
  const port = ports === null ? '' : `:${[...new Set([ports.from, ports.to])].join('-')}`;
  const flags = (['random', 'randomFully', 'persistent'] as const).filter((flag) => range[flag]);
  const net = network === null ? '' : ` in ${formatAddress(network.address)}/${String(network.length)}`;
  return [target, `${ends.join('-')}${port}`, ...flags].filter((word) => word !== '').join(' ') + net;
}

function endOf(verdict: NftChainVerdict): string {
  if (verdict.kind === 'reject') return `reject ${verdict.reject.with}`;
  if (verdict.kind === 'nat') return natText(verdict.nat);
  if (verdict.kind !== 'drop') return verdict.kind;
  if (verdict.reason === 'synproxy') return 'drop synproxy';
  return verdict.reason === 'jump-loop' ? 'loop' : 'drop';
}

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** A packet that the walk may change, and what was done to it. */
function effectsOn(packet: { -readonly [K in keyof PacketView]: PacketView[K] }, done: string[]): NftEffects {
  return {
    setMark(value, mask) {
      packet.mark = ((packet.mark & ~mask) ^ value) >>> 0;
      packet.markUnknown = (packet.markUnknown & ~mask) >>> 0;
      done.push(`mark ${hex(packet.mark)}`);
    },
    setConnectionMark: (value) => done.push(`ctmark ${hex(value)}`),
    saveMark: () => done.push('save'),
    restoreMark: () => done.push('restore'),
    setTos(value, mask) {
      packet.tos = (packet.tos & ~mask) ^ value;
      done.push(`tos ${hex(packet.tos)}`);
    },
    setTcpFlags: (value) => done.push(`flags ${hex(value)}`),
    setTtl: (ttl) => done.push(`ttl ${String(ttl)}`),
    setAddress: (side, address) => done.push(`${side} ${formatAddress(address)}`),
    mapQuoted: () => done.push('quoted'),
    setTracking: ({ notrack, zone }) => done.push(notrack ? 'notrack' : `zone ${String(zone)}`),
    forgetMark: (bits, of) => done.push(`forget ${of} ${hex(bits)}`),
    changeSet: () => done.push('set'),
    setPort: (side, from) => done.push(`${side} port ${String(from)}`),
  };
}

/** All ways of a packet through the first base chain of the first table. */
export function walkListing(
  text: string | NftTable,
  words: string,
  node: Omit<NftWorld, 'memory'> = {},
): readonly NftBranch[] {
  const table = typeof text === 'string' ? tablesOf(text)[0] : text;
  const base = [...(table?.chains.values() ?? [])].find((chain) => chain.base !== null);
  if (table === undefined || base === undefined) throw new Error('no base chain');
  const { branches } = enumerate((chooser): Omit<NftBranch, 'probability'> => {
    const { packet, world } = scene(words);
    const own = { ...packet };
    const [done, path, reasons]: [string[], string[], string[]] = [[], [], []];
    const listener: NftListener = {
      wantMisses: true,
      watch: null,
      rule(rule, _chain, _depth, outcome, _open, misses) {
        reasons.push(...misses.list.map(({ reason }) => reason.code));
        path.push(`${nftRuleKey(rule).split(' ').slice(2).join(' ')} ${outcome}`);
      },
      maybe: (rule) => path.push(`${nftRuleKey(rule).split(' ').slice(2).join(' ')} maybe`),
      chainEnd: ({ name }, _depth, _matched, misses) => {
        reasons.push(...misses.list.map(({ reason }) => reason.code));
        path.push(`${name} end`);
      },
      policy: (_chain, _matched, misses) => {
        reasons.push(...misses.list.map(({ reason }) => reason.code));
        path.push('policy');
      },
    };
    const verdict = walkNftChain(table, base, {
      packet: own,
      node: { memory: new NftMemory(), ...node },
      worldOf: (ruleKey) => ({ ...world, ruleKey }),
      effects: effectsOn(own, done),
      chooserFor: () => chooser,
      listener,
    });
    return { end: endOf(verdict), done, path, reasons };
  }, 1000);
  return branches.map(({ value, probability }) => ({ ...value, probability }));
}

/** A table of one base chain with these rules, its policy drop. */
export function chainOf(family: string, rules: string, rest = ''): string {
  return `table ${family} t {
${rest}
	chain c {
		type filter hook input priority filter; policy drop;
		${rules}
	}
}
`;
}

/** Does a rule match? Its chain accepts if so, and drops the packet if not. */
export function ruleHolds(
  rule: string,
  words: string,
  family = words.includes('family=6') ? 'ip6' : 'ip',
  rest = '',
): 'yes' | 'no' | 'open' {
  const ends = new Set(walkListing(chainOf(family, `${rule} accept`, rest), words).map(({ end }) => end));
  if (ends.size > 1) return 'open';
  return ends.has('accept') ? 'yes' : 'no';
}
