/**
 * A Peggy plugin (https://peggyjs.org/documentation.html#plugins-api): the same grammar, read faster.
 *
 * Peggy collects what every loop and sequence matched, character by character, although most of it is asked for by
 * nobody. This pass finds the expressions whose value nothing uses, and lets those match without making a value; and
 * loops over one class of characters become scans. What is matched, and what a failure says, stays as it is.
 */
import { LOOPS, markUnused } from './unused-values.mjs';

/** A character class as a condition on the code unit `peg$c`; null where it is not about single code units as they stand. */
function conditionOf({ parts, inverted, ignoreCase, unicode }) {
  if (ignoreCase || unicode === true) return null;
  const plain = (one) => typeof one === 'string' && one.length === 1;
  const tests = parts.map((part) => {
    if (plain(part)) return `peg$c === ${String(part.charCodeAt(0))}`;
    if (Array.isArray(part) && part.every(plain))
      return `(peg$c >= ${String(part[0].charCodeAt(0))} && peg$c <= ${String(part[1].charCodeAt(0))})`;
    return null;
  });
  if (tests.includes(null) || tests.length === 0) return null;
  const any = tests.join(' || ');
  return inverted ? `!(${any})` : any;
}

function predicate(code, { location }) {
  return { type: 'semantic_and', code, codeLocation: location, location };
}

/** A loop over a class: the position moves over all that fits. Only a loop that needs a first character can fail. */
function scan(loop) {
  const { expression: of, type } = loop;
  const condition = conditionOf(of);
  if (condition === null) return null;
  const expected = [of.parts, of.inverted, of.ignoreCase, of.unicode === true]
    .map((one) => JSON.stringify(one))
    .join(', ');
  return predicate(
    `const peg$from = peg$currPos;
    let peg$at = peg$from;
    for (; peg$at < input.length; peg$at += 1) {
      const peg$c = input.charCodeAt(peg$at);
      if (!(${condition})) break;
    }
    peg$currPos = peg$at;
    if (peg$silentFails === 0) peg$fail(peg$classExpectation(${expected}));
    return ${type === 'zero_or_more' ? 'true' : 'peg$at > peg$from'};`,
    loop,
  );
}

/** A loop over a rule: it is asked until it fails. */
function repeat(loop) {
  const call = `peg$parse${loop.expression.name}() !== peg$FAILED`;
  const first = loop.type === 'one_or_more' ? `if (!(${call})) return false;\n` : '';
  return predicate(`${first}while (${call});\nreturn true;`, loop);
}

function withoutValue(node) {
  if (node.type === 'text') return node.expression;
  if (LOOPS.has(node.type)) {
    if (node.expression.type === 'class') return scan(node) ?? node;
    if (node.expression.type === 'rule_ref') return repeat(node);
  }
  if (node.type === 'sequence' && !node.elements.some(({ type }) => type === 'labeled')) {
    // A sequence of which one element is picked makes no array.
    const [first, ...rest] = node.elements;
    const picked = { type: 'labeled', pick: true, label: null, expression: first, location: first.location };
    return { ...node, elements: [picked, ...rest] };
  }
  return node;
}

/** Rebuilds an expression from the leaves on. */
function rewrite(node, unused) {
  const next = { ...node };
  if (node.expression !== undefined) next.expression = rewrite(node.expression, unused);
  for (const list of ['elements', 'alternatives'])
    if (node[list] !== undefined) next[list] = node[list].map((one) => rewrite(one, unused));
  return unused.has(node) ? withoutValue(next) : next;
}

/** The pass itself: it comes last among those that transform the grammar. */
function scanLoops(ast, options) {
  const unused = markUnused(ast, new Set(options.allowedStartRules));
  for (const [at, rule] of ast.rules.entries()) ast.rules[at] = rewrite(rule, unused);
}

export default {
  use(config) {
    config.passes.transform.push(scanLoops);
  },
};
