/** `ip addr`, `ip link` and `ip neigh` on the emulated node: links are as its dump showed them, for nothing here changes them. */
import { type Family, familyOf, formatAddress } from '../../address/address.js';
import type { Link } from '../../routing/model.js';
import { printNeighbours } from '../../snapshot/ip-neigh.js';
import { linkListings } from '../../snapshot/print-links.js';
import { type Call, type Output, lines, refuse, unknownOption } from './output.js';

/** One link's lines. */
interface Block {
  readonly name: string;
  readonly lines: readonly string[];
}

export interface IpOptions {
  readonly family: Family | null;
  readonly brief: boolean;
  readonly oneline: boolean;
  readonly detailed: boolean;
}

function blocksOf(text: string): readonly Block[] {
  const blocks: { name: string; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const [, name] = /^\d+: ([^:@\s]+)(?:@[^:\s]+)?: /.exec(line) ?? [];
    if (name !== undefined) blocks.push({ name, lines: [line] });
    else if (/^\s+\S/.test(line)) blocks.at(-1)?.lines.push(line);
  }
  return blocks;
}

/** The dump of `ip addr` as it was taken, or what is known of it in its canonical form. */
function dumped({ shell }: Call): readonly Block[] {
  const { start, files } = shell.machine;
  const listing = start.listings.find(
    ({ kind, partial, family }) => kind === 'ip addr' && !partial && family === null,
  );
  const file = files.find(({ name }) => name === listing?.file);
  if (listing === undefined || file === undefined)
    return linkListings(start).flatMap(({ command, text }) =>
      command.endsWith(' addr') ? blocksOf(text) : [],
    );
  const rest = file.text.split('\n').slice(listing.line - 1);
  const end = rest.findIndex((line) => line !== '' && !/^\s|^\d+: /.test(line));
  return blocksOf((end < 0 ? rest : rest.slice(0, end)).join('\n'));
}

/** `ens5` of `show dev ens5`, `show ens5`, `list ens5`; null for all. */
function chosen(words: readonly string[], command: string): string | null {
  const rest = words.filter((word) => !/^(?:s|sh|show|l|ls|list|lst|dev)$/.test(word));
  const [name = null, second] = rest;
  if (second !== undefined) throw unknownOption(command, second, 'show [dev DEV]');
  return name;
}

const isOf = (line: string, family: Family | null): boolean =>
  family === null || line.trimStart().startsWith(family === 4 ? 'inet ' : 'inet6 ');

/** The addresses of a block: each with the line about its lifetime. */
function addressesOf({ lines: list }: Block, family: Family | null): readonly string[] {
  const found: string[] = [];
  let within = false;
  for (const line of list.slice(1)) {
    if (/^\s+inet6? /.test(line)) within = isOf(line, family);
    else if (!/^\s+valid_lft/.test(line)) within = false;
    if (within) found.push(line);
  }
  return found;
}

const isAddress = (line: string): boolean =>
  /^\s+(?:inet6?|valid_lft) /.test(line) || /^\s+valid_lft/.test(line);

function long(block: Block, family: Family | null, all: readonly Block[]): readonly string[] {
  if (family === null) return block.lines;
  const own = addressesOf(block, family);
  if (own.length === 0) return [];
  return [family === 4 ? headAlone(block) : headOfSix(block, all), ...own];
}

