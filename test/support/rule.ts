/** Reads a rule of an extension's table and asks it about a packet. */
import { formatAddress } from '../../src/address/address.js';
import { formatPrefix } from '../../src/address/prefix.js';
import { type Ternary, allOf } from '../../src/chooser/question.js';
import type {
  BoundMatch,
  BoundTarget,
  MatchExtension,
  TargetExtension,
} from '../../src/iptables/extension.js';
import { BUILTIN_CHAINS, TABLES } from '../../src/iptables/model.js';
import type { Effects, Nat, Verdict } from '../../src/iptables/verdict.js';
import type { Hook, TableName } from '../../src/iptables/view.js';
import type { Place } from './spec.js';
import type { Scene } from './view.js';

/** Table and chain in full. */
export interface FullPlace {
  readonly table: TableName;
  readonly chain: string;
}

/** A rule after reading. */
export interface ReadRule {
  /** Canonical text after `-A CHAIN `. */
  readonly text: string;
  readonly matches: readonly BoundMatch[];
  readonly target: BoundTarget | null;
  readonly protocol: number | null;
}

/** The place that a row names, or the first one where the extension may stand (filter INPUT when it may anywhere). */
export function placeOf(place: Place, extension: MatchExtension | TargetExtension): FullPlace {
  const { tables, hooks } = extension.placement;
  const candidates = place.table !== null ? [place.table] : (tables ?? ['filter' as const, ...TABLES]);
  for (const table of candidates) {
    if (
      place.chain !== null &&
      (place.table !== null || BUILTIN_CHAINS[table].some((hook) => hook === place.chain))
    )
      return { table, chain: place.chain };
    const chain = BUILTIN_CHAINS[table].find(
      (hook) => hooks?.includes(hook) ?? (hook === 'INPUT' || table === 'raw'),
    );
    if (place.chain === null && chain !== undefined) return { table, chain };
  }
  return { table: candidates[0] ?? 'filter', chain: place.chain ?? 'INPUT' };
}

/** The hook that a chain's packets are in; INPUT for user chains. */
export function hookOf(chain: string): Hook {
  return BUILTIN_CHAINS.mangle.find((hook) => hook === chain) ?? 'INPUT';
}

/** What the matches of a rule say together, and the reason or question behind it. */
export function askMatches(
  rule: ReadRule,
  { packet, world }: Scene,
): { readonly answer: Ternary; readonly reason: string | null } {
  const answers = rule.matches.map((match) => ({ match, answer: match.evaluate(packet, world) }));
  const answer = allOf(answers.map((one) => one.answer));
  if (answer === true) return { answer, reason: null };
  if (answer !== false) return { answer, reason: answer.code };
  const said = answers.find((one) => one.answer === false);
  return { answer, reason: said?.match.explain(packet, world).code ?? null };
}

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

function recorder({ packet, world }: Scene, done: string[]): Effects {
  let { mark, tos } = packet;
  let ctmark = world.connection?.mark ?? 0;
  const setMark = (value: number, mask: number): void => {
    mark = ((mark & ~mask) ^ value) >>> 0;
    done.push(`mark=${hex(mark)}`);
  };
  const setConnectionMark = (value: number, mask: number): void => {
    if (world.connection === null) return;
    ctmark = ((ctmark & ~mask) ^ value) >>> 0;
    done.push(`ctmark=${hex(ctmark)}`);
  };
  return {
    setMark,
    setConnectionMark,
    saveMark: (nfmask, ctmask) => {
      setConnectionMark(mark & nfmask, ctmask);
    },
    restoreMark: (nfmask, ctmask) => {
      if (world.connection !== null) setMark(ctmark & ctmask, nfmask);
    },
    setTos(value, mask) {
      tos = ((tos & ~mask) ^ value) & 255;
      done.push(`tos=${hex(tos)}`);
    },
    setAddress: (side, address, to) =>
      done.push(
        `${side === 'source' ? 'src' : 'dst'}=${formatAddress(address)}${to === address ? '' : `-${formatAddress(to)}`}`,
      ),
    mapQuoted: () => undefined,
    setTcpFlags: (value, mask) => done.push(`flags=${hex((packet.tcpFlags & ~mask) | value)}`),
    setTtl: (ttl) => done.push(`ttl=${String(ttl)}`),
    setTracking({ notrack, zone, helper, direction }) {
      if (notrack) done.push('notrack');
      if (zone !== null) done.push(`zone=${String(zone)}${direction === undefined ? '' : `@${direction}`}`);
      if (helper !== null) done.push(`helper=${helper}`);
    },
    forgetMark: (bits, of) => done.push(`unknown-${of === 'packet' ? 'mark' : 'ctmark'}=${hex(bits)}`),
    changeSet: ({ set, directions, action }) => done.push(`${action}=${set}:${directions.join(',')}`),
  };
}

function natWords({ target, range, network }: Nat): string {
  const { addresses, ports, basePort } = range;
  return [
    `nat ${target}`,
    addresses === null ? '' : `addresses=${formatAddress(addresses.from)}-${formatAddress(addresses.to)}`,
    ports === null ? '' : `ports=${String(ports.from)}-${String(ports.to)}`,
    basePort === null ? '' : `base=${String(basePort)}`,
    network === null ? '' : `network=${formatPrefix(network)}`,
    range.random ? 'random' : '',
    range.randomFully ? 'random-fully' : '',
    range.persistent ? 'persistent' : '',
  ]
    .filter((word) => word !== '')
    .join(' ');
}

function verdictWords(verdict: Verdict): string {
  if (typeof verdict === 'string') return verdict;
  switch (verdict.kind) {
    case 'reject':
      return `reject ${verdict.with}`;
    case 'nat':
      return natWords(verdict);
    case 'tproxy':
      return `tproxy address=${formatAddress(verdict.address)} port=${String(verdict.port)} mark=${hex(verdict.mark)}/${hex(verdict.mask)}`;
    case 'taken':
      return `taken ${verdict.reason}`;
    case 'opaque':
      return `opaque ${verdict.name}`;
  }
}

/** What a target does, in words: the verdict, then each effect with the value that results. */
export function applyTarget(target: BoundTarget, scene: Scene): string {
  const done: string[] = [];
  const verdict = target.apply(scene.packet, scene.world, recorder(scene, done));
  return [verdictWords(verdict), ...done].join(' ');
}
