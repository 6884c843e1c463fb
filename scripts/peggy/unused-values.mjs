/** Which expressions of a grammar make a value that nothing uses. */

export const LOOPS = new Set(['zero_or_more', 'one_or_more']);

/** Goes through a rule with whether the value at each place is used; tells of places and of references. */
function visit(node, used, told) {
  told.place(node, used);
  const isPicked = (one) => one.type === 'labeled' && one.pick === true;
  switch (node.type) {
    case 'rule_ref':
      if (used) told.reference(node.name);
      return;
    case 'action': {
      // An action sees labels only; what it returns is not the value of its expression.
      const { expression } = node;
      if (expression.type !== 'sequence') visit(expression, false, told);
      else {
        told.place(expression, true);
        for (const one of expression.elements) visit(one, false, told);
      }
      return;
    }
    case 'labeled':
      visit(node.expression, node.label !== null || used, told);
      return;
    case 'sequence': {
      const picks = node.elements.some(isPicked);
      for (const one of node.elements) visit(one, used && (!picks || isPicked(one)), told);
      return;
    }
    case 'text':
    case 'simple_and':
    case 'simple_not':
      visit(node.expression, false, told);
      return;
    default:
      if (node.expression !== undefined) visit(node.expression, used, told);
      for (const one of node.alternatives ?? []) visit(one, used, told);
  }
}

/**
 * Marks the places whose value is used by nothing. A rule's value is used if any reference to it is, or if it starts.
 * @returns the nodes that may match without making a value
 */
export function markUnused(ast, starts) {
  const rules = new Map(ast.rules.map((rule) => [rule.name, rule]));
  const used = new Set(starts);
  const open = [...starts];
  const unused = new Set();
  const told = (whole) => ({
    place: (node, isUsed) => {
      if (whole && !isUsed) unused.add(node);
    },
    reference: (name) => {
      if (used.has(name)) return;
      used.add(name);
      open.push(name);
    },
  });
  const all = [...rules.values()];
  // References in rules whose own value is unused count as well, where they stand in a used place.
  for (const rule of all) visit(rule.expression, used.has(rule.name), told(false));
  for (let name = open.pop(); name !== undefined; name = open.pop())
    visit(rules.get(name).expression, true, told(false));
  for (const rule of all) visit(rule.expression, used.has(rule.name), told(true));
  return unused;
}
