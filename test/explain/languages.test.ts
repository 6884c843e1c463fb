/** The known walks in every language and at two widths, as files that a reviewer can read beside each other. */
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coloured } from '../../src/explain/colour.js';
import { factsOf } from '../../src/explain/facts.js';
import { LANGUAGES, type Language, message } from '../../src/explain/messages/index.js';
import { renderText } from '../../src/explain/text.js';
import type { Facts } from '../../src/explain/view.js';
import { widthOf } from '../../src/explain/width.js';
import type { TraceResult } from '../../src/packet/result.js';
import { FlowTracer, trace } from '../../src/packet/trace.js';
import { nodeOf } from '../support/node.js';
import { byFixture } from '../walks/all.js';
import { packetsOf } from '../walks/case.js';
import { ends, router } from './ends.js';

const WIDTHS = [80, 100] as const;

/** How many walks of a fixture are kept as files; all walks are held to the rules below. */
const SHOWN: Readonly<Record<string, number>> = {
  'eks-node': 27,
  'rp-ens6-strict': 3,
  'sgp-strict': 3,
  'kube-proxy-nft': 5,
  'mixed-backends': 2,
  ends: ends.length,
};

interface Walk {
  readonly title: string;
  readonly result: TraceResult;
  readonly facts: Facts;
}

/** A packet for each end; and the first packet of each case, on the first fixture that it runs on. */
function walksOf(): ReadonlyMap<string, readonly Walk[]> {
  const told = new Set<string>();
  const facts = factsOf(router);
  const found = new Map<string, readonly Walk[]>();
  found.set(
    'ends',
    ends.map(([title, packet]) => ({
      title,
      result: trace(router, packet, { reply: true, allRules: true }),
      facts,
    })),
  );
  for (const [fixture, cases] of byFixture) {
    const fresh = cases.filter(({ id, title }) => !told.has(`${id} ${title}`));
    if (fresh.length === 0) continue;
    const node = nodeOf(fixture);
    const own = factsOf(node);
    const walks = fresh.flatMap((one) => {
      const title = `${one.id} ${one.title}`;
      told.add(title);
      const [packet] = packetsOf(one);
      return packet === undefined ? [] : [{ title, result: new FlowTracer(node).next(packet), facts: own }];
    });
    found.set(basename(fixture), walks);
  }
  return found;
}

const walks = walksOf();
const every = [...walks.values()].flat();

const render = ({ result, facts }: Walk, language: Language, width: number, allRules = false): string =>
  renderText(result, { facts, language, width, allRules });

describe.each(LANGUAGES)('in %s', (language) => {
  describe.each(WIDTHS)('at %i columns', (width) => {
    it.each(Object.entries(SHOWN))('the walks of %s', async (name, count) => {
      const shown = (walks.get(name) ?? []).slice(0, count);
      expect(shown).toHaveLength(count);
      const text = shown.map((walk) => `## ${walk.title}\n${render(walk, language, width)}\n`).join('');
      await expect(text).toMatchFileSnapshot(`goldens/languages/${name}.${language}.${String(width)}.txt`);
    });

    it('no line is wider', () => {
      for (const walk of every) {
        for (const allRules of [false, true]) {
          for (const line of render(walk, language, width, allRules).split('\n'))
            expect(widthOf(line), line).toBeLessThanOrEqual(width);
        }
      }
    });

    it('every row has its columns where the header has them', () => {
      for (const walk of every) expectAligned(render(walk, language, width), language);
    });
  });

  it('no glyph has a width that depends on the terminal', () => {
    for (const walk of every) expect(render(walk, language, 100, true)).toMatch(/^[\n\x20-\x7e가-힣]*$/u);
  });

  it('colours add nothing but escapes', () => {
    const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
    for (const { result, facts } of every) {
      const painted = renderText(result, { facts, language, paint: coloured });
      expect(painted.replace(escapes, '')).toBe(renderText(result, { facts, language }));
    }
  });

  it('every placeholder is filled', () => {
    for (const walk of every)
      expect(render(walk, language, 100, true)).not.toMatch(/\{\w+\}|undefined|\[object/);
  });
});

it('packets end in every way', () => {
  const outcomes = (walks.get('ends') ?? []).flatMap(({ result }) => result.outcomes);
  expect(new Set(outcomes.map(({ verdict }) => verdict))).toEqual(
    new Set(['forwarded', 'sent', 'delivered', 'dropped', 'rejected', 'unroutable']),
  );
  expect(router.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
});

it('there are 30 walks or more as files', () => {
  expect(Object.values(SHOWN).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(30);
});

/** What stands in each cell of a line; a wide character has its second cell empty. */
function cellsOf(line: string): readonly string[] {
  return [...line].flatMap((character) => (widthOf(character) === 2 ? [character, ''] : [character]));
}

/** Numbers of rules end two cells before the results begin. */
function expectAligned(text: string, language: Language): void {
  const lines = text.split('\n');
  const heads = (['COLUMN_WHERE', 'COLUMN_RULE', 'COLUMN_RESULT'] as const).map((id) =>
    message(id, {}, language),
  );
  const at = lines.findIndex((line) => heads.every((head) => line.includes(head)));
  const header = lines[at] ?? '';
  const start = widthOf(header.slice(0, header.indexOf(`  ${heads[2] ?? ''}  `) + 2));
  const end = lines.indexOf('', at);
  expect(end).toBeGreaterThan(at + 1);
  for (const line of lines.slice(at + 1, end)) {
    const cells = cellsOf(line);
    expect(line).toMatch(/^ {0,2}\d+ /);
    expect(cells.slice(start - 2, start), line).toEqual([' ', ' ']);
    expect(cells[start - 3], line).toMatch(/[\d-]/);
  }
}

/** What a walk tells that no language may change: addresses, marks, chains of Kubernetes and AWS, places in files. */
function facts(text: string): readonly string[] {
  const found = text.match(
    /\d+\.\d+\.\d+\.\d+(?::[\d-]+)?|0x[\da-f]+|\b(?:KUBE|AWS)-[\w-]+|[\w-]+\.txt:\d+/g,
  );
  return [...(found ?? [])].sort();
}

it('the languages tell the same', () => {
  for (const walk of every)
    expect(facts(render(walk, 'ko', 1000, true))).toEqual(facts(render(walk, 'en', 1000, true)));
});
