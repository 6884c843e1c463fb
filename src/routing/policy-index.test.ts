/** Lookups that find policy rules by an index against those that look at every rule. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flow, ip, link, network, rule } from '../../test/support/network.js';
import { parsePrefix } from '../address/prefix.js';
import { enumerate } from '../chooser/enumerate.js';
import { type Flow, type Lookup, type LookupOptions, UNTOLD, lookup } from './lookup.js';
import type { Network, PolicyRule } from './model.js';

const HOSTS = ['10.0.1.1', '10.0.1.2', '203.0.113.5', '0.0.0.0'];
const PREFIXES = [...HOSTS.map((host) => `${host}/32`), '10.0.0.0/8', '0.0.0.0/0'];
const DEVICES = ['lo', 'e0', 'e1', '?/'];

const prefix = fc.option(fc.constantFrom(...PREFIXES).map(parsePrefix), { freq: 2 });
const device = fc.option(fc.constantFrom('lo', 'e0', 'e1'), { freq: 1 });
const action = fc.constantFrom<Partial<PolicyRule>>(
  {},
  { action: { kind: 'nop' } },
  { action: { kind: 'prohibit' } },
  { action: { kind: 'goto', priority: 30, unresolved: false } },
  { action: { kind: 'goto', priority: 70, unresolved: false } },
);

const rules = fc
  .array(
    fc.tuple(
      fc.record({
        from: prefix,
        to: prefix,
        iif: device,
        not: fc.boolean(),
        fwmark: fc.option(fc.constant({ value: 1, mask: 1 }), { freq: 1 }),
        opaque: fc.constantFrom<readonly string[]>([], [], [], ['x']),
      }),
      action,
      fc.constantFrom(101, 102, 254),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) =>
    all.map(([selectors, does, table], at) => rule((at + 1) * 10, table, { ...selectors, ...does })),
  );

const flows = fc
  .record({
    source: fc.constantFrom(...HOSTS).map(ip),
    inInterface: fc.constantFrom(...DEVICES),
    mark: fc.constantFrom(0, 1),
    markUnknown: fc.constantFrom(0, 0, 1),
    to: fc.constantFrom('203.0.113.5', '10.0.1.1', '10.0.1.2'),
  })
  .map(({ to, ...more }) => flow(to, more));

function text(found: Lookup): string {
  if (found.kind === 'unseen') return `unseen ${String(found.table)}`;
  const by = String(found.rule?.priority);
  return found.kind === 'error' ? `${found.errno} by ${by}` : `${found.route.text} by ${by}`;
}

/** All that may come of it, each way with its chance and the rule that decided. */
function ways(net: Network, asked: Flow, options: LookupOptions): unknown {
  return enumerate((chooser) => text(lookup(net, asked, chooser, options)), 200);
}

describe('the index of policy rules', () => {
  const links = [link('lo', ['127.0.0.1/8']), link('e0', ['10.0.1.1/24']), link('e1', ['10.0.2.1/24'])];
  const routes = [
    'default via 10.0.1.254 dev e0',
    'default via 10.0.2.254 dev e1 table 101',
    'throw 203.0.113.0/24 table 102',
  ];

  it('leaves out no rule that would decide, and asks the same questions', () => {
    fc.assert(
      fc.property(rules, fc.array(flows, { minLength: 1, maxLength: 5 }), (list, asked) => {
        const net = network({ links, routes, rules: list });
        for (const one of asked) expect(ways(net, one, UNTOLD)).toEqual(ways(net, one, {}));
      }),
      { numRuns: 400 },
    );
  });

  it('tells which rules were passed over only when that is asked', () => {
    const net = network({ links, routes, rules: [rule(10, 101, { to: parsePrefix('10.0.9.9/32') })] });
    const tried = (options: LookupOptions): number =>
      enumerate((chooser) => lookup(net, flow('203.0.113.5'), chooser, options).tried.length, 1).branches[0]
        ?.value ?? -1;
    expect(tried(UNTOLD)).toBe(0);
    expect(tried({})).toBeGreaterThan(1);
  });
});
