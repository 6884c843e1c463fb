/** Words of dumps, for the places where a grammar takes any word. */
import type { Random } from '../../bench/node/random.js';

const PLAIN = [
  ...['eth0', 'lo', 'eni0a+', 'nat', 'filter', 'PREROUTING', 'KUBE-SVC-X', 'ACCEPT', 'DNAT', 'default'],
  ...['10.0.0.1', '10.0.0.0/8', '0.0.0.0/0', '::1', 'fe80::/64', '10.0.0.1:80', '999.1.1.1', '1-65535'],
  ...['0', '80', '65536', '4294967296', '0x80/0x80', '-1', '1e9', '00', 'tcp', 'udp', '6', '!'],
  ...[
    '-A',
    '-s',
    '-d',
    '-p',
    '-m',
    '-j',
    '--dport',
    '--to-destination',
    '--comment',
    '--state',
    '--probability',
  ],
  ...['via', 'dev', 'table', 'lookup', 'from', 'to', 'fwmark', 'inet', 'scope', 'src=10.0.0.1', 'dport=80'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '\u001b[31m',
    '\u00e9',
    '\u{1f600}',
    '\u0000',
  ],
  ...[
    '"a b"',
    "'a'",
    '"',
    "'",
    '\\',
    '#',
    ';',
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ',',
    ':',
    '=',
    '@set',
    '$',
    '*',
  ],
] as const;

/** One word; now and then a long one. */
export function wordOf(random: Random): string {
  const word = random.of(PLAIN);
  return random.chance(0.02) ? word.repeat(random.between(2, 40)) : word;
}
