/** What bundlers take of the library: all that is asked for, nothing besides, and nothing that only Node.js has. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { type BuildFailure, build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'natwalk-library-'));

/** The package as it is installed, with its library built from what the tree has now. */
beforeAll(async () => {
  const { buildLibrary } = (await import(join(root, 'scripts/library.mjs'))) as {
    buildLibrary: (folder: string) => Promise<unknown>;
  };
  const place = join(folder, 'node_modules/natwalk');
  mkdirSync(place, { recursive: true });
  cpSync(join(root, 'package.json'), join(place, 'package.json'));
  await buildLibrary(join(place, 'dist'));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

/** A program of one line, bundled as for a page. */
async function bundled(text: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: text, resolveDir: folder },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    charset: 'utf8',
    write: false,
    logLevel: 'silent',
    nodePaths: [join(root, 'node_modules')],
  });
  return outputFiles.map((file) => file.text).join('\n');
}

/** Words by which a part of the library is known in a bundle. */
const WORDS = {
  korean: /[가-힣]/,
  english: /leaves .* with .*, an address of/,
  linter: /LINT_VPC_SERVICE_OUTSIDE/,
  specs: /CHECK_UNKNOWN_KEY/,
  differences: /"?(?:policy-rule)"?.*"meetings"|meetings:/,
  walk: /NOT_CERTAIN|AWS_|truncated:/,
} as const;

const partsOf = (code: string): readonly string[] =>
  Object.entries(WORDS).flatMap(([name, words]) => (words.test(code) ? [name] : []));

describe('a bundle for a page', () => {
  it('of loadNode has the readers alone', async () => {
    const code = await bundled("import { loadNode } from 'natwalk'; globalThis.x = loadNode;");
    expect(partsOf(code)).toEqual([]);
    expect(code).toContain('READ_SEVERAL_NODES');
  });

  it.each([
    ['trace', ['walk']],
    ['diff', ['differences', 'walk']],
    ['lint', ['linter', 'walk']],
  ])('of %s has no words', async (name, parts) => {
    expect(partsOf(await bundled(`import { ${name} } from 'natwalk'; globalThis.x = ${name};`))).toEqual(
      parts,
    );
  });

  it('of nothing is nothing: no module of the library has an effect', async () => {
    const code = await bundled("import 'natwalk'; import * as all from 'natwalk'; globalThis.x = 1;");
    expect(code.length).toBeLessThan(100);
  });

  it('of everything has every part, and asks for no module of Node.js', async () => {
    const code = await bundled("export * from 'natwalk';");
    expect(partsOf(code)).toEqual(Object.keys(WORDS));
    expect(/["']node:[a-z]|\brequire\(/.exec(code)?.[0]).toBeUndefined();
  });

  it('of natwalk/node is refused: it is not for pages', async () => {
    // Which of its modules of Node.js esbuild names first differs from run to run: all are asked for.
    const refusal = bundled("export * from 'natwalk/node';").then(
      () => [],
      (fault: unknown) => (fault as BuildFailure).errors.map((error) => error.text),
    );
    expect(await refusal).toContainEqual(expect.stringContaining('"node:fs"'));
  });

  it('runs without process and Buffer, and walks the packet that README walks', async () => {
    const code = await bundled(
      "import { loadNode, trace, renderMinimal } from 'natwalk'; globalThis.answer = (files, packet) => renderMinimal(trace(loadNode('page', files), packet));",
    );
    const files = ['iptables-save', 'ip-addr', 'ip-route', 'ip-rule', 'sysctl'].map((name) => ({
      name,
      text: readFileSync(join(root, `examples/eks-node/${name}.txt`), 'utf8'),
    }));
    const packet = { proto: 'tcp', src: '192.168.61.33', dst: '203.0.113.9', dport: 443 };
    const asked = `${code}; answer(${JSON.stringify(files)}, ${JSON.stringify(packet)})`;
    // A context of its own has what the language has, and nothing of Node.js.
    expect(runInNewContext(asked)).toBe(
      'forwarded ens5 via 192.168.32.1 src 192.168.45.10:1024-65535 dst 203.0.113.9:443 p=1\n',
    );
  });
});
