/**
 * Runs the tables of all extensions: beside src/iptables/match/NAME.ts (or target/NAME.ts) stands NAME.spec.txt.
 *
 *     # a comment, at the start of a line only
 *     @chain PREROUTING            where the following rules stand; left out: the extension's placement, else filter INPUT
 *     @table mangle                forgets the chain
 *     @ipset create BLUE hash:ip   (target and set tables) what the real tool needs before it takes the rules
 *     @before -j TARGET …           a rule that the real tool needs in the chain before it takes the others
 *     @optional                    kernels may be built without it: compared only where the real tool takes its first rule,
 *                                  and the run says where it does not
 *     @never no                    no packet can have that result, so the table need not show it
 *
 *     RULE ; = ; OK                read and printed, RULE is as it was       (RULE is what follows `-A CHAIN`)
 *     RULE ; CANONICAL ; OK        read and printed, it becomes CANONICAL
 *     RULE ; ; FAIL                it is refused, here and by the real tool
 *     RULE ; = ; OK ; 6            only ip6tables (4: only iptables); left out: every family of the extension
 *     RULE ; = ; OK ; 4 ; nft      the kernel test compares with that variant of the tool alone (or `legacy`)
 *
 *     RULE | PACKET | yes          all matches of RULE together say yes; PACKET is words of test/support/view.ts
 *     RULE | PACKET | no | NO_X    the first match that said no gives NO_X as its reason (the id may be left out)
 *     RULE | PACKET | open | UNK_X an open question
 *     RULE | PACKET | continue mark=0x5    (targets) the verdict, then effects with the value that results:
 *                                  mark= ctmark= tos= (hex) ttl= zone= helper= notrack; `reject WITH`; `nat SNAT
 *                                  addresses=A-B ports=N-M base=N network=P random random-fully persistent`; `tproxy …`
 *
 * Blanks stand around `;` and `|`. PACKET's protocol is the rule's own, and its hook the chain, unless it says otherwise.
 * A table has an OK row; a FAIL row if there are options; an inverted OK row if an option can be; a match has packets
 * with yes and with no. Rows may not repeat. test/kernel/spec.test.ts takes the same rows to the real tools.
 */
import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Family } from '../src/address/address.js';
import type { MatchExtension, TargetExtension } from '../src/iptables/extension.js';
import { EXTENSIONS } from '../src/iptables/registry.js';
import { type ReadRule, type FullPlace, applyTarget, askMatches, hookOf, placeOf } from './support/rule.js';
import { plainRead } from './support/plain-reader.js';
import { type PacketRow, type Spec, allSpecs, folder } from './support/spec.js';
import { scene } from './support/view.js';

const read = (rule: string, family: Family, _place: FullPlace): ReadRule => plainRead(rule, family);

const messages = new Set<string>();
beforeAll(async () => {
  const folderUrl = new URL('../src/explain/messages/en/', import.meta.url);
  for (const file of readdirSync(folderUrl).filter((name) => name.endsWith('.ts'))) {
    const module: unknown = await import(new URL(file, folderUrl).href);
    for (const catalogue of Object.values(Object(module) as object))
      Object.keys(Object(catalogue) as object).forEach((id) => messages.add(id));
  }
});

function extensionsOf(spec: Spec): readonly (MatchExtension | TargetExtension)[] {
  const all = spec.kind === 'match' ? EXTENSIONS.matches : EXTENSIONS.targets;
  return all.filter((one) => one.name === spec.name);
}

function repeated(keys: readonly string[]): string[] {
  return keys.filter((key, at) => keys.indexOf(key) !== at);
}

