/** What the real `ip` prints is read and printed back, line by line, for both families. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Family } from '../../src/address/address.js';
import type { Node } from '../../src/packet/node.js';
import { loadNode } from '../../src/snapshot/load.js';
import { printListings, printTranscript } from '../../src/snapshot/print.js';
import { FormsNamespace } from './forms/namespace.js';

const namespace = new FormsNamespace(`printback-${String(process.pid)}`);

const ip = (...words: readonly string[]): string => namespace.run(['ip', ...words].join(' '));

/** The tools' own lines, without the blanks that iproute2 leaves at their ends and between `encap` and what is before. */
function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/ {2,}/g, ' ').trimEnd())
    .filter((line) => line !== '');
}

let node: Node;
let dumps: ReadonlyMap<string, string>;

beforeAll(() => {
  const commands = ['addr', '-4 rule', '-6 rule', '-4 route show table all', '-6 route show table all'];
  dumps = new Map(commands.map((command) => [command, ip(...command.split(' '))]));
  node = loadNode(
    'node',
    [...dumps].map(([command, text]) => ({ name: `ip ${command}`, text })),
  );
});

afterAll(() => {
  namespace.remove();
});

function printed(command: string): readonly string[] {
  const listing = printListings(node).find((one) => one.command === command);
  return linesOf(listing?.text ?? '');
}

describe('the real ip', () => {
  it('printed nothing that could not be read', () => {
    const findings = node.diagnostics.filter(({ code }) => code.startsWith('READ_'));
    expect(
      findings.map(({ code, params, span }) => ({ code, params, line: span?.source.position(span.start) })),
    ).toEqual([]);
  });

  it.each<[Family, string]>([
    [4, 'ip rule'],
    [6, 'ip -6 rule'],
  ])('IPv%i rules are printed back', (family, command) => {
    expect(printed(command)).toEqual(linesOf(dumps.get(`-${String(family)} rule`) ?? ''));
  });

  it.each<[Family, string]>([
    [4, 'ip route show table all'],
    [6, 'ip -6 route show table all'],
  ])('IPv%i routes are printed back', (family, command) => {
    const real = linesOf(dumps.get(`-${String(family)} route show table all`) ?? '');
    expect([...printed(command)].sort()).toEqual([...real].sort());
  });

  it('addresses are printed back', () => {
    const wanted = linesOf(dumps.get('addr') ?? '')
      .filter((line) => /^ ?inet/.test(line) || /^\d/.test(line))
      .map((line) => line.replace(/ (?:qdisc|state|qlen) \S+/g, ''));
    const own = printed('ip addr').filter((line) => !/^ ?link/.test(line));
    expect(own).toEqual(wanted);
  });

  it.each([['-d'], ['-o'], ['-N']])('ip %s says the same of rules, routes and addresses', (option) => {
    const files = ['-4 rule', '-6 rule', '-4 route show table all', '-6 route show table all', 'addr'].map(
      (command) => ({
        name: `ip ${command}`,
        text: ip(option, ...command.split(' ')),
      }),
    );
    const other = loadNode('node', files);
    const routes = (which: Node): readonly string[] =>
      [4, 6].flatMap((family) =>
        [...(family === 4 ? which.networks[4] : which.networks[6]).tables.values()]
          .flat()
          .map(({ text }) => text.replace(/ expires \S+/, '').replace(/ proto \S+/, '')),
      );
    expect(
      other.diagnostics.flatMap(({ code, params }) => (code.startsWith('READ_') ? [{ code, params }] : [])),
    ).toEqual([]);
    expect(routes(other)).toEqual(routes(node));
    expect(other.networks[4].rules.map(({ priority, action }) => ({ priority, kind: action.kind }))).toEqual(
      node.networks[4].rules.map(({ priority, action }) => ({ priority, kind: action.kind })),
    );
    const addresses = (which: Node): readonly unknown[] =>
      // `-o` leaves out a link without addresses.
      [...which.networks[4].links.values()].flatMap((link) =>
        link.addresses.map(({ address, length, peer, scope }) => [
          ...[link.name, address, length, peer, scope],
        ]),
      );
    expect(addresses(other)).toEqual(addresses(node));
  });

  it('reads its own print as the same node', () => {
    const again = loadNode('node', [{ name: 'show', text: printTranscript(printListings(node)) }]);
    expect(printListings(again)).toEqual(printListings(node));
  });
});
