/** Everything that reads a text from outside. */
import { loadNode, trace } from '../../src/index.js';
import { PacketError } from '../../src/packet/complete.js';
import { printNode } from '../../src/snapshot/print.js';
import * as conntrack from '../../src/generated/conntrack.js';
import * as ipAddr from '../../src/generated/ip-addr.js';
import * as ipMaddr from '../../src/generated/ip-maddr.js';
import * as ipRoute from '../../src/generated/ip-route.js';
import * as ipRule from '../../src/generated/ip-rule.js';
import * as ipset from '../../src/generated/ipset.js';
import * as iptablesList from '../../src/generated/iptables-list.js';
import * as iptables from '../../src/generated/iptables.js';
import * as nft from '../../src/generated/nft.js';
import * as sysctl from '../../src/generated/sysctl.js';

export interface Reader {
  readonly name: string;
  /** Reads a text. @throws on a fault: what a text says wrong is no reason to throw */
  read(text: string): void;
}

interface Parser {
  parse(text: string, options: Readonly<Record<string, unknown>>): unknown;
  readonly SyntaxError: new (...words: never[]) => Error;
}

/** By the names of their grammars. */
const PARSERS: Readonly<Record<string, Parser>> = {
  ...{ conntrack, 'ip-addr': ipAddr, 'ip-maddr': ipMaddr, 'ip-route': ipRoute, 'ip-rule': ipRule, ipset },
  ...{ 'iptables-list': iptablesList, iptables, nft, sysctl },
};

export const GRAMMARS: readonly string[] = Object.keys(PARSERS);

/** Takes whatever it is told. */
const listener = new Proxy({}, { get: () => () => '' });

/** A grammar alone, by each of its start rules. A text that it does not take is no fault. */
export function parserOf(grammar: string, starts: readonly string[]): Reader {
  const parser = PARSERS[grammar];
  if (parser === undefined) throw new RangeError(`no grammar ${grammar}`);
  const told = { sink: listener, builder: listener, make: listener, blocks: [], odd: listener };
  return {
    name: `grammar ${grammar}`,
    read(text) {
      for (const start of starts) {
        try {
          parser.parse(text, { ...told, ...(starts.length > 1 ? { startRule: start } : {}) });
        } catch (error) {
          if (!(error instanceof parser.SyntaxError)) throw error;
        }
      }
    },
  };
}

/** Recognising, reading and assembling, as every command does. */
export const loading: Reader = {
  name: 'loadNode',
  read(text) {
    loadNode('fuzz', [{ name: 'dump.txt', text }]);
  },
};

const PACKET = { proto: 'tcp', src: '10.0.0.9', sport: 40000, dst: '10.0.0.1', dport: 80 };

/** What is done with what was read: it is printed back, and a packet walks through it. */
export const using: Reader = {
  name: 'print and trace',
  read(text) {
    const node = loadNode('fuzz', [{ name: 'dump.txt', text }]);
    printNode(node);
    try {
      trace(node, PACKET, { steps: true, allRules: true });
    } catch (error) {
      // A node may be one that no such packet can come to.
      if (!(error instanceof PacketError)) throw error;
    }
  },
};
