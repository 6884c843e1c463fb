/** Rules of native tables: what ends a rule early, what takes a packet, and what a header field is given. */
import { table } from '../support/save.js';
import { type Given, SERVER, type Fact, type Section, dropped, factOf, forwarded, fromLan } from './fact.js';

const UDP = fromLan({ proto: 'udp', dport: 53 });

/** A table as `nft -a` lists it: the kernel counts its chain, the objects and sets, then rules, each behind its own sets. */
function chain(rules: string, beside = '', hook = 'prerouting priority raw'): string {
  let handle = 1 + beside.split('\n').filter((line) => line.endsWith('{')).length;
  const lines = rules.split('\n').map((rule) => {
    handle += 1 + rule.split('{').length - 1;
    return `\t\t${rule} # handle ${String(handle)}\n`;
  });
  return `table ip t {
${beside}\tchain p {
\t\ttype filter hook ${hook}; policy accept;
${lines.join('')}\t}
}
`;
}

function native(name: string, listing: string, ...steps: readonly Given[]): Fact {
  return factOf('legacy', name, { native: listing }, ...steps);
}

const OBJECTS = `	counter c {
		packets 0 bytes 0
	}
	quota q {
		over 1 bytes
	}
	limit l {
		rate 1/hour burst 1 packets
	}
	ct helper h {
		type "tftp" protocol udp
		l3proto ip
	}
	map m {
		type inet_service : counter
		elements = { 99 : "c" }
	}
`;

/** Operands by a map that has nothing for the packet. */
const MISSING = [
  'counter name ip saddr map { 10.9.9.9 : "c" }',
  'counter name udp dport map @m',
  'limit name ip saddr map { 10.9.9.9 : "l" }',
  'quota name ip saddr map { 10.9.9.9 : "q" }',
  'ct helper set udp dport map { 99 : "h" }',
  'dup to udp dport map { 99 : 10.0.0.9 } device "eth0"',
];

/** Numbers of the host's byte order in a field that is shorter: its upper bytes are written. */
const LONGER = [
  'udp sport set jhash ip saddr mod 1 offset 100',
  'udp sport set symhash mod 1 offset 100',
  'udp sport set numgen inc mod 1 offset 100',
  'udp sport set numgen random mod 2 offset 100',
  'udp sport set meta length',
];

/** Rules go on behind a chain that another rule holds, or do not. The kernel counts that chain and its rules first. */
const inline = (verb: 'jump' | 'goto'): string => `table ip t {
	chain p {
		type filter hook prerouting priority raw; policy accept;
		udp dport 53 ${verb} {
			ip ttl set 7
			udp sport set 9
		} # handle 5
		udp sport set 11 # handle 6
	}
}
`;

const LIMITED = `	map m {
		type ipv4_addr : verdict
		flags dynamic
		elements = { 10.1.0.7 limit rate over 1000/second : drop }
	}
	set s {
		type ipv4_addr
		size 100
		flags dynamic
	}
`;

const SYNPROXY = `	synproxy s {
		mss 1460
		wscale 7
		timestamp sack-perm
	}
`;

const syn = fromLan({ tcpFlags: ['SYN'] });
const ack = fromLan({ tcpFlags: ['ACK'] });

export const nativeRules: Section = {
  title: '15. native rules',
  facts: [
    ...MISSING.map((operand) =>
      native(
        `${operand}: no element, and the rule ends`,
        chain(`${operand} udp sport set 9\nip ttl set 7`, OBJECTS),
        [UDP, forwarded('eth0', { sport: 40000, ttl: 6 })],
      ),
    ),
    native(
      'an object that a map has for the packet is used, and the rule goes on',
      chain('counter name udp dport map @m udp sport set 9', OBJECTS),
      [fromLan({ proto: 'udp', dport: 99 }), forwarded('eth0', { sport: 9 })],
    ),
    ...LONGER.map((rule) => native(rule, chain(rule), [UDP, forwarded('eth0', { sport: 0 })])),
    native(
      'udp sport set jhash …: upper bytes that are not 0',
      chain('udp sport set jhash ip saddr mod 1 offset 196708'),
      [UDP, forwarded('eth0', { sport: 3 })],
    ),
    native(
      'data of a map is as wide as the field',
      chain('udp sport set jhash ip saddr mod 1 offset 100 map { 100 : 77 }'),
      [UDP, forwarded('eth0', { sport: 77 })],
    ),
    native(
      'a field of four bytes takes the number',
      chain('ip saddr set jhash ip daddr mod 1 offset 167837707'),
      [UDP, forwarded('eth0', { src: '10.1.0.11' })],
    ),
    factOf(
      'legacy',
      'a number that is shorter than the field stands in its upper bytes',
      {
        save: table('raw', '-A PREROUTING -j CT --zone 5'),
        native: chain('ip daddr set ct zone', '', 'postrouting priority mangle'),
      },
      [UDP, forwarded('eth0', { dst: '0.5.0.0' })],
    ),
    ...[
      'synproxy mss 1460 wscale 7',
      'synproxy name "s"',
      'synproxy name tcp dport map { 443 : "s" }',
    ].flatMap((statement) => {
      const listing = chain(`${statement}\nip ttl set 7`, SYNPROXY, 'forward priority filter');
      return [
        native(`${statement} answers a SYN in place of the server`, listing, [
          syn,
          dropped('synproxy', { answer: 'SYN,ACK' }),
        ]),
        native(`${statement} takes an ACK without a cookie`, listing, [ack, dropped('synproxy')]),
        native(`${statement} lets other segments go on`, listing, [
          fromLan({ tcpFlags: ['RST'] }),
          forwarded('eth0', { ttl: 7 }),
        ]),
      ];
    }),
    native('behind a jump to a chain within the rule the rules go on', inline('jump'), [
      UDP,
      forwarded('eth0', { sport: 11, ttl: 6 }),
    ]),
    native('behind a goto to a chain within the rule they do not', inline('goto'), [
      UDP,
      forwarded('eth0', { sport: 9, ttl: 6 }),
    ]),
    native(
      'an element of a map whose limit does not let pass ends the rule',
      chain('ip saddr vmap @m\nip ttl set 7', LIMITED),
      [UDP, [dropped('rule'), forwarded('eth0', { ttl: 6 })], ['UNK_LIMIT']],
    ),
    native(
      'an element that was put in with a limit is asked for it when it is found',
      chain('add @s { ip saddr limit rate over 1000/second }\nip saddr @s ip ttl set 7', LIMITED),
      [UDP, [forwarded('eth0', { ttl: 6 }), forwarded('eth0', { ttl: 63 })], ['UNK_LIMIT', 'UNK_NFT_METER']],
    ),
    native(
      'a set that holds the value ends a rule that wants others, whatever the limit of the element',
      chain(
        'ip saddr != @s udp sport set 9',
        LIMITED.replace('size 100\n', 'elements = { 10.1.0.7 limit rate over 1000/second }\n'),
      ),
      [UDP, forwarded('eth0', { sport: 40000 })],
    ),
    native(
      'a synproxy that a map has not for the packet ends the rule',
      chain('synproxy name tcp dport map { 80 : "s" }\nip ttl set 7', SYNPROXY, 'forward priority filter'),
      [fromLan({ dst: SERVER, tcpFlags: ['SYN'] }), forwarded('eth0')],
    ),
  ],
};
