/**
 * Native nftables rule sets as they are after reading. Expressions and statements have the shapes of libnftables-json(5),
 * so that `nft list ruleset` and `nft -j list ruleset` become the same; values keep the words in which they were written.
 */
import type { Span } from '../source/source.js';

/** Address families of tables; packets that are routed meet those of the first three. */
export type NftFamily = 'ip' | 'ip6' | 'inet' | 'arp' | 'bridge' | 'netdev';

export type NftHook = 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'egress';

/** What makes a chain a base chain. */
export interface BaseChain {
  readonly type: 'filter' | 'nat' | 'route';
  readonly hook: NftHook;
  /** The number that the kernel sorts by: -90 for `dstnat + 10`. */
  readonly priority: number;
  /** Of netdev and ingress chains. */
  readonly devices: readonly string[];
}

/** `a . b` and so on have parts; ranges and prefixes are values of sets and of comparisons alone. */
export type Expression =
  /** A word, number or address as written: `established`, `8080`, `10.0.0.0`, `0x4000`, `tcp`. */
  | { readonly kind: 'word'; readonly text: string }
  /** In quotation marks: interface names, log prefixes. */
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'prefix'; readonly address: Expression; readonly length: number }
  | { readonly kind: 'range'; readonly from: Expression; readonly to: Expression }
  /** `{ … }`: elements of an anonymous set; with `value` of an anonymous map. */
  | { readonly kind: 'set'; readonly elements: readonly Element[] }
  /** `@name`. */
  | { readonly kind: 'set-name'; readonly name: string }
  /** `a,b`: flags that are set together (`ct state established,related`). */
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'concat'; readonly parts: readonly Expression[] }
  | {
      readonly kind: 'binary';
      readonly op: '&' | '|' | '^' | '<<' | '>>';
      readonly left: Expression;
      readonly right: Expression;
    }
  /** `KEY map { … }` or `KEY map @name`. */
  | { readonly kind: 'map'; readonly key: Expression; readonly map: Expression }
  /** `tcp dport`, `ip6 saddr`, `th sport`, `icmp type`, `ether saddr`, `arp saddr ip`; of what a tunnel carries `vxlan ip`. */
  | { readonly kind: 'payload'; readonly protocol: string; readonly field: string }
  /** `@nh,96,32`: base, offset and length in bits. */
  | { readonly kind: 'raw-payload'; readonly base: string; readonly offset: number; readonly length: number }
  /** `frag more-fragments`, `rt type`; `exthdr frag` has no field and asks whether the header is there, as those below do. */
  | { readonly kind: 'exthdr'; readonly header: string; readonly field: string | null }
  | { readonly kind: 'tcp-option'; readonly option: string; readonly field: string | null }
  | { readonly kind: 'ip-option'; readonly option: string; readonly field: string | null }
  | { readonly kind: 'sctp-chunk'; readonly chunk: string; readonly field: string | null }
  | { readonly kind: 'meta'; readonly key: string }
  /** `ct state`; with a direction `ct original saddr`; `family` as in `ct original ip saddr`. */
  | {
      readonly kind: 'ct';
      readonly key: string;
      readonly direction: 'original' | 'reply' | null;
      readonly family: 'ip' | 'ip6' | null;
    }
  /** `rt classid`, `rt nexthop`, `rt mtu`, `rt ipsec`. */
  | { readonly kind: 'rt'; readonly key: string; readonly family: 'ip' | 'ip6' | null }
  | { readonly kind: 'socket'; readonly key: string }
  /** `fib daddr . iif type`: what is looked up (saddr, daddr, mark, iif, oif) and what is asked (type, oif, oifname). */
  | { readonly kind: 'fib'; readonly flags: readonly string[]; readonly result: string }
  | {
      readonly kind: 'numgen';
      readonly mode: 'inc' | 'random';
      readonly modulus: number;
      readonly offset: number;
    }
  | {
      readonly kind: 'jhash' | 'symhash';
      /** Null for symhash. */
      readonly of: Expression | null;
      readonly modulus: number;
      readonly seed: number | null;
      readonly offset: number;
    }
  /** `osf name`, `ipsec in reqid 1`, and whatever this reader does not know: never decided, printed back as it was. */
  | { readonly kind: 'other'; readonly text: string };

