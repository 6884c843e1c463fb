/** `ss` on the emulated node: sockets that listen, and what connections of its own have left (iproute2, misc/ss.c). */
import { formatAddress } from '../../address/address.js';
import type { LabPod, Listener } from '../lab.js';
import { type Call, type Output, lines, unknownOption } from './output.js';

const KNOWN = '-t -u -l -a -n -p -4';

/** Cells of a line: those of ss have two addresses with their ports. */
interface Row {
  readonly protocol: 'tcp' | 'udp';
  readonly state: string;
  /** What a listener may keep waiting: what the kernel caps it to. */
  readonly queue: string;
  readonly local: readonly [string, string];
  readonly peer: readonly [string, string];
}

/** Who listens where the command runs: the pod, or processes of the node and pods of its own network. */
export function listenersAt({ shell, pod }: Pick<Call, 'shell' | 'pod'>): readonly Listener[] {
  const { world, machine } = shell;
  const own = new Set<string>();
  for (const { addresses } of machine.node.networks[4].links.values())
    for (const { address } of addresses) own.add(formatAddress(address));
  const isOwn = (one: LabPod): boolean =>
    (shell.nodeNames.length === 1 || one.node === machine.name) && own.has(formatAddress(one.address));
  if (pod !== null && !isOwn(pod)) return pod.listens;
  return [...world.listens, ...world.pods.filter(isOwn).flatMap(({ listens }) => listens)];
}

function listening(call: Call): readonly Row[] {
  const all = listenersAt(call).map(({ protocol, port }) => `${protocol} ${String(port)}`);
  return [...new Set(all)]
    .map((text): Row => {
      const [protocol = '', port = ''] = text.split(' ');
      const isTcp = protocol === 'tcp';
      return {
        ...{
          protocol: isTcp ? 'tcp' : 'udp',
          state: isTcp ? 'LISTEN' : 'UNCONN',
          queue: isTcp ? '4096' : '0',
        },
        ...{ local: ['0.0.0.0', port], peer: ['0.0.0.0', '*'] },
      };
    })
    .sort((one, two) => Number(one.local[1]) - Number(two.local[1]));
}

/** Connections that a process of the node has closed: their end waits. */
function waiting({ shell, pod }: Call): readonly Row[] {
  if (pod !== null) return [];
  const links = [...shell.machine.node.networks[4].links.values()];
  const own = links.flatMap(({ addresses }) => addresses.map(({ address }) => formatAddress(address)));
  return shell.machine.connections.flatMap((line): Row[] => {
    const [, src = '', dst = '', sport = '', dport = ''] =
      /^tcp .* TIME_WAIT src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/.exec(line) ?? [];
    const ends = { local: [src, sport], peer: [dst, dport] } as const;
    return own.includes(src) ? [{ protocol: 'tcp', state: 'TIME-WAIT', queue: '0', ...ends }] : [];
  });
}

const widest = (cells: readonly string[]): number => Math.max(...cells.map((cell) => cell.length));

/** Addresses end at their colon, all else begins in its column. */
function table(rows: readonly Row[], isMixed: boolean): readonly string[] {
  const head = ['Netid', 'State', 'Recv-Q', 'Send-Q', 'Local Address:', 'Port', 'Peer Address:', 'Port'];
  const cells = [
    head,
    ...rows.map(({ protocol, state, queue, local: [here, port], peer: [there, other] }) => [
      ...[protocol, state, '0', queue, `${here}:`, port, `${there}:`, other],
    ]),
  ];
  const widths = head.map((_, at) => widest(cells.map((row) => row[at] ?? '')));
  return cells.map((row, line) => {
    const [netid = '', state = '', received = '', sent = '', local = '', port = '', peer = '', other = ''] =
      row.map((cell, at) =>
        at === 4 || at === 6 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      );
    const front = [...(isMixed ? [netid] : []), state, received, sent];
    return `${front.join(' ')} ${local}${port} ${peer}${other}${line === 0 ? 'Process' : '       '}`;
  });
}

/** `ss -tnl`, `ss -tan`, `ss -tunl`. Names of processes are not part of the node. */
export function ss(words: readonly string[], call: Call): Output {
  const letters = words.join('').replaceAll('-', '');
  const wrong = words.find((word) => !/^-[tulanp4]+$/.test(word));
  if (wrong !== undefined || !letters.includes('n'))
    throw unknownOption('ss', wrong ?? words.join(' '), KNOWN);
  const [isTcp, isUdp] = [letters.includes('t'), letters.includes('u')];
  const isAny = !isTcp && !isUdp;
  const shown = [
    ...(letters.includes('l') || letters.includes('a') ? listening(call) : []),
    ...(letters.includes('l') ? [] : waiting(call)),
  ].filter(({ protocol }) => isAny || (protocol === 'tcp' ? isTcp : isUdp));
  const rows = [
    ...shown.filter((row) => row.protocol === 'udp'),
    ...shown.filter((row) => row.protocol === 'tcp'),
  ];
  return lines(table(rows, isTcp === isUdp));
}
