/** What the real iptables makes of a dump: loaded into a namespace of its own and saved again. */
import { spawnSync } from 'node:child_process';

export type Backend = 'legacy' | 'nft';

/** How many refused lines are left out before a dump is given up. */
const PATIENCE = 40;

/** Restore input from a dump: an iptables-save as it is, a `-S` list as the save of its table. */
export function restoreInput(text: string, table: string): string {
  const lines = text.replace(/\r/g, '').split('\n');
  if (lines.some((line) => line.startsWith('*'))) return lines.join('\n');
  const body = lines.flatMap((line) => {
    const found = /^-([PN]) (\S+)(?: (\S+))?/.exec(line);
    if (found !== null)
      return [`:${found[2] ?? ''} ${found[1] === 'P' ? (found[3] ?? 'ACCEPT') : '-'} [0:0]`];
    return line.startsWith('-A ') ? [line] : [];
  });
  return [`*${table}`, ...body, 'COMMIT', ''].join('\n');
}

/**
 * The dump as the tool prints it back, and the input without the lines that the tool refused; null when too little of
 * it is accepted to tell.
 */
export function printedBack(
  input: string,
  family: 4 | 6,
  backend: Backend,
): { readonly accepted: string; readonly saved: string } | null {
  const tool = `${family === 4 ? 'iptables' : 'ip6tables'}-${backend}`;
  const lines = input.split('\n');
  for (let attempt = 0; attempt <= PATIENCE; attempt++) {
    const accepted = lines.join('\n');
    const script = `${tool}-restore -c < /dev/stdin && ${tool}-save`;
    const ended = spawnSync('unshare', ['--net', 'sh', '-c', script], {
      input: accepted.endsWith('\n') ? accepted : `${accepted}\n`,
      encoding: 'latin1',
      maxBuffer: 1 << 28,
    });
    if (ended.status === 0) return { accepted, saved: ended.stdout };
    const at = Number(/line:? (\d+)/.exec(ended.stderr)?.[1]);
    const refused = lines[at - 1];
    if (refused === undefined || (!refused.startsWith('-A') && !refused.startsWith('['))) return null;
    lines[at - 1] = '';
  }
  return null;
}

/** The rules of a save by table and chain. */
export function rulesByChain(save: string): Map<string, string[]> {
  const chains = new Map<string, string[]>();
  let table = '';
  for (const line of save.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    const found = /^(?:\[\d+:\d+\] )?(-A (\S+).*)$/.exec(line);
    if (found === null) continue;
    const key = `${table} ${found[2] ?? ''}`;
    const rules = chains.get(key) ?? [];
    rules.push(found[1] ?? '');
    chains.set(key, rules);
  }
  return chains;
}
