/** Deliberate faults: with one in the engine, the soak of the suite says WRONG. `npm run test:mutation` tries them all. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Plugin, build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { SUITE } from './soak/suite.js';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(root, 'node_modules/.cache-natwalk-fault-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Fault {
  readonly title: string;
  readonly file: string;
  readonly code: string;
  readonly fault: string;
  readonly profile: string;
}

const LOWEST = (list: string): string =>
  `Math.min(...[...${list}.values()].flat().map(({ metric }) => metric))`;

const FAULTS: readonly Fault[] = [
  {
    title: 'a flipped condition in a match',
    file: 'src/iptables/match/mark.ts',
    code: 'invertIf(inverted, markIs(',
    fault: 'invertIf(!inverted, markIs(',
    profile: 'rules',
  },
  {
    title: 'a port range without its end',
    file: 'src/iptables/decide.ts',
    code: 'if (low >= from && high <= to) return true;',
    fault: 'if (low >= from && high < to) return true;',
    profile: 'rules',
  },
  {
    title: 'a metric compared before the prefix',
    file: 'src/routing/fib.ts',
    code: 'sort(([a], [b]) => b - a)',
    fault: `sort(([a, one], [b, other]) => ${LOWEST('one')} - ${LOWEST('other')} || b - a)`,
    profile: 'routing',
  },
  {
    title: 'an answer that is not translated back',
    file: 'src/packet/tuple.ts',
    code: 'source: destination,',
    fault: 'source,',
    profile: 'eks',
  },
];

/** Puts a fault where its code stands, and tells each module its own place. */
function faulty({ file, code, fault }: Fault): Plugin {
  return {
    name: 'fault',
    setup(setup) {
      setup.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        let text = readFileSync(path, 'utf8');
        if (path === join(root, file)) {
          expect(text.split(code), `${file} holds ${code} once`).toHaveLength(2);
          text = text.replace(code, fault);
        }
        const place = JSON.stringify(pathToFileURL(path).href);
        return { contents: text.replaceAll('import.meta.url', place), loader: 'ts' };
      });
    },
  };
}

it.each(FAULTS)(
  '$title is caught',
  async (fault) => {
    const outfile = join(folder, `${String(FAULTS.indexOf(fault))}.mjs`);
    await build({
      absWorkingDir: root,
      entryPoints: ['test/kernel/soak/run.ts'],
      ...{ outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' },
      plugins: [faulty(fault)],
      logLevel: 'silent',
    });
    // The packets that the suite has of a profile; what is wrong need not be made small.
    const words = [
      '--packets',
      String(SUITE.packets * 4),
      '--seed',
      String(SUITE.seed),
      '--profile',
      fault.profile,
      '--wrong',
      '1',
      '--tries',
      '0',
    ];
    const { stdout } = spawnSync(process.execPath, [outfile, ...words], { cwd: root, encoding: 'utf8' });
    expect(stdout).toContain('WRONG (seed ');
  },
  300_000,
);
