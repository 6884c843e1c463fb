/** Prints what soak runs counted. */
import { type Count, type Wrong } from './soak.js';

const share = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(3)} %`;
const sum = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);

function listed(
  counts: readonly Count[],
  which: 'drawn' | 'hedged' | 'refused' | 'skipped' | 'again',
): string[] {
  const all = new Map<string, number>();
  for (const count of counts)
    for (const [key, number] of count[which]) all.set(key, (all.get(key) ?? 0) + number);
  const packets = counts.reduce((total, count) => total + count.packets, 0);
  return [...all]
    .sort((a, b) => b[1] - a[1])
    .map(([key, number]) => `  ${String(number).padStart(8)}  ${share(number, packets).padStart(9)}  ${key}`);
}

function warnings(counts: readonly Count[]): string[] {
  const all = new Map<string, number>();
  for (const { warned } of counts)
    for (const [key, number] of warned) all.set(key, (all.get(key) ?? 0) + number);
  return [...all].map(([key, number]) => `  ${String(number).padStart(8)}  ${key}`);
}

/** A table of counts, and the causes of hedging, refusing and skipping. */
export function report(counts: readonly Count[]): string {
  const rows = counts.map((count) => {
    const { profile, setting, cases, packets, agree, wrongPackets, seconds } = count;
    const cells = [
      cases,
      packets,
      agree,
      sum(count.drawn),
      sum(count.hedged),
      wrongPackets,
      sum(count.refused),
      sum(count.skipped),
    ].map((cell) => String(cell).padStart(8));
    const speed = String(Math.round((packets / Math.max(seconds, 0.001)) * 60)).padStart(9);
    const name = profile.padEnd(9) + `IPv${setting.family} ${setting.backend}`.padEnd(12);
    return `${name}${cells.join(' ')} ${speed}`;
  });
  const head = `${'profile'.padEnd(9)}${'setting'.padEnd(12)}${['cases', 'packets', 'AGREE', 'DRAWN', 'HEDGED', 'WRONG', 'REFUSED', 'SKIPPED'].map((word) => word.padStart(8)).join(' ')}  per min`;
  const drawn = listed(counts, 'drawn');
  const hedged = listed(counts, 'hedged');
  const refused = listed(counts, 'refused');
  const examples = new Map(counts.flatMap((count) => [...count.examples]));
  const skipped = listed(counts, 'skipped');
  const warned = warnings(counts);
  const again = listed(counts, 'again');
  return [
    head,
    ...rows,
    ...(drawn.length > 0 ? ['DRAWN: the range is of a', ...drawn] : []),
    ...(hedged.length > 0 ? ['HEDGED by', ...hedged] : []),
    ...(refused.length > 0
      ? ['REFUSED by', ...refused, ...[...examples.values()].map((one) => `  e.g. ${one}`)]
      : []),
    ...(skipped.length > 0 ? ['SKIPPED because', ...skipped] : []),
    ...(warned.length > 0 ? ['WARNED, and loaded: cases', ...warned] : []),
    ...(again.length > 0 ? ['LOOKED AT AGAIN for', ...again] : []),
    ...counts
      .filter(({ stopped }) => stopped)
      .map(({ profile, setting }) => `STOPPED EARLY: ${profile} IPv${setting.family} ${setting.backend}`),
  ].join('\n');
}

/** A wrong case in full: what to load, what to send, what was seen. */
export function reproduction({ seed, at, result, why, smallest }: Wrong): string {
  const files = Object.entries(smallest.files).map(([name, text]) => `--- ${name}\n${text}`);
  const packets = smallest.packets.map((packet) => JSON.stringify(packet));
  return [
    `WRONG (seed ${seed}, case ${at}) ${JSON.stringify(result.packet)}`,
    why,
    ...files,
    '--- packets',
    ...packets,
    ...(smallest.scripts ?? []).map((script) => `script ${JSON.stringify(script)}`),
    '',
  ].join('\n');
}
