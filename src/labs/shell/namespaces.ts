/** `lsns -t net` and `nsenter`: the network namespaces of a node and of its pods. Their numbers are the emulation's own. */
import type { LabPod } from '../lab.js';
import { linkWord } from './ip-addr.js';
import { type Call, type Output, lines, refuse, unknownOption } from './output.js';
import { RESOLV_CONF } from './resolv.js';
import { deviceOf } from './send.js';

/** A pod with the process that keeps its namespace. */
interface Space {
  readonly pod: LabPod;
  readonly pid: number;
}

/** Pods that have a namespace of their own on this node. */
function spacesOf({ shell }: Call): readonly Space[] {
  const { machine, world, nodeNames } = shell;
  const own = new Set(
    [...machine.node.networks[4].links.values()].flatMap(({ addresses }) =>
      addresses.map(({ address }) => address),
    ),
  );
  return world.pods
    .filter(({ address, node }) => (nodeNames.length === 1 || node === machine.name) && !own.has(address))
    .map((pod, at) => ({ pod, pid: 3011 + 137 * at }));
}

/** What the other end of a pod's device is called: the name of its namespace, and the number that the node has for it. */
function otherEnd(call: Call, pod: LabPod): { readonly id: string; readonly file: string } {
  const device = deviceOf(call, pod) ?? '';
  const name = linkWord(call, device, 'link-netns');
  return {
    id: linkWord(call, device, 'link-netnsid') ?? '',
    file: name === null ? '' : `/run/netns/${name}`,
  };
}

/** `lsns -t net` (util-linux): numbers to the right, words to the left. */
export function lsns(words: readonly string[], call: Call): Output {
  const isNet = /^-t ?net$|^--type[ =]net$/.test(words.join(' '));
  if (!isNet) throw unknownOption('lsns', words.join(' '), '-t net');
  const isDocker = call.shell.machine.node.networks[4].links.has('docker0');
  const rows = [
    ['NS', 'TYPE', 'NPROCS', 'PID', 'USER', 'NETNSID', 'NSFS', 'COMMAND'],
    ['4026531840', 'net', '118', '1', 'root', 'unassigned', '', '/usr/lib/systemd/systemd'],
    ...spacesOf(call).map(({ pod, pid }, at) => {
      const { id, file } = otherEnd(call, pod);
      return [
        String(4026532209 + 74 * at),
        'net',
        // A container of Docker has no process beside its own that keeps the namespace.
        ...(isDocker ? ['1', String(pid), 'root'] : ['2', String(pid), '65535']),
        ...[id || String(at), file, isDocker ? `/${pod.name}` : '/pause'],
      ];
    }),
  ];
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const isRight = [true, false, true, true, false, true, false, false];
  return lines(
    rows.map((row) =>
      row
        .map((cell, at) => {
          const width = widths[at] ?? 0;
          if (at === row.length - 1) return cell;
          return isRight[at] === true ? cell.padStart(width) : cell.padEnd(width);
        })
        .join(' '),
    ),
  );
}

const KNOWN = '-t PID -n COMMAND';

/** `nsenter -t PID -n COMMAND`: a command in the namespace of a pod, by the number that lsns has. */
export function nsenter(words: readonly string[], call: Call): Output {
  let pid: string | null = null;
  let [at, isNet] = [0, false];
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, joined] = /^(?:-t|--target=?)(\d*)$/.exec(word) ?? [];
    if (joined !== undefined) pid = joined === '' ? (words[(at += 1)] ?? '') : joined;
    else if (word === '-n' || word === '--net') isNet = true;
    else if (word.startsWith('-') && word !== '--') throw unknownOption('nsenter', word, KNOWN);
    else break;
  }
  const command = words.slice(words[at] === '--' ? at + 1 : at);
  if (pid === null || !isNet || command.length === 0) throw unknownOption('nsenter', words.join(' '), KNOWN);
  const { shell, stdin } = call;
  // Files are the node's: only its network is another.
  if (pid === '1' || command.includes(RESOLV_CONF)) return shell.run(command, stdin, null);
  const space = spacesOf(call).find((one) => String(one.pid) === pid);
  if (space === undefined)
    return refuse(`nsenter: cannot open /proc/${pid}/ns/net: No such file or directory`);
  return shell.inPod(space.pod, command, stdin);
}
