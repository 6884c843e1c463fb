/** A rule that does the same a second time, with nothing between the two that could make a difference. */
import { printRuleBody } from '../../iptables/print.js';
import { eachJump, kindAt, sizeOf } from '../../iptables/digest.js';
import type { Chain, Rule } from '../../iptables/model.js';
import { type Finding, type Proof, unshown } from '../finding.js';
import { isKept } from '../programs.js';
import type { LintRule } from '../rule.js';
import { shapeOf } from '../shape.js';
import { type Ruled, type Subject, passed } from '../subject.js';
import { mayChange } from '../terminal.js';
import { placeOf } from '../words.js';

/** Done twice, these are as if done once. */
const IDEMPOTENT: ReadonlySet<string> = new Set([
  ...['CLASSIFY', 'CT', 'DSCP', 'NOTRACK', 'TCPMSS', 'TOS', 'CHECKSUM', 'LOG', 'NFLOG', 'TRACE'],
]);

/** `0x80/0x80`: bits outside the mask would be turned over each time. */
function turnsOver(text: string): boolean {
  const found = /--set-xmark 0x([0-9a-f]+)\/0x([0-9a-f]+)/.exec(text);
  if (found === null) return false;
  return (Number.parseInt(found[1] ?? '0', 16) & ~Number.parseInt(found[2] ?? '0', 16)) !== 0;
}

/** May two rules of the chain do the same, as far as their kinds and the chains that they lead to tell? */
function mayRepeat(chain: Chain): boolean {
  const seen = new Set<string>();
  let repeats = false;
  eachJump(chain, (name) => {
    repeats ||= seen.has(name);
    seen.add(name);
  });
  const targets = new Set<string>();
  for (let index = 0; index < sizeOf(chain) && !repeats; index += 1) {
    const action = kindAt(chain, index)?.action;
    if (action?.kind !== 'target') continue;
    repeats = targets.has(action.target.extension.name);
    targets.add(action.target.extension.name);
  }
  return repeats;
}

function isIdempotent({ action }: Rule): boolean {
  if (action.kind === 'chain') return !action.goto;
  if (action.kind !== 'target') return false;
  const { extension, text } = action.target;
  if (extension.name === 'MARK' || extension.name === 'CONNMARK')
    return !turnsOver(text) && !text.includes('shift-mark');
  return IDEMPOTENT.has(extension.name);
}

const isComment = (match: Rule['matches'][number]): boolean =>
  !('opaque' in match) && match.extension.name === 'comment';

const bodyOf = (rule: Rule): string =>
  printRuleBody({ ...rule, matches: rule.matches.filter((match) => !isComment(match)) });

function proofOf(subject: Subject, ruled: Ruled, first: Rule, second: Rule): Proof {
  const shown = subject.search(
    subject.packetsFor(second, ruled),
    (outcome) => passed(outcome, first) && passed(outcome, second),
  );
  return shown === null ? unshown('LINT_UNSHOWN_NOT_FOUND') : { kind: 'packet', shown };
}

function* inChain(subject: Subject, ruled: Ruled, chain: Chain): Iterable<Finding> {
  let seen = new Map<string, Rule>();
  for (const rule of chain.rules) {
    const changes = mayChange(rule);
    if (isIdempotent(rule) && shapeOf(rule).isFirm) {
      const body = bodyOf(rule);
      const first = seen.get(body);
      // What stands between may change what both ask for; the first itself does what it does.
      if (changes) seen = new Map();
      if (first === undefined) seen.set(body, rule);
      else
        yield {
          code: 'LINT_REPEATED',
          severity: 'note',
          params: { ...placeOf(rule), by: first.number },
          span: rule.span,
          rule,
          related: { code: 'LINT_AT_FIRST', span: first.span },
          proof: proofOf(subject, ruled, first, rule),
        };
    } else if (changes) seen = new Map();
  }
}

const rule: LintRule = {
  codes: ['LINT_REPEATED'],
  *look(subject) {
    for (const ruled of subject.tables) {
      const reachable = ruled.reach.reachable();
      for (const chain of ruled.table.chains.values())
        if (reachable.has(chain.name) && !isKept(chain.name) && mayRepeat(chain))
          yield* inChain(subject, ruled, chain);
    }
  },
};
export default rule;
