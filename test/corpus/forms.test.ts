/** JSON, net-tools, neighbours and forwarding databases among the dumps of real nodes: each listing is used, or known not to be. */
import { describe, expect, it } from 'vitest';
import { looksLikeJson } from '../../src/snapshot/recognise.js';
import type { Node } from '../../src/packet/node.js';
import { loadNode } from '../../src/snapshot/load.js';
import { type Section, sectionsOf } from '../../src/snapshot/sections.js';
import { folders } from './folders.js';

const FORMS: ReadonlySet<string | null> = new Set(['route -n', 'ifconfig', 'ip neigh', 'bridge fdb', 'JSON']);

/** JSON that is no listing of a node, by the beginning of its text. */
const OTHER_JSON: readonly RegExp[] = [
  // docker network inspect, docker inspect
  /^\s*\[\s*\{\s*"(?:Name|Id)":/,
  // Lines of structured logs
  /^\s*\{"(?:level|ts|log|time)"/,
];

function isForm({ kind, source }: Section): boolean {
  return FORMS.has(kind) || (looksLikeJson(source.text) && kind?.startsWith('ip ') === true);
}

/** First lines of the things that a node was made of. */
function linesUsed({ networks, neighbours, forwarding, diagnostics }: Node): ReadonlySet<number> {
  const things = [
    ...[...networks[4].links.values()],
    ...Object.values(networks).flatMap(({ rules, tables }) => [...rules, ...[...tables.values()].flat()]),
    ...(neighbours?.entries ?? []),
    ...(forwarding?.entries ?? []),
    ...diagnostics.filter(({ code }) => code === 'READ_OTHER_NODE'),
  ];
  return new Set(
    things.flatMap(({ span }) => (span === null ? [] : [span.source.position(span.start).line])),
  );
}

const found = folders.flatMap(({ name: folder, files }) =>
  files.flatMap((file) =>
    sectionsOf(file.name, file.text)
      .filter(isForm)
      .map((section) => ({ folder, name: file.name, line: section.source.firstLine, file, section })),
  ),
);

describe('other forms', () => {
  if (found.length === 0) {
    it('are not among these dumps', () => {
      expect(process.env['NATWALK_CORPUS']).toBeUndefined();
    });
    return;
  }

  it.each(found)('$folder/$name:$line is used', ({ file, section }) => {
    const { source, kind } = section;
    if (kind === 'JSON') {
      expect(OTHER_JSON.some((pattern) => pattern.test(source.text))).toBe(true);
      return;
    }
    const used = linesUsed(loadNode(file.name, [file]));
    const last = source.firstLine + source.text.split('\n').length;
    expect([...used].some((line) => line >= source.firstLine && line < last)).toBe(true);
  });
});