/** The table's own completeness. */
function complete(spec: Spec, extension: MatchExtension | TargetExtension): void {
  const options = Object.values(extension.options);
  const accepted = spec.forms.filter((row) => row.canonical !== null);
  expect(accepted.length, 'OK rows').toBeGreaterThan(0);
  if (options.length > 0) expect(spec.forms.length - accepted.length, 'FAIL rows').toBeGreaterThan(0);
  const invertible = options
    .filter((option) => option.invert === true)
    .flatMap((option) => [option.flag, ...(option.aliases ?? [])]);
  if (invertible.length > 0)
    expect(
      accepted.some((row) => invertible.some((flag) => `${row.rule} `.includes(`! ${flag} `))),
      'an inverted OK row',
    ).toBe(true);
  const results = spec.packets.map((row) => row.result);
  if (spec.kind === 'match')
    for (const result of ['yes', 'no'])
      expect(results.includes(result), `a packet with "${result}"`).toBe(!spec.never.has(result));
  const forms = spec.forms.map(
    (row) => `${JSON.stringify(row.place)} ${row.rule} ; ${String(row.family)} ${String(row.backend)}`,
  );
  const packets = spec.packets.map((row) => `${JSON.stringify(row.place)} ${row.rule} | ${row.packet}`);
  expect(repeated([...forms, ...packets]), 'repeated rows').toEqual([]);
}

function familyOfRow(row: PacketRow, extension: MatchExtension | TargetExtension): Family {
  const given =
    /(?:^|\s)family=([46])/.exec(row.packet)?.[1] ??
    (/(?:^|\s)(?:src|dst)=\S*:/.test(row.packet) ? '6' : null);
  const family: Family = given === null ? (extension.families[0] ?? 4) : given === '6' ? 6 : 4;
  return family;
}

function packetCase(spec: Spec, row: PacketRow, extension: MatchExtension | TargetExtension): void {
  const place = placeOf(row.place, extension);
  const family = familyOfRow(row, extension);
  const rule = read(row.rule, family, place);
  const at = scene(row.packet, {
    hook: hookOf(place.chain),
    family,
    ...(rule.protocol === null ? {} : { protocol: rule.protocol }),
  });
  if (spec.kind === 'target') {
    expect(rule.target === null ? 'no target' : applyTarget(rule.target, at)).toBe(row.result);
    return;
  }
  const { answer, reason } = askMatches(rule, at);
  expect(answer === true ? 'yes' : answer === false ? 'no' : 'open').toBe(row.result);
  if (reason !== null) expect(messages, 'the English catalogue').toContain(reason);
  if (row.reason !== null) expect(reason).toBe(row.reason);
}

describe('every extension', () => {
  for (const kind of ['match', 'target'] as const) {
    const { sources, tables } = folder(kind);
    it(`in ${kind}/ has its table beside it, and no table stands alone`, () => {
      expect(tables).toEqual(sources);
    });
    it(`in ${kind}/ has the name of its file, and no name occurs twice`, () => {
      const names = (kind === 'match' ? EXTENSIONS.matches : EXTENSIONS.targets)
        .map((one) => one.name)
        .sort();
      expect(names).toEqual(sources);
    });
  }

  it('that is partial says what is missing, and names the kernel source that it follows', () => {
    for (const one of [...EXTENSIONS.matches, ...EXTENSIONS.targets]) {
      expect(one.support === 'partial', one.name).toBe(one.missing !== '');
      expect(one.kernel, one.name).toMatch(/\.[ch]\b/);
    }
  });
});

for (const spec of allSpecs()) {
  describe(spec.file, () => {
    for (const extension of extensionsOf(spec)) {
      it('is complete', () => {
        complete(spec, extension);
      });
      for (const row of spec.forms) {
        for (const family of row.family === null ? extension.families : [row.family]) {
          it(`${String(row.line)}: ${row.rule} (${String(family)}) ${row.canonical === null ? 'is refused' : 'prints in canonical form'}`, () => {
            const place = placeOf(row.place, extension);
            if (row.canonical === null) {
              expect(() => read(row.rule, family, place)).toThrow();
              return;
            }
            expect(read(row.rule, family, place).text).toBe(row.canonical);
            expect(read(row.canonical, family, place).text).toBe(row.canonical);
          });
        }
      }
      for (const row of spec.packets) {
        it(`${String(row.line)}: ${row.rule} | ${row.packet} | ${row.result}`, () => {
          packetCase(spec, row, extension);
        });
      }
    }
  });
}
