/** The commands of the emulated nodes by name, where each can be run, and whether it only looks. */
import { FILTERS } from './filters.js';
import { bridge } from './bridge.js';
import { cat, sysctl, tee } from './settings.js';
import { conntrack } from './conntrack.js';
import { curl, dig, nc, ping } from './send.js';
import { docker } from './docker.js';
import { ip, route } from './ip.js';
import { ipset } from './ipset.js';
import { iptables, iptablesSave } from './iptables.js';
import { lsns, nsenter } from './namespaces.js';
import { kubectl } from './kubectl.js';
import { ss } from './sockets.js';
import { tcpdump } from './tcpdump.js';
import { type Call, type Command, NOTHING, type Output, lines, unknownOption } from './output.js';

/** What runs by a name. */
export const TOOLS: Readonly<Record<string, Command>> = {
  ...{
    ip,
    route,
    bridge,
    sysctl,
    cat,
    tee,
    ipset,
    conntrack,
    tcpdump,
    ping,
    curl,
    nc,
    dig,
    kubectl,
    docker,
    lsns,
    nsenter,
    ss,
  },
  ...Object.fromEntries(
    ['iptables', 'ip6tables'].flatMap((tool) =>
      ['', '-nft', '-legacy'].flatMap((variant): [string, Command][] => [
        [`${tool}${variant}`, iptables],
        [variant === '' ? `${tool}-save` : `${tool}${variant}-save`, iptablesSave],
      ]),
    ),
  ),
  ...FILTERS,
  nft: (words, call) => nft(words, call),
  hostname: (_words, { shell }) => lines([shell.hostOf(shell.machine.name)]),
};

/** Names that the emulated shell knows, in the order of its help. */
export const COMMANDS: readonly string[] = [
  ...['ip', 'route', 'bridge', 'iptables', 'ip6tables', 'iptables-save', 'ipset', 'nft', 'conntrack'],
  ...['sysctl', 'cat', 'kubectl', 'docker', 'ping', 'curl', 'nc', 'dig', 'tcpdump', 'ssh', 'watch'],
  ...['sudo', 'for', 'hostname', 'echo', 'tee', 'grep', 'egrep', 'head', 'tail', 'wc', 'sort', 'uniq'],
  ...['column', 'awk', 'cut', 'sed', 'less', 'sha1sum', 'sha256sum', 'ss', 'lsns', 'nsenter'],
];

/** What is asked of a pod's own network, where the lab has its dumps: a node named `inside-POD`. */
export const INSIDE: ReadonlySet<string> = new Set([
  'ip',
  'route',
  'iptables',
  'iptables-save',
  'sysctl',
  'cat',
]);

/** What a pod's image has. */
export const IN_POD: ReadonlySet<string> = new Set(['ping', 'curl', 'nc', 'dig', 'hostname', 'ss']);

/** Commands that hand on what is piped in. */
export const FILTER_NAMES: ReadonlySet<string> = new Set(
  [...Object.keys(FILTERS), 'cat', 'tee'].filter((name) => name !== 'echo'),
);

/** Commands that only look: they need not be done again to come to the same state. */
const QUIET = new Set([
  ...[
    'route',
    'bridge',
    'cat',
    'nft',
    'hostname',
    'tcpdump',
    'iptables-save',
    'ip6tables-save',
    'ss',
    'lsns',
  ],
  ...Object.keys(FILTERS),
]);

/** The same of commands that may do both, by their words. */
const LOOKING: Readonly<Record<string, RegExp>> = {
  ip: /^(?!.* (?:a|ad|add|d|de|del|delete|replace|change|flush|f) ).*$/,
  iptables:
    /^(?!.* (?:-[A-Za-z]*[ZADIRFXNPE]|--(?!line-numbers|list|numeric|verbose|table|exact))).* -[a-z]*[SL]/,
  conntrack: / -[LC] /,
  ipset: /^ (?:list|save|-L|-S|test) /,
  sysctl: /^(?!.*(?:=| -\w*w)).*$/,
  kubectl: /^ get /,
  docker: /^ (?:ps|container ls) /,
};

/** Does the command change nothing and send nothing, whatever it says? */
export function looksOnly([name = '', ...words]: readonly string[]): boolean {
  if (name === 'sudo') return looksOnly(words);
  if (name === 'watch')
    return looksOnly(
      words
        .filter((word) => !word.startsWith('-'))
        .join(' ')
        .split(' '),
    );
  if (QUIET.has(name)) return true;
  const tool = name.replace(/^ip6tables/, 'iptables').replace(/^iptables-(?:nft|legacy)$/, 'iptables');
  const form = Object.hasOwn(LOOKING, tool) ? LOOKING[tool] : undefined;
  return form?.test(` ${words.join(' ')} `) === true;
}

/** `nft list ruleset`: as it was dumped, as long as no iptables command has changed its tables. */
function nft(words: readonly string[], { shell }: Call): Output {
  if (words.filter((word) => !/^-\w+$/.test(word)).join(' ') !== 'list ruleset')
    throw unknownOption('nft', words.join(' '), 'list ruleset');
  const { start, files } = shell.machine;
  const listing = start.listings.find(({ kind }) => kind === 'nft list ruleset');
  const file = files.find(({ name }) => name === listing?.file);
  const note = shell.changes > 0 ? `${shell.say('LAB_SH_NFT')}\n` : '';
  if (listing === undefined || file === undefined) return { ...NOTHING, err: note };
  const text = file.text
    .split('\n')
    .slice(listing.line - 1)
    .join('\n');
  return { out: text.endsWith('\n') ? text : `${text}\n`, err: note, status: 0 };
}
