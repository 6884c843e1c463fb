/** Who may know whom: the table of ARCHITECTURE.md, enforced. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const PURE = [
  'address',
  'source',
  'chooser',
  'ipset',
  'iptables',
  'nft',
  'names',
  'routing',
  'packet',
  'why',
  'diff',
  'lint',
  'check',
  'capacity',
  'cluster',
  'labs',
  'ask',
];
const BASE = ['address', 'source', 'chooser'];
/** Rooms that a room may import. Those that are not named here may import every room but the command line. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  address: [],
  ask: [...BASE, 'names', 'packet', 'why', 'cluster', 'explain'],
  source: [],
  chooser: ['source'],
  ipset: BASE,
  capacity: [],
  labs: [
    ...[...BASE, 'ipset', 'iptables', 'nft', 'names', 'routing', 'packet'],
    ...['snapshot', 'check', 'cluster', 'why', 'explain'],
  ],
  cluster: [...BASE, 'names', 'packet', 'routing', 'check'],
  iptables: [...BASE, 'generated'],
  nft: [...BASE, 'iptables', 'generated'],
  routing: BASE,
  names: ['address', 'source', 'iptables', 'nft'],
  packet: [...BASE, 'ipset', 'iptables', 'nft', 'names', 'routing'],
  lint: [...BASE, 'iptables', 'nft', 'names', 'routing', 'packet'],
  snapshot: [...BASE, 'ipset', 'iptables', 'nft', 'names', 'routing', 'packet', 'generated'],
  check: [...BASE, 'ipset', 'iptables', 'nft', 'names', 'routing', 'packet', 'explain'],
  matchers: [...BASE, 'iptables', 'nft', 'routing', 'packet', 'explain', 'check'],
  why: [...BASE, 'ipset', 'iptables', 'nft', 'names', 'routing', 'packet'],
  diff: [...BASE, 'ipset', 'iptables', 'nft', 'names', 'routing', 'packet'],
};
/** Packages, and the only places that may import them. */
const PACKAGES: Readonly<Record<string, string | readonly string[]>> = {
  'ip-address': 'src/address/',
  xstate: 'src/packet/hook-machine.ts',
  yaml: ['src/names/yaml.ts', 'src/check/yaml.ts'],
  vitest: 'src/vitest.ts',
  commander: 'src/cli/',
  piscina: ['src/cli/batch-jobs.ts', 'src/cli/check-jobs.ts'],
  'modern-tar': 'src/snapshot/archive/',
  yauzl: 'src/snapshot/archive/',
};
/** What a pure room must not name. */
const IMPURE =
  /\b(?:process|console|Buffer|performance)\.|\bDate[.(]|\b(?:setTimeout|setInterval|fetch)\(|\bMath\.random/;

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('generated'))
  .map((name) => `src/${name}`);

function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [
    ...text.matchAll(
      /^(?:import|export)\s[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
    ),
  ].map((found) => found[1] ?? found[2] ?? found[3] ?? '');
}

describe('the page', () => {
  const paths = readdirSync('page', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|svelte)$/.test(name))
    .map((name) => `page/${name}`);

  it('imports nothing of the command line', () => {
    const wrong = paths.filter((path) => readFileSync(path, 'utf8').includes('src/cli/'));
    expect(wrong).toEqual([]);
    expect(paths.length).toBeGreaterThan(50);
  });
});

/** The room of a file (`src/packet/walk.ts`: packet), or null for the doors directly in src. */
function roomOf(path: string): string | null {
  const [, room, ...rest] = path.split('/');
  return rest.length === 0 ? null : (room ?? null);
}

function resolved(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

describe.each(files)('%s', (path) => {
  const room = roomOf(path);
  const imports = importsOf(path);
  const local = imports
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => resolved(path, specifier));

  it('imports only the rooms that its own may know', () => {
    const others = local.flatMap((path) => roomOf(path) ?? []).filter((other) => other !== room);
    const may = room === null ? null : ROOMS[room];
    const wrong = others.filter((other) =>
      may === undefined || may === null ? other === 'cli' : !may.includes(other),
    );
    expect(wrong).toEqual([]);
  });

  it('imports only what the package has', () => {
    expect(local.filter((other) => !other.startsWith('src/') && other !== 'package.json')).toEqual([]);
  });

  it('imports packages only where they belong', () => {
    const packages = imports.filter(
      (specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'),
    );
    const placesOf = (name: string): readonly string[] => [PACKAGES[name] ?? '(nowhere)'].flat();
    expect(packages.filter((name) => !placesOf(name).some((place) => path.startsWith(place)))).toEqual([]);
  });

  if (room === null || !PURE.includes(room)) return;
  it('is pure', () => {
    const code = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(imports.filter((specifier) => specifier.startsWith('node:'))).toEqual([]);
    expect(IMPURE.exec(code)?.[0]).toBeUndefined();
  });
});
