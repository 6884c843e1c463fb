/** What the real iptables makes of a dump: loaded into a namespace of its own and saved again. */
import { spawnSync } from 'node:child_process';

export type Backend = 'legacy' | 'nft';

/** How many times a dump is tried with more and more refused lines left out. */
const PATIENCE = 60;

const TABLES = ['raw', 'mangle', 'nat', 'filter', 'security'];
/** Built-in chains and the targets that are no chains: everything else that `-j` names must be declared. */
const BUILTIN = /^(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;
const EXTENSION =
  /^(?:ACCEPT|DROP|RETURN|QUEUE|REJECT|LOG|ULOG|NFLOG|NFQUEUE|MARK|CONNMARK|SNAT|DNAT|MASQUERADE|REDIRECT|NETMAP|TPROXY|CT|NOTRACK|TRACE|TCPMSS|CHECKSUM|TOS|DSCP|TTL|HL|CLASSIFY|SET|AUDIT|SECMARK|CONNSECMARK|TEE|SYNPROXY|DNPT|SNPT)$/;
/** What a publisher put in the place of a value. */
const MASKED = /\bxx:|<[^>]*>|\.\.\.|!!!/i;

interface Block {
  readonly chains: Map<string, string>;
  readonly rules: string[];
}

/**
 * The rules of a dump as input for iptables-restore: one block for each table, with every chain declared, without
 * prompts, prose and masked values. A list without `*table` line is of `table`.
 */
export function restoreInput(text: string, table: string): string {
  const blocks = new Map<string, Block>();
  const block = (name: string): Block => {
    const known = blocks.get(name) ?? { chains: new Map<string, string>(), rules: [] };
    blocks.set(name, known);
    return known;
  };
  let current = table;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const named = /^\*(\w+)$/.exec(line)?.[1];
    if (named !== undefined && TABLES.includes(named)) current = named;
    const declared = /^(?:-([PN]) |:)(\S+)(?: (\S+))?/.exec(line);
    if (declared !== null) {
      const [, kind, chain = '', policy = '-'] = declared;
      block(current).chains.set(chain, kind === 'N' || !BUILTIN.test(chain) ? '-' : policy);
    }
    const rule = /^(?:\[\d+:\d+\] )?-A (\S+)/.exec(line);
    if (rule === null || MASKED.test(line)) continue;
    const { chains, rules } = block(current);
    const target = / -[jg] (\S+)/.exec(line)?.[1] ?? 'ACCEPT';
    for (const chain of [rule[1] ?? '', target]) {
      const plain = chain === target && EXTENSION.test(chain);
      if (!plain && !chains.has(chain)) chains.set(chain, BUILTIN.test(chain) ? 'ACCEPT' : '-');
    }
    rules.push(line);
  }
  return [...blocks]
    .map(([name, { chains, rules }]) => {
      const declarations = [...chains].map(([chain, policy]) => `:${chain} ${policy} [0:0]`);
      return [`*${name}`, ...declarations, ...rules, 'COMMIT', ''].join('\n');
    })
    .join('');
}

interface Attempt {
  readonly saved: string | null;
  /** Number of the line that was refused; NaN when the tool does not say. */
  readonly refused: number;
}

function attempt(input: string, tool: string): Attempt {
  const ended = spawnSync('unshare', ['--net', 'sh', '-c', `${tool}-restore -c && ${tool}-save`], {
    input,
    encoding: 'latin1',
    maxBuffer: 1 << 28,
  });
  if (ended.status === 0) return { saved: ended.stdout, refused: NaN };
  return { saved: null, refused: Number(/line:? (\d+)/.exec(ended.stderr)?.[1]) };
}

/** The first rule of a table that the kernel, not the tool, refuses: found by halves. */
function culprit(lines: readonly string[], commit: number, tool: string): number {
  let low = lines.lastIndexOf(lines.slice(0, commit).findLast((line) => line.startsWith('*')) ?? '', commit);
  let high = commit;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const part = lines.map((line, at) => (at > middle && at < commit && !line.startsWith(':') ? '' : line));
    if (attempt(part.slice(0, commit + 1).join('\n') + '\n', tool).saved === null) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The dump as the tool prints it back, and the input without the lines that the tool or the kernel refused; null when
 * it is refused for another reason than its rules.
 */
export function printedBack(
  input: string,
  family: 4 | 6,
  backend: Backend,
): { readonly accepted: string; readonly saved: string; readonly refused: number } | null {
  const tool = `${family === 4 ? 'iptables' : 'ip6tables'}-${backend}`;
  const lines = input.split('\n');
  for (let refused = 0; refused <= PATIENCE; refused++) {
    const accepted = lines.join('\n');
    const tried = attempt(accepted, tool);
    if (tried.saved !== null) return { accepted, saved: tried.saved, refused };
    const at = tried.refused - 1;
    const line = lines[at] ?? '';
    const wrong = line === 'COMMIT' ? culprit(lines, at, tool) : at;
    if (!/^(?:-A|\[)/.test(lines[wrong] ?? '')) return null;
    lines[wrong] = '';
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