/** An element of a set or map. */
export interface Element {
  readonly key: Expression;
  /** Data of a map; a verdict in a verdict map; null in sets. `*` as key is the catch-all element. */
  readonly value: Expression | Verdict | null;
  /** `timeout 1h expires 59m comment "…" counter …` behind the key, as written; '' for none. */
  readonly rest: string;
}

export type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'continue' | 'return' }
  | {
      readonly kind: 'jump' | 'goto';
      readonly chain: string;
      /** The chain itself, where it stands within the rule: `jump { … }`. The table has it as well. */
      readonly inline?: NftChain;
    };

/** `!`: none of the flags is set (`tcp flags ! syn,ack`). */
export type Comparison = '==' | '!=' | '<' | '>' | '<=' | '>=' | '!';

/** Flags of NAT statements: `random`, `fully-random`, `persistent`. */
export interface NatStatement {
  readonly kind: 'snat' | 'dnat' | 'masquerade' | 'redirect';
  /** `dnat ip to …` in inet tables; null when not written. */
  readonly family: 'ip' | 'ip6' | null;
  /** `prefix to`: the network part alone is replaced. */
  readonly prefix: boolean;
  /** An address, range, prefix, concatenation with a port, or map; null keeps the address. */
  readonly address: Expression | null;
  readonly port: Expression | null;
  readonly flags: readonly string[];
}

export type Statement =
  | {
      readonly kind: 'match';
      readonly left: Expression;
      /**
       * `implicit`: nothing stands between the two, which nft reads as `==`, and as "any of" for flags. What is no flag and
       * no mask has never `==` here. `syn / syn,ack` is a mask: `tcp flags & (syn,ack) == syn`.
       */
      readonly op: Comparison | 'implicit';
      readonly right: Expression;
    }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'vmap'; readonly key: Expression; readonly map: Expression }
  /** `meta mark set …`, `ct mark set …`, `ip dscp set …`, `tcp option maxseg size set …`. */
  | { readonly kind: 'set'; readonly key: Expression; readonly value: Expression }
  | NatStatement
  /** `reject`, `reject with tcp reset`, `reject with icmp port-unreachable`, `reject with icmpx host-unreachable`. */
  | {
      readonly kind: 'reject';
      readonly type: 'tcp reset' | 'icmp' | 'icmpv6' | 'icmpx' | null;
      readonly code: string | null;
    }
  | { readonly kind: 'notrack' }
  | { readonly kind: 'counter'; readonly packets: number; readonly bytes: number }
  /** `log prefix "…" group 1 …`, as written behind `log`. */
  | { readonly kind: 'log'; readonly text: string }
  /** Text of `limit rate over 5/second burst 10 packets`: what follows `over`. The burst of 5 packets is left out. */
  | { readonly kind: 'limit'; readonly over: boolean; readonly text: string }
  /** Text of `quota over 25 mbytes used 3 bytes`: what follows `over`. */
  | { readonly kind: 'quota'; readonly over: boolean; readonly text: string }
  /** `ct count over 20`. */
  | { readonly kind: 'ct-count'; readonly over: boolean; readonly count: number }
  | { readonly kind: 'queue'; readonly flags: readonly string[]; readonly to: Expression | null }
  | {
      readonly kind: 'tproxy';
      readonly family: 'ip' | 'ip6' | null;
      readonly address: Expression | null;
      readonly port: Expression | null;
    }
  | {
      readonly kind: 'dup' | 'fwd';
      readonly family: 'ip' | 'ip6' | null;
      /** Of dup in netdev tables the device stands here; of fwd null when there is no next hop. */
      readonly address: Expression | null;
      readonly device: Expression | null;
    }
  | { readonly kind: 'synproxy'; readonly text: string }
  /** `flow add @f`. */
  | { readonly kind: 'flow'; readonly table: string }
  /** `update @set { ip saddr timeout 1m limit rate … }`; `add` and `delete` alike; with `value` for maps. A meter has a set of its own. */
  | {
      readonly kind: 'dynamic-set';
      readonly action: 'add' | 'update' | 'delete' | 'meter';
      readonly set: string;
      readonly key: Expression;
      /** Statements beside the key (`limit rate over 10/second`), which may stop the rule. */
      readonly statements: readonly Statement[];
      readonly value: Expression | Verdict | null;
      /** `timeout 1m comment "…"`; of a meter also `size 65535`. */
      readonly rest: string;
    }
  /** `counter name "x"`, `limit name "x"`, `ct helper set "ftp"`: a named object is used. */
  | { readonly kind: 'object'; readonly type: string; readonly name: Expression }
  /** `xt match "string"`, `xt target "…"`: an iptables extension that the listing hides. */
  | { readonly kind: 'xt'; readonly type: 'match' | 'target' | 'watcher'; readonly name: string }
  /** `last used 3s`: notes when it was reached. */
  | { readonly kind: 'last'; readonly text: string }
  /** `reset tcp option sack-perm`. */
  | { readonly kind: 'strip-option'; readonly option: string }
  /** Not known to this reader: it may do anything; never skipped. */
  | { readonly kind: 'opaque'; readonly text: string };

