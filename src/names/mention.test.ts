/** Names that are looked up one by one are those that the index of everything has. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Address, formatAddress, parseAddress } from '../address/address.js';
import type { Rule, RuleFinder } from '../iptables/model.js';
import type { Node } from '../packet/node.js';
import { loadNode } from '../snapshot/load.js';
import type { Name, Question } from './book.js';
import { fullName } from './model.js';

const WITH_COMMENTS = readFileSync('examples/eks-node/iptables-save.txt', 'utf8');

/** As kube-proxy writes very many endpoints: their own rules without comments. */
const BARE = WITH_COMMENTS.split('\n')
  .map((line) =>
    /^-A KUBE-(?:SEP|SVC|EXT)-/.test(line) ? line.replace(/ -m comment --comment "[^"]*"/, '') : line,
  )
  .join('\n');

const load = (text: string): Node => loadNode('n', [{ name: 'iptables-save.txt', text }]);

/** Every address that the rules have, and one that they do not. */
function addresses(text: string): readonly Address[] {
  const words = new Set([...text.matchAll(/\d{1,3}(?:\.\d{1,3}){3}/g)].map(([word]) => word));
  return [...words, '198.51.100.77'].flatMap((word) => parseAddress(word) ?? []);
}

function questions(text: string): readonly Question[] {
  const ports = new Set([...text.matchAll(/--dport (\d+)/g)].map(([, port]) => Number(port)));
  return addresses(text).flatMap((address) =>
    [...ports, 1, null].flatMap((port) =>
      [6, 17].flatMap((protocol) => [true, false].map((isOwn) => ({ address, port, protocol, isOwn }))),
    ),
  );
}

/** What is told of a name; a service's other ports are not. */
function told(names: readonly Name[]): readonly unknown[] {
  return names.map((name) => {
    if (name.kind === 'pod') return [name.kind, fullName(name.pod)];
    if (name.kind === 'node') return [name.kind, name.node, name.pods.map(fullName)];
    if (name.kind === 'endpoint') return [name.kind, name.endpoints];
    const { kind, service, port, noSuchPort } = name;
    return [kind, fullName(service), port?.name, port?.port, noSuchPort];
  });
}

describe.each([
  ['rules with comments', WITH_COMMENTS],
  ['rules of endpoints without comments', BARE],
])('a name in %s', (_, text) => {
  it('is the same whether everything is read or only what has the address', () => {
    const whole = load(text).names;
    expect(whole.cluster.services.length).toBeGreaterThan(3);
    let named = 0;
    let fresh = load(text).names;
    for (const [at, question] of questions(text).entries()) {
      if (at % 10 === 0) {
        fresh = load(text).names;
        // Every other time the addresses are told beforehand.
        const next = questions(text).slice(at, at + 10);
        if (at % 20 === 0) fresh.expect([...new Set(next.map(({ address }) => address))]);
      }
      const names = fresh.namesOf(question);
      expect(told(names), `${formatAddress(question.address)} ${String(question.port)}`).toEqual(
        told(whole.namesOf(question)),
      );
      named += names.length;
    }
    expect(named).toBeGreaterThan(20);
  });
});

it('finds a rule by a text in its line, with its number, before its chain is read', () => {
  const table = load(WITH_COMMENTS).ruleSets[4].tables.get('nat');
  const found = table?.search?.find('-j KUBE-SVC-') ?? [];
  expect(found.length).toBeGreaterThan(3);
  for (const rule of found) {
    const own = table?.chains.get(rule.chain)?.rules[rule.number - 1];
    expect(own?.span.start).toBe(rule.span.start);
    expect(own?.header).toEqual(rule.header);
  }
});

it('finds the same when it was told what it will be asked for', () => {
  const search = (): RuleFinder | undefined => load(WITH_COMMENTS).ruleSets[4].tables.get('nat')?.search;
  // One is the beginning of another, some stand in a line twice, one nowhere.
  const words = [' -j', ' -j KUBE-SVC-', 'KUBE', ' -p tcp', '"default/', '[x', ' -j KUBE-SVC-Z'];
  const told = search();
  told?.expect(words);
  const places = (found: readonly Rule[] | undefined): readonly number[] =>
    found?.map(({ span }) => span.start) ?? [];
  const [one, other] = [search(), told].map((by) => words.map((word) => places(by?.find(word))));
  expect(other).toEqual(one);
  expect(one?.map((list) => list.length > 0)).toEqual([true, true, true, true, true, false, false]);
});
