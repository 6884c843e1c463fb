/** Who of the page may know whom: what is shown knows words and types, and nothing of the engine. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const files = readdirSync('page', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:ts|svelte)$/.test(name) && !/\.test\.ts$|\.d\.ts$/.test(name))
  .map((name) => `page/${name}`);

/** Modules that are imported for more than their types. */
function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [
    ...text.matchAll(/^\s*(?:import|export)\s+(?!type\b)[^;'"]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'/gm),
  ].map(([, from, alone]) => from ?? alone ?? '');
}

const resolved = (from: string, specifier: string): string =>
  specifier.startsWith('.') ? new URL(specifier, `file:///${from}`).pathname.slice(1) : specifier;

const MAY: Readonly<Record<string, RegExp>> = {
  app: /^page\/(?:app|shared)\/|^src\/explain\/messages\/(?:fill\.js|(?:en|ko)\/page(?:-\w+)?\.js)$|^svelte$/,
  engine: /^page\/(?:engine|shared)\/|^src\/(?!snapshot\/files|cli\/)|^modern-tar$/,
  shared: /^page\/shared\//,
};

describe.each(files)('%s', (path) => {
  it('imports only what its room may know', () => {
    const room = path.split('/')[1] ?? '';
    const wrong = importsOf(path)
      .map((specifier) => resolved(path, specifier))
      .filter((other) => MAY[room]?.test(other) !== true);
    expect(wrong).toEqual([]);
  });

  it('puts no text of a dump into the document as markup', () => {
    expect(readFileSync(path, 'utf8')).not.toMatch(
      /\{@html|innerHTML|insertAdjacentHTML|document\.write|\beval\(/,
    );
  });
});
