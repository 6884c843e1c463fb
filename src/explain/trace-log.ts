/** The walk as the kernel's TRACE target logs it (net/ipv4/netfilter/ip_tables.c trace_packet, net/netfilter/nf_log_syslog.c). */
import { formatAddress, parseAddress6 } from '../address/address.js';
import type { CompletedPacket, Outcome, TraceResult } from '../packet/result.js';
import type { Step } from '../packet/steps.js';
import type { Hook } from '../iptables/view.js';
import { isNative, tableNameOf } from '../packet/any-rule.js';
import { type HeaderState, applyChanges, headerOf } from './header.js';
import { nativeText } from './native-rule.js';
import { outcomeHeading, textOf } from './heading.js';
import { sanitize } from './sanitize.js';

/** What the log line shows of the packet, as the walk has changed it so far. */
interface State extends HeaderState {
  out: string;
}

/** IPv6 addresses are logged with all their digits. */
function logged(address: string): string {
  const value = parseAddress6(address);
  if (value === null) return address;
  return (value.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':');
}

const hex2 = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(2, '0')}`;

/** The kernel prints what it has no name for as a number. */
const LOGGED_PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['tcp', 'TCP'],
  ['udp', 'UDP'],
  ['udplite', 'UDPLITE'],
  ['icmp', 'ICMP'],
  ['icmpv6', 'ICMPv6'],
  ['ipv6-icmp', 'ICMPv6'],
  ['sctp', '132'],
  ['dccp', '33'],
  ['gre', '47'],
  ['esp', 'ESP'],
  ['ah', 'AH'],
]);

function protocolWords(packet: CompletedPacket, state: State): string[] {
  const words = [`PROTO=${LOGGED_PROTOCOLS.get(packet.proto) ?? packet.proto}`];
  if (packet.proto === 'icmp' || packet.proto === 'icmpv6' || packet.proto === 'ipv6-icmp') {
    words.push(`TYPE=${String(packet.icmpType ?? 8)}`, `CODE=${String(packet.icmpCode ?? 0)}`);
    if (packet.icmpId !== undefined) words.push(`ID=${String(packet.icmpId)}`);
    return words;
  }
  if (packet.proto !== 'tcp' && packet.proto !== 'udp' && packet.proto !== 'udplite') return words;
  words.push(`SPT=${state.sport}`, `DPT=${state.dport}`);
  if (packet.proto !== 'tcp') return words;
  const flags = new Set(packet.tcpFlags ?? ['SYN']);
  words.push(...['CWR', 'ECE', 'URG', 'ACK', 'PSH', 'RST', 'SYN', 'FIN'].filter((flag) => flags.has(flag)));
  return words;
}

function logLine(entry: string, hook: Hook, packet: CompletedPacket, state: State): string {
  const v6 = packet.src.includes(':') || packet.dst.includes(':');
  const input = hook === 'OUTPUT' ? '' : (packet.in ?? (hook === 'POSTROUTING' ? '' : 'lo'));
  const output = hook === 'PREROUTING' || hook === 'INPUT' ? '' : state.out;
  const words = [
    `TRACE: ${entry} IN=${input} OUT=${output}`,
    `SRC=${logged(state.src)}`,
    `DST=${logged(state.dst)}`,
  ];
  if (packet.length !== undefined) words.push(`LEN=${String(packet.length)}`);
  if (v6) words.push(`TC=${String(state.tos)}`, `HOPLIMIT=${state.ttl}`);
  else words.push(`TOS=${hex2(state.tos & 0x1e)}`, `PREC=${hex2(state.tos & 0xe0)}`, `TTL=${state.ttl}`);
  words.push(...protocolWords(packet, state));
  if (packet.in === null && packet.uid !== undefined && (hook === 'OUTPUT' || hook === 'POSTROUTING'))
    words.push(`UID=${String(packet.uid)}`, `GID=${String(packet.gid ?? packet.uid)}`);
  if (state.mark !== '0x0') words.push(`MARK=${state.mark}`);
  return sanitize(words.join(' '));
}

/** What stands before a path entry where the kernel runs tables of both variants. */
const tagOf = ({ backend }: { readonly backend?: 'legacy' | 'nft' | undefined }): string =>
  backend === undefined ? '' : `${backend}:`;

/** The beginning of the path entry that a step leaves, or null when it leaves none. */
function entryOf(step: Step): string | null {
  if (step.kind === 'rule') {
    const { rule } = step;
    if (isNative(rule)) return `${tableNameOf(rule)} ${rule.chain} rule `;
    return `${tagOf(rule)}${rule.table}:${rule.chain}:`;
  }
  if (step.kind !== 'policy' && step.kind !== 'chain-end') return null;
  const { table, chain } = step;
  if (isNativeName(table))
    return step.kind === 'policy' ? `${table} ${chain} policy ` : `${table} ${chain} return`;
  return `${tagOf(step)}${table}:${chain}:${step.kind === 'policy' ? 'policy' : 'return'}:`;
}

/** The family stands before the name of a native table, and so in a path entry of it. */
const isNativeName = (table: string): boolean => table.includes(' ');
const isNativeEntry = (entry: string): boolean => /^(?:ip|ip6|inet) /.test(entry);

const NFT_VERDICTS: ReadonlySet<string> = new Set(['accept', 'drop', 'return', 'jump', 'goto', 'continue']);

/** A line of `nft monitor trace` (src/netlink.c trace_print_rule of nftables). */
function nftLine(step: Step, entry: string): string {
  if (step.kind === 'policy') return sanitize(`trace id 1 ${entry}`);
  if (step.kind !== 'rule' || !isNative(step.rule))
    return sanitize(`trace id 1 ${entry.replace(/return$/, 'verdict return')}`);
  const { rule, outcome, to } = step;
  const word = NFT_VERDICTS.has(outcome) ? outcome : outcome === 'reject' ? 'drop' : 'accept';
  const verdict = to === undefined ? word : `${word} ${to}`;
  const place = `${tableNameOf(rule)} ${rule.chain}`;
  return sanitize(`trace id 1 ${place} rule ${nativeText(rule)} (verdict ${verdict})`);
}

/** The device that routing will choose: OUTPUT already shows it, FORWARD and POSTROUTING too. */
function nextOut(steps: readonly Step[], from: number): string {
  for (let i = from; i < steps.length; i += 1) {
    const step = steps[i];
    if (step?.kind === 'route') return step.device ?? '';
  }
  return '';
}

/** TRACE lines of one outcome. The line of a rule shows the packet before the rule's target changed it. */
export function traceLines(packet: CompletedPacket, outcome: Outcome): string[] {
  const state: State = { ...headerOf(packet), out: packet.in === null ? nextOut(outcome.steps, 0) : '' };
  const lines: string[] = [];
  let next = 0;
  for (const step of outcome.steps) {
    const beginning = entryOf(step);
    const entry = outcome.path[next];
    if (beginning !== null && 'hook' in step && entry?.startsWith(beginning) === true) {
      lines.push(isNativeEntry(entry) ? nftLine(step, entry) : logLine(entry, step.hook, packet, state));
      next += 1;
    }
    if (step.kind === 'route' && step.result !== 'error') state.out = step.device ?? '';
    if (step.kind === 'source') state.src = formatAddress(step.address);
    if ('changes' in step) applyChanges(state, step.changes);
  }
  return lines;
}

/** TRACE lines of a result; several outcomes are parted by a comment line. */
export function renderTrace(result: TraceResult): string {
  const several = result.outcomes.length > 1;
  return textOf(
    result.outcomes.flatMap((outcome, index) => [
      ...(several ? [outcomeHeading(index, result)] : []),
      ...traceLines(result.packet, outcome),
    ]),
  );
}
