/**
 * Where the kernel takes a target, and whether taking it starts connection tracking, against what the targets say of
 * themselves. The rules are the first ones of the tables beside the targets, behind an interface that is not there.
 */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Family } from '../../src/address/address.js';
import type { Demands } from '../../src/iptables/extension.js';
import { BUILTIN_CHAINS, TABLES } from '../../src/iptables/model.js';
import { findTarget } from '../../src/iptables/registry.js';
import type { Hook, TableName } from '../../src/iptables/view.js';
import { plainRead } from '../support/plain-reader.js';
import { hookOf, placeOf } from '../support/rule.js';
import { allSpecs } from '../support/spec.js';

const namespace = `natwalk-demands-${String(process.pid)}`;

function inside(command: readonly string[], input = ''): { readonly ok: boolean; readonly out: string } {
  const done = spawnSync('ip', ['netns', 'exec', namespace, ...command], { input, encoding: 'utf8' });
  return { ok: done.status === 0, out: done.stdout };
}

const restore = (family: Family): string =>
  family === 4 ? 'iptables-legacy-restore' : 'ip6tables-legacy-restore';

interface Subject {
  readonly name: string;
  readonly family: Family;
  readonly rule: string;
  readonly table: TableName;
  readonly hook: Hook;
  readonly demands: Demands;
}

/** One rule for each way in which a target's demands can be. */
const subjects: readonly Subject[] = allSpecs().flatMap((spec) => {
  if (spec.kind !== 'target' || spec.optional) return [];
  const seen = new Set<string>();
  return spec.forms.flatMap((row): Subject[] => {
    const family = row.family ?? 4;
    const extension = findTarget(spec.name, family);
    if (extension === null || row.canonical === null || row.backend === 'nft') return [];
    const { target } = plainRead(row.rule, family);
    if (target === null) return [];
    const key = JSON.stringify([family, target.demands.placement, target.demands.needsConntrack]);
    if (seen.has(key)) return [];
    seen.add(key);
    const { table, chain } = placeOf(row.place, extension);
    return [{ name: spec.name, family, rule: row.rule, table, hook: hookOf(chain), demands: target.demands }];
  });
});

function load({ family, rule }: Subject, table: TableName, hook: Hook): boolean {
  const device = hook === 'OUTPUT' || hook === 'POSTROUTING' ? '-o none0' : '-i none0';
  return inside([restore(family)], `*${table}\n-A ${hook} ${device} ${rule}\nCOMMIT\n`).ok;
}

const clear = (family: Family, table: TableName): boolean =>
  inside([restore(family)], `*${table}\nCOMMIT\n`).ok;

/** iptables-legacy's own limits, which the kernel and iptables-nft do not have. */
function legacyOnly(name: string, table: TableName): boolean {
  return (name === 'TRACE' && table !== 'raw') || (name === 'DROP' && table === 'nat');
}

beforeAll(() => {
  expect(spawnSync('ip', ['netns', 'add', namespace]).status).toBe(0);
  inside(['ip', 'link', 'set', 'lo', 'up']);
  for (const words of new Set(allSpecs().flatMap((spec) => spec.ipsets)))
    inside(['ipset', ...words.split(' ')]);
});
afterAll(() => {
  spawnSync('ip', ['netns', 'del', namespace]);
});

describe('the kernel takes a target', () => {
  for (const subject of subjects) {
    it(`where it says: ${subject.rule} (${String(subject.family)})`, () => {
      const { tables, hooks } = subject.demands.placement;
      for (const table of TABLES) {
        for (const hook of BUILTIN_CHAINS[table]) {
          if (legacyOnly(subject.name, table)) continue;
          const wanted = (tables?.includes(table) ?? true) && (hooks?.includes(hook) ?? true);
          expect(load(subject, table, hook), `${table} ${hook}`).toBe(wanted);
        }
        clear(subject.family, table);
      }
    });
  }
});

describe('connection tracking', () => {
  for (const subject of subjects) {
    const { needsConntrack } = subject.demands;
    it(`${needsConntrack ? 'starts' : 'does not start'} by ${subject.rule} (${String(subject.family)})`, () => {
      expect(load(subject, subject.table, subject.hook)).toBe(true);
      inside(['bash', '-c', `echo x > /dev/udp/${subject.family === 4 ? '127.0.0.1' : '::1'}/9`]);
      const { out } = inside(['conntrack', '-L', '-f', `ipv${String(subject.family)}`]);
      expect(out !== '').toBe(needsConntrack);
      inside(['conntrack', '-F']);
      clear(subject.family, subject.table);
    });
  }
});
