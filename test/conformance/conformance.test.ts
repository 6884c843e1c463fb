/** Holds docs/CONFORMANCE.md against the last run that was kept, if one was, and that run against what natwalk promises. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documentOf, totalsOf } from '../kernel/soak/conformance.js';
import { PROFILES } from '../kernel/soak/profiles.js';
import type { Conformance } from '../kernel/soak/record.js';
import { unproved } from '../kernel/soak/unproved.js';

const placeOf = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const read = (path: string): string => readFileSync(placeOf(path), 'utf8');
const RECORD = 'test/conformance/record.json';
const DOCUMENT = 'docs/CONFORMANCE.md';
const kept = existsSync(placeOf(RECORD));

it('a document of a run is kept with its record, or neither is', () => {
  expect(existsSync(placeOf(DOCUMENT))).toBe(kept);
});

describe.runIf(kept)('the run that was kept', () => {
  const record = (kept ? JSON.parse(read(RECORD)) : { rows: [] }) as Conformance;
  const totals = totalsOf(record);

  it('the document says what the last run counted, of the extensions that there are', () => {
    expect(read(DOCUMENT)).toBe(documentOf(record, unproved(record)));
  });

  it('every packet is in one count', () => {
    for (const { packets, agree, wrong, drawn, hedged, refused, skipped } of record.rows) {
      const others = [drawn, hedged, refused, skipped]
        .flatMap((counts) => Object.values(counts))
        .reduce((a, b) => a + b, 0);
      expect(agree + wrong + others).toBe(packets);
    }
  });

  it('all profiles, families and backends were run', () => {
    const wanted = PROFILES.flatMap(({ name, families }) =>
      families.flatMap((family) =>
        ['legacy', 'nft'].map((backend) => `${name} ${String(family)} ${backend}`),
      ),
    );
    expect(
      record.rows.map(({ profile, family, backend }) => `${profile} ${String(family)} ${backend}`),
    ).toEqual(wanted);
  });

  it('of 200,000 packets none was wrong, under one in 200 hedged, and few refused or skipped', () => {
    expect(totals.packets).toBeGreaterThanOrEqual(200_000);
    expect(totals.wrong).toBe(0);
    expect(totals.hedged / totals.packets).toBeLessThan(0.005);
    expect((totals.refused + totals.skipped) / totals.packets).toBeLessThan(0.02);
  });

  it('what was not put to the kernel has a reason', () => {
    expect(unproved(record).filter(({ why }) => why === '')).toEqual([]);
  });

  it('the run judged at least 5,000 packets a minute', () => {
    expect((totals.packets / record.seconds) * 60).toBeGreaterThanOrEqual(5000);
  });
});