export interface NftRule {
  readonly family: NftFamily;
  readonly table: string;
  readonly chain: string;
  /** Counts from 1 within its chain. */
  readonly number: number;
  /** From `-a` or JSON. */
  readonly handle: number | null;
  readonly statements: readonly Statement[];
  readonly comment: string | null;
  readonly span: Span;
}

export interface NftChain {
  /** Of one within a rule as the kernel would name it; by which number, no listing shows. */
  readonly name: string;
  /** It stands within a rule: `jump { … }`. */
  readonly inline?: true;
  readonly base: BaseChain | null;
  /** Of base chains; the kernel's default is accept. */
  readonly policy: 'accept' | 'drop' | null;
  /** Its `type … hook …` line could not be read: at which hook it is, if at any, is not known. */
  readonly baseUnknown: boolean;
  /** That line as written. */
  readonly baseText: string | null;
  /** The listing ends within it, or leaves rules out. */
  readonly cut: boolean;
  readonly comment: string | null;
  readonly handle: number | null;
  readonly rules: readonly NftRule[];
  readonly span: Span;
}

/** A named set or map. */
export interface NftSet {
  readonly name: string;
  /** `ipv4_addr . inet_service`, in parts; or the expressions behind `typeof`. */
  readonly type: readonly string[];
  readonly typeOf: Expression | null;
  /** What a map gives: its type (`verdict`, `ipv4_addr . inet_service`); null for sets. */
  readonly gives: readonly string[] | null;
  /** What a map gives, behind the colon of `typeof`. */
  readonly givesTypeOf: Expression | null;
  /** constant, dynamic, interval, timeout. */
  readonly flags: readonly string[];
  /** `size`, `timeout`, `policy`, `auto-merge`, `comment`, `gc-interval`, as written, in their order. */
  readonly properties: readonly string[];
  readonly elements: readonly Element[];
  /** Some elements could not be read, or the listing ends among them: there are more than these. */
  readonly partial: boolean;
  readonly handle: number | null;
  readonly span: Span;
}

/** counter, quota, limit, ct helper, ct timeout, ct expectation, synproxy, secmark, flowtable: kept as written. */
export interface NftObject {
  readonly type: string;
  readonly name: string;
  readonly text: string;
  /** From `-a` or JSON. */
  readonly handle: number | null;
  readonly span: Span;
}

/** A table whose family this reader does not know: what it does is not known. */
export interface NftUnknownTable {
  /** `FAMILY NAME`. */
  readonly name: string;
  /** Its block as listed; null where the listing has it in another form. */
  readonly text: string | null;
}

export interface NftTable {
  readonly family: NftFamily;
  readonly name: string;
  /** `dormant`: its chains are not registered. */
  readonly flags: readonly string[];
  readonly comment: string | null;
  readonly handle: number | null;
  /** iptables-nft's own: a line above says so, or every base chain is one that it makes. */
  readonly managed: boolean;
  /** Another listing of the same snapshot shows it otherwise. */
  readonly disputed?: true;
  /** By name, in the order of the listing. */
  readonly chains: ReadonlyMap<string, NftChain>;
  readonly sets: ReadonlyMap<string, NftSet>;
  readonly objects: readonly NftObject[];
  readonly span: Span;
}

/** Tables in the order of the listing: the order in which they were made. */
export interface NftRuleset {
  /** The listing was of a part, or filtered: the kernel may have tables, chains and sets that it does not show. */
  readonly partial?: true;
  readonly unknownTables?: readonly NftUnknownTable[];
  readonly tables: readonly NftTable[];
}
