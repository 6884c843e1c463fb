/** Lines that a backslash, a terminal or a page broke in two, put together again where nothing else is possible. */
import { Findings } from '../iptables/read/findings.js';
import { readDump } from '../iptables/read/dump.js';
import { RuleReader } from '../iptables/read/rule-reader.js';
import { Diagnostics } from '../source/diagnostic.js';
import { SourceText } from '../source/source.js';
import type { Kind } from './command.js';
import { readLinks } from './ip-addr.js';
import { readRoutes } from './ip-route.js';
import { readPolicyRules } from './ip-rule.js';
import type { LineList } from './line-list.js';
import { headingOf } from './prompt.js';
import { iptablesFamily, kindOfLine } from './recognise.js';
import { SectionReport } from './report.js';
import { TableNames } from './table-names.js';

/** More broken lines than this are no accident of a terminal. */
const PATIENCE = 2000;

/** A rule is broken into a few lines, not into many. */
const MOST_PIECES = 5;

const LONGEST = 4000;

function ruleIsSound(line: string): boolean {
  const source = new SourceText('', line);
  const findings = new Findings(source);
  const foreign: number[] = [];
  const { lines } = readDump(source, new RuleReader(iptablesFamily(line) ?? 4), findings, (start) => {
    foreign.push(start);
  });
  const found = new Diagnostics();
  findings.flush(found);
  // A chain without its declaration is no damage of the line.
  return foreign.length === 0 && lines.rules === 1 && !found.list.some(({ code }) => !HARMLESS.has(code));
}

const HARMLESS = new Set(['RULE_UNDECLARED', 'RULE_NO_CHAIN', 'RULE_NO_COMMIT', 'RULE_NO_POLICY']);

/** Does the line alone read as a whole one of its kind? */
function isSound(kind: Kind, line: string): boolean {
  if (kind === 'iptables') return ruleIsSound(line);
  const found = new Diagnostics();
  const report = new SectionReport(new SourceText('', `${line}\n`), found);
  const names = new TableNames();
  const count =
    kind === 'ip rule'
      ? readPolicyRules(null, names, report).rules.length
      : kind === 'ip route'
        ? readRoutes(null, null, names, report).routes.length
        : readLinks(report).links.length;
  return count === 1 && found.list.length === 0;
}

/** Beginnings of the lines that a break can have cut. */
const CUTTABLE: readonly (readonly [Kind, RegExp])[] = [
  ['iptables', /^(?:\[\d+:\d+\] )?-A \S/],
  ['ip rule', /^\d+:\s+(?:not )?from /],
  ['ip addr', /^\d+: \S+: </],
];

/** The line ends with a word that wants a value. */
const WANTS = / (?:src|via|dev|proto|scope|metric|table|from|to|lookup|fwmark|iif|oif|mtu)\s*$/;

function cuttable(line: string): Kind | null {
  for (const [kind, pattern] of CUTTABLE) if (pattern.test(line)) return kind;
  return WANTS.test(line) && kindOfLine(line) === 'ip route' ? 'ip route' : null;
}

/** Could that be the rest of a line of that kind? A line of a listing, a heading or a comment is not. */
function isRest(line: string | undefined, kind: Kind): boolean {
  if (line === undefined || line.trim() === '' || line.length > LONGEST || line.startsWith('#')) return false;
  if (kind === 'ip addr' && /^\s/.test(line)) return false;
  return (kind === 'ip route' || kindOfLine(line) === null) && headingOf(line) === null;
}

/** Is the piece an option, which no line of a rule set begins with? */
function isOption(piece: string): boolean {
  return /^(?:! )?--?[a-z]/.test(piece.trim());
}

class Joiner {
  readonly #lines: LineList;
  readonly #width: number;
  /** Several lines are as long as any: a terminal broke them there. */
  readonly #isTerminal: boolean;
  #left = PATIENCE;

  constructor(lines: LineList) {
    this.#lines = lines;
    let width = 0;
    let widest = 0;
    for (let at = 0; at < lines.length; at += 1) {
      const length = lines.lengthOf(at);
      if (length === width) widest += 1;
      else if (length > width) [width, widest] = [length, 1];
    }
    this.#width = width;
    this.#isTerminal = widest > 1;
  }

  all(): void {
    for (let at = 0; at + 1 < this.#lines.length; at += 1) {
      const line = this.#lines.at(at) ?? '';
      if (line.length > LONGEST) continue;
      if (line.trimEnd().endsWith('\\') && kindOfLine(line) !== null) this.#backslash(at);
      else if (this.#left > 0) {
        const kind = cuttable(line);
        if (kind !== null && isRest(this.#lines.at(at + 1), kind)) this.#broken(at, kind);
      }
    }
  }

  /** The joined line stands where it began; those that it took are blank, so that the others keep their numbers. */
  #put(at: number, text: string, taken: number): void {
    this.#lines.put(at, text);
    for (let next = at + 1; next <= at + taken; next += 1) this.#lines.put(next, '');
  }

  #backslash(at: number): void {
    let text = this.#lines.at(at) ?? '';
    let taken = 0;
    while (/\\\s*$/.test(text) && taken < MOST_PIECES && at + taken + 1 < this.#lines.length) {
      taken += 1;
      text = `${text.replace(/\s*\\\s*$/, '')} ${(this.#lines.at(at + taken) ?? '').trim()}`;
    }
    this.#put(at, text, taken);
  }

  /**
   * A page breaks at a blank, and a terminal of one width in the middle of a word: of the ways that read as a whole line
   * the likelier one is taken. A line that reads as whole by itself is only joined where it plainly goes on.
   */
  #broken(at: number, kind: Kind): void {
    const first = this.#lines.at(at) ?? '';
    const alone = isSound(kind, first);
    let goesOn = !alone || kind === 'ip addr';
    let ways: readonly string[] = [first];
    let last = first;
    for (let taken = 1; taken <= MOST_PIECES; taken += 1) {
      const piece = this.#lines.at(at + taken);
      if (piece === undefined || !isRest(piece, kind)) return;
      this.#left -= 1;
      const full = this.#isTerminal && last.length === this.#width;
      goesOn ||= full || isOption(piece);
      if (!goesOn) return;
      ways = ways.flatMap((way) => {
        const both = [`${way.trimEnd()} ${piece.trim()}`, `${way}${piece}`];
        return full ? both.reverse() : both;
      });
      last = piece;
      const sound = ways.find((way) => isSound(kind, way));
      if (sound !== undefined) {
        this.#put(at, sound, taken);
        return;
      }
    }
  }
}

/** Puts lines that were broken on one line each. Their number stays: what a line took over is blank. */
export function joinLines(lines: LineList): void {
  new Joiner(lines).all();
}
