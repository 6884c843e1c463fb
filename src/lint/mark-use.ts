/** Which bits of the packet's mark and of the connection's mark are set, and which are read, by all that a snapshot shows. */
import { type RuleKind, rulesOfKind } from '../iptables/digest.js';
import { type Rule, TABLES } from '../iptables/model.js';
import type { Node } from '../packet/node.js';
import { FAMILIES } from './subject.js';
import { isListed, shapeOf } from './shape.js';

const ALL = 0xffffffff;

export type Kind = 'packet' | 'connection';

/** A rule that sets bits to one, or asks for bits that are one. */
export interface Use {
  readonly rule: Rule;
  readonly kind: Kind;
  readonly bits: number;
}

export interface MarkUse {
  readonly sets: readonly Use[];
  readonly asks: readonly Use[];
  /** Bits that something may set to one, and bits that something reads. */
  readonly set: Readonly<Record<Kind, number>>;
  readonly read: Readonly<Record<Kind, number>>;
}

interface Copy {
  readonly from: Kind;
  readonly taken: number;
  readonly given: number;
}

const number = (text: string | undefined): number => (text === undefined ? ALL : Number.parseInt(text, 16));

/** What is known while rules are gone through. */
class Tally {
  readonly sets: Use[] = [];
  readonly asks: Use[] = [];
  readonly copies: Copy[] = [];
  readonly set: Record<Kind, number> = { packet: 0, connection: 0 };
  readonly read: Record<Kind, number> = { packet: 0, connection: 0 };

  /** Somebody may do anything. */
  open(): void {
    for (const kind of ['packet', 'connection'] as const) {
      this.set[kind] = ALL;
      this.read[kind] = ALL;
    }
  }

  takeConditions(rule: Rule): void {
    for (const other of shapeOf(rule).others) {
      const found = /^(mark|connmark) (! )?--mark 0x([0-9a-f]+)(?:\/0x([0-9a-f]+))?$/.exec(other);
      if (found === null) continue;
      const kind = found[1] === 'mark' ? 'packet' : 'connection';
      this.read[kind] |= number(found[4]);
      const bits = number(found[3]) & number(found[4]);
      if (found[2] === undefined && bits !== 0) this.asks.push({ rule, kind, bits });
    }
  }

  takeTarget(rule: Rule): void {
    if (rule.action.kind !== 'target') return;
    const { extension, text } = rule.action.target;
    const { name } = extension;
    if (name === 'TPROXY' || name === 'HMARK' || (name === 'SET' && text.includes('map-mark')))
      this.set.packet = ALL;
    if (name === 'CT' && text.includes('mark')) this.read.packet = ALL;
    if (name !== 'MARK' && name !== 'CONNMARK') return;
    const kind = name === 'MARK' ? 'packet' : 'connection';
    const value = /--set-xmark 0x([0-9a-f]+)/.exec(text);
    if (text.includes('shift-mark')) this.open();
    else if (value !== null) {
      const bits = number(value[1]);
      this.set[kind] |= bits;
      if (bits !== 0) this.sets.push({ rule, kind, bits });
    } else this.#takeCopy(text);
  }

  #takeCopy(text: string): void {
    const nfmask = number(/--nfmask 0x([0-9a-f]+)/.exec(text)?.[1]);
    const ctmask = number(/--ctmask 0x([0-9a-f]+)/.exec(text)?.[1]);
    const save = text.startsWith('--save-mark');
    this.copies.push({
      from: save ? 'packet' : 'connection',
      taken: save ? nfmask : ctmask,
      given: save ? ctmask : nfmask,
    });
  }

  /** What is copied is read if the copy is, and sets what the copied was set to. */
  settle(): void {
    for (let round = 0; round < 4; round += 1)
      for (const { from, taken } of this.copies) {
        const to = from === 'packet' ? 'connection' : 'packet';
        this.read[from] |= taken & this.read[to];
        this.set[to] |= taken & this.set[from];
      }
  }
}

/** Does a native table name marks at all? Then it may set and read any. */
function namesMarks(node: Node): boolean {
  return FAMILIES.some((family) =>
    node.nativeTables[family].some((table) =>
      [...table.chains.values()].some(
        ({ rules, cut }) =>
          cut || rules.some(({ statements }) => /"key":"mark"|opaque|"xt"/.test(JSON.stringify(statements))),
      ),
    ),
  );
}

const TARGETS: ReadonlySet<string> = new Set(['MARK', 'CONNMARK', 'TPROXY', 'HMARK', 'SET', 'CT']);
const MATCHES: ReadonlySet<string> = new Set(['mark', 'connmark', 'socket', 'bpf', 'u32']);

/** May a rule of the kind set or read a mark? A rule of a listing may have conditions that are not printed. */
function mayUseMarks(kind: RuleKind): boolean {
  const { matches, action } = kind;
  if (action.kind === 'opaque' || ('span' in kind && isListed((kind as Rule).span))) return true;
  if (action.kind === 'target' && TARGETS.has(action.target.extension.name)) return true;
  return matches.some((match) => 'opaque' in match || MATCHES.has(match.extension.name));
}

function takeRule(rule: Rule, tally: Tally): void {
  if (isListed(rule.span) || rule.action.kind === 'opaque') tally.open();
  for (const match of rule.matches) {
    if ('opaque' in match || match.text.includes('--restore-skmark')) tally.open();
    else if (match.extension.name === 'bpf' || match.extension.name === 'u32') tally.read.packet = ALL;
  }
  tally.takeConditions(rule);
  tally.takeTarget(rule);
}

/** @returns null when the snapshot lacks a part that may set or read marks */
export function markUse(node: Node): MarkUse | null {
  const tally = new Tally();
  for (const family of FAMILIES) {
    const first = node.ruleSets[family];
    for (const ruleSet of [first, ...(first.other === undefined ? [] : [first.other])]) {
      if (ruleSet.unknown.size > 0 || ruleSet.nativeUnseen !== undefined || ruleSet.beside !== undefined) {
        if (family === 4) return null;
        continue;
      }
      for (const name of TABLES)
        for (const chain of ruleSet.tables.get(name)?.chains.values() ?? [])
          for (const rule of rulesOfKind(chain, mayUseMarks)) takeRule(rule, tally);
    }
    const { rules, known } = node.networks[family];
    if (!known.rules && family === 4) return null;
    for (const { fwmark, opaque } of rules) {
      if (fwmark !== null) tally.read.packet |= fwmark.mask;
      if (opaque.length > 0) tally.read.packet = ALL;
    }
  }
  if (namesMarks(node)) tally.open();
  tally.settle();
  return tally;
}