/** The head where no line about the hardware address follows: what stands behind that one comes at once. */
function headAlone({ lines: [head = '', ...rest] }: Block): string {
  const [space = ''] =
    / link-netns(?:id)? \S+/.exec(rest.find((line) => /^\s+link\//.test(line)) ?? '') ?? [];
  return `${head}${space}`;
}

/**
 * The head as the kernel tells it of IPv6 alone (net/ipv6/addrconf.c, inet6_fill_ifinfo): without queue and group, and with the
 * other end's number taken for one of this namespace, or left out where it is the link's own.
 */
function headOfSix({ name, lines: [head = ''] }: Block, all: readonly Block[]): string {
  const [, index = '', peer] = /^(\d+): [^:@\s]+(?:@([^:\s]+))?: /.exec(head) ?? [];
  const number = /^if(\d+)$/.exec(peer ?? '')?.[1];
  const local = all.find((block) => block.lines[0]?.startsWith(`${number ?? ''}: `) === true)?.name;
  const other = peer === undefined || number === index ? '' : `@${local ?? peer}`;
  const rest = head.slice(head.indexOf(': ', head.indexOf(': ') + 1) + 2);
  return `${index}: ${name}${other}: ${rest.replace(/ qdisc \S+/, '').replace(/ group \S+/, '')}`;
}

function oneline(block: Block, family: Family | null): readonly string[] {
  const [head = ''] = block.lines;
  const index = /^\d+/.exec(head)?.[0] ?? '';
  const own = addressesOf(block, family);
  return own.flatMap((line, at) =>
    /^\s+inet/.test(line)
      ? [
          `${index}: ${block.name}    ${line.trimStart()}${line.includes('inet6') && !line.endsWith(' ') ? ' ' : ''}\\${own[at + 1]?.startsWith('       valid') === true ? (own[at + 1] ?? '') : ''}`,
        ]
      : [],
  );
}

/** The name with what follows `@`. */
const fullName = ({ name, peer }: Pick<Link, 'name' | 'peer'>): string =>
  peer === null ? name : `${name}@${peer}`;

function stateOf(block: Block | undefined, link: Link): string {
  return / state (\S+)/.exec(block?.lines[0] ?? '')?.[1] ?? (link.up ? 'UP' : 'DOWN');
}

function brief(block: Block | undefined, link: Link, family: Family | null): readonly string[] {
  const own = link.addresses
    .filter(({ address }) => family === null || familyOf(address) === family)
    .map(({ address, length, peer, metric }) => {
      const to = peer === null ? '' : ` peer ${formatAddress(peer)}`;
      return `${formatAddress(address)}${to}/${String(length)} ${metric === null ? '' : `metric ${String(metric)} `}`;
    });
  if (family !== null && own.length === 0) return [];
  return [`${fullName(link).padEnd(16)} ${stateOf(block, link).padEnd(14)} ${own.join('')}`];
}

/** `ip addr [show [dev DEV]]`. */
export function ipAddr(words: readonly string[], call: Call, options: IpOptions): Output {
  if (/^(?:a|add|d|del|delete|change|replace|flush)$/.test(words[0] ?? ''))
    throw unknownOption('ip addr', words[0] ?? '', 'show [dev DEV]');
  const { family } = options;
  const name = chosen(words, 'ip addr');
  const links = call.shell.machine.node.networks[family ?? 4].links;
  if (name !== null && !links.has(name)) return refuse(`Device "${name}" does not exist.`);
  if (options.detailed) throw unknownOption('ip', '-d', '-c -br -o -4 -6');
  const blocks = dumped(call).filter((block) => name === null || block.name === name);
  if (options.brief)
    return lines(
      [...links.values()]
        .filter((link) => name === null || link.name === name)
        .flatMap((link) =>
          brief(
            blocks.find((block) => block.name === link.name),
            linkOf(call, link),
            family,
          ),
        ),
    );
  return lines(
    blocks.flatMap((block) => (options.oneline ? oneline(block, family) : long(block, family, dumped(call)))),
  );
}

/** The link with the addresses of both families. */
function linkOf({ shell }: Call, link: Link): Link {
  return shell.machine.node.networks[4].links.get(link.name) ?? link;
}

/** The word behind another one in a link's lines, as `cni-1` behind `link-netns`; null where it has none. */
export function linkWord(call: Call, device: string, before: string): string | null {
  const block = dumped(call).find(({ name }) => name === device);
  const words = (block?.lines.join(' ') ?? '').split(/\s+/);
  const at = words.indexOf(before);
  return at < 0 ? null : (words[at + 1] ?? null);
}

/** `ip -d link`: what a dump with -d has; nothing else tells the kind of a link. */
function detailed({ shell }: Call, name: string | null): Output {
  const { start, files } = shell.machine;
  const blocks = start.listings
    .filter(({ kind }) => kind === 'ip addr')
    .flatMap(({ file, line }) => {
      const text = files.find((one) => one.name === file)?.text ?? '';
      return blocksOf(
        text
          .split('\n')
          .slice(line - 1)
          .join('\n'),
      );
    })
    .filter((block) => block.lines.some((one) => / promiscuity \d/.test(one)))
    .filter((block) => name === null || block.name === name);
  if (blocks.length === 0) throw unknownOption('ip', '-d', '-c -br');
  return lines(blocks.flatMap((block) => block.lines.filter((one) => !isAddress(one))));
}

/** `ip link [show [dev DEV]]`. */
export function ipLink(words: readonly string[], call: Call, options: IpOptions): Output {
  if (/^(?:set|add|del|delete)$/.test(words[0] ?? ''))
    throw unknownOption('ip link', words[0] ?? '', 'show [dev DEV]');
  const name = chosen(words, 'ip link');
  const links = call.shell.machine.node.networks[4].links;
  if (name !== null && !links.has(name)) return refuse(`Device "${name}" does not exist.`);
  if (options.detailed) return detailed(call, name);
  const blocks = dumped(call).filter((block) => name === null || block.name === name);
  if (options.brief)
    return lines(
      [...links.values()]
        .filter((link) => name === null || link.name === name)
        .map(
          (link) =>
            `${fullName(link).padEnd(16)} ${stateOf(
              blocks.find((one) => one.name === link.name),
              link,
            ).padEnd(14)} ${link.mac ?? ''} <${link.flags.join(',')}> `,
        ),
    );
  return lines(
    blocks.flatMap(({ lines: [head = '', ...rest] }) => [
      head.replace(/ group /, ' mode DEFAULT group '),
      ...rest.filter((line) => !isAddress(line)),
    ]),
  );
}

/** `ip neigh [show [dev DEV]]`. */
export function ipNeigh(words: readonly string[], call: Call, options: IpOptions): Output {
  const name = chosen(words, 'ip neigh');
  const { neighbours } = call.shell.machine.node;
  if (neighbours === null) return lines([]);
  const families: readonly Family[] = options.family === null ? [4, 6] : [options.family];
  const all = families.flatMap((family) => printNeighbours(neighbours, family, false));
  return lines(
    all
      .filter((line) => name === null || `${line} `.includes(` dev ${name} `))
      .map((line) => (name === null ? line : line.replace(` dev ${name}`, ''))),
  );
}
