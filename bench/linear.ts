/**
 * Linear walks of nat PREROUTING in the two forms that published tools have, for comparison: what a packet costs where
 * each rule is looked at in turn. Written for this benchmark; they know what large-node rules need and no more.
 */
import { Address4 } from 'ip-address';
import { prefixMask } from './node/prefix.js';

/** A rule as an object with its texts. */
interface LinearRule {
  readonly src: string | null;
  readonly dst: string | null;
  readonly input: string | null;
  readonly proto: string | null;
  readonly dport: number | null;
  /** Of `--dst-type LOCAL`, which none but the node's own addresses match. */
  readonly local: boolean;
  readonly target: string | null;
}

interface Prepared extends LinearRule {
  readonly srcBits: readonly [number, number] | null;
  readonly dstBits: readonly [number, number] | null;
}

export interface LinearPacket {
  readonly src: string;
  readonly dst: string;
  readonly proto: string;
  readonly dport: number;
  readonly in: string | null;
}

/** Options by a regular expression a line, as such tools read them. */
function ruleOf(text: string): LinearRule {
  const option = (name: string): string | null => new RegExp(`(?:^| )${name} (\\S+)`).exec(text)?.[1] ?? null;
  const port = option('--dport');
  return {
    ...{ src: option('-s'), dst: option('-d'), input: option('-i'), proto: option('-p') },
    dport: port === null ? null : Number(port),
    local: text.includes('--dst-type LOCAL'),
    target: option('-j'),
  };
}

function bitsOf(address: string): number {
  return address.split('.').reduce((bits, part) => (bits << 8) | Number(part), 0);
}

function rangeOf(text: string | null): readonly [number, number] | null {
  if (text === null) return null;
  const [address = '', length = '32'] = text.split('/');
  const mask = prefixMask(Number(length));
  return [bitsOf(address) & mask, mask];
}

const within = (bits: number, [network, mask]: readonly [number, number]): boolean =>
  (bits & mask) === network;

function isOnDevice(pattern: string | null, device: string | null): boolean {
  if (pattern === null) return true;
  if (device === null) return false;
  return pattern.endsWith('+') ? device.startsWith(pattern.slice(0, -1)) : device === pattern;
}

type Inside = (rule: Prepared) => boolean;

/** Addresses as integers, made when the rules are read. */
function byIntegers({ src, dst }: LinearPacket): Inside {
  const [from, to] = [bitsOf(src), bitsOf(dst)];
  return ({ srcBits, dstBits }) =>
    (srcBits === null || within(from, srcBits)) && (dstBits === null || within(to, dstBits));
}

/** A range parsed each time that a rule is looked at. */
function byParsing({ src, dst }: LinearPacket): Inside {
  const [from, to] = [new Address4(src), new Address4(dst)];
  return (rule) =>
    (rule.src === null || from.isInSubnet(new Address4(rule.src))) &&
    (rule.dst === null || to.isInSubnet(new Address4(rule.dst)));
}

export class LinearTable {
  readonly #chains = new Map<string, Prepared[]>();

  /** @param save `iptables-save`; its nat table is kept */
  constructor(save: string) {
    const from = save.indexOf('*nat');
    for (const line of save.slice(from, save.indexOf('\nCOMMIT', from)).split('\n')) {
      const [, chain = '', text = ''] = /^-A (\S+) ?(.*)$/.exec(line) ?? [];
      if (chain === '') continue;
      const rule = ruleOf(text.replace(/"[^"]*"/g, ''));
      const rules = this.#chains.get(chain) ?? [];
      this.#chains.set(chain, rules);
      rules.push({ ...rule, srcBits: rangeOf(rule.src), dstBits: rangeOf(rule.dst) });
    }
  }

  /** The chain whose rule decided, or null; of what chance decides, the first. */
  walk(packet: LinearPacket, form: 'integers' | 'parsing'): string | null {
    const inside = form === 'integers' ? byIntegers(packet) : byParsing(packet);
    const visit = (chain: string): string | null => {
      for (const rule of this.#chains.get(chain) ?? []) {
        if (rule.local || !isOnDevice(rule.input, packet.in)) continue;
        if (rule.proto !== null && rule.proto !== packet.proto) continue;
        if (!inside(rule) || (rule.dport !== null && rule.dport !== packet.dport)) continue;
        if (rule.target === 'DNAT') return chain;
        if (rule.target === 'RETURN') return null;
        const found = rule.target === null ? null : visit(rule.target);
        if (found !== null) return found;
      }
      return null;
    };
    return visit('PREROUTING');
  }
}
