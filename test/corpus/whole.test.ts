/** Folders of the corpus as they are, and pages made of their files with the prompts that stood before them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/packet/result.js';
import { trace } from '../../src/packet/trace.js';
import { readSnapshot } from '../../src/snapshot/files.js';
import { loadNode } from '../../src/snapshot/load.js';
import { nodesOf } from '../../src/snapshot/nodes.js';
import { folders } from './folders.js';

describe.each(folders)('$name', ({ path, name }) => {
  it('has no file that is not recognised, prose named so', async () => {
    const { files, diagnostics } = await readSnapshot(path);
    const found = [...diagnostics.list, ...loadNode(name, files).diagnostics];
    expect(
      found.flatMap(({ code, params }) => (code === 'READ_UNRECOGNISED' ? [params['file']] : [])),
    ).toEqual([]);
  });

  it('has nodes that can each be loaded', async () => {
    const { files } = await readSnapshot(path);
    for (const node of nodesOf(files))
      expect(loadNode(name, files, node.name).diagnostics.map(({ code }) => code)).not.toContain(
        'READ_NO_SUCH_NODE',
      );
  });
});

interface Typed {
  readonly file: string;
  readonly command: string;
  /** The node that a loop names before the output. */
  readonly node: string | null;
}

/** What SOURCE.txt tells of the commands as they were typed: `file <tab> where <tab> command [node N]`. */
function typedIn(path: string): readonly Typed[] {
  return readFileSync(join(path, 'SOURCE.txt'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, file, command, node] = /^ {2}(\S+)\t[^\t]+\t(.+?)(?: {2,}\[node (\S+)\])?$/.exec(line) ?? [];
      return file === undefined || command === undefined ? [] : [{ file, command, node: node ?? null }];
    });
}

/** A page: each command once after its prompt, then what it printed, with the loop's own lines between nodes. */
function pageOf(path: string): string {
  let last = '';
  return typedIn(path)
    .filter(({ file }) => existsSync(join(path, file)))
    .map(({ file, command, node }) => {
      const repeated = node !== null && command === last;
      last = command;
      const prompt = repeated ? '' : `$ ${command}\n`;
      const banner = node === null ? '' : `>> node ${node} <<\n`;
      return `${prompt}${banner}${readFileSync(join(path, file), 'latin1').trimEnd()}\n\n`;
    })
    .join('');
}

const nodes = folders.find(({ name }) => name.startsWith('a-05'));

describe.runIf(nodes !== undefined)('a-05 as one page', () => {
  const page = [{ name: 'page.txt', text: nodes === undefined ? '' : pageOf(nodes.path) }];

  it('holds three nodes and their pods, and the first one is the main one', () => {
    const found = nodesOf(page);
    expect(found.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['w2-node-1', 'w2-node-2', 'w2-node-3']),
    );
    expect(found.filter(({ isMain }) => isMain).map(({ name }) => name)).toEqual(['w2-node-1']);
  });

  it('answers how a pod goes to the internet: as the node, by its first interface', () => {
    const { outcomes } = trace(loadNode('page', page), {
      in: 'enifdec4b696ce',
      proto: 'icmp',
      icmpId: 2,
      src: '192.168.5.1',
      dst: '142.251.154.119',
    });
    const leaving = outcomes.filter(({ egress }: Outcome) => egress !== null);
    expect(leaving.length).toBeGreaterThan(0);
    for (const { final, egress } of leaving)
      expect([final.src, egress?.iface]).toEqual(['192.168.4.12', 'ens5']);
  });
});
