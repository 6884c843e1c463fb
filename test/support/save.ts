/** Blocks of iptables-save, for nodes made of texts. */

/** A `*table … COMMIT` block with the table's built-in chains declared and the given lines. */
export function table(name: 'raw' | 'mangle' | 'nat' | 'filter' | 'security', lines: string): string {
  const chains = {
    raw: ['PREROUTING', 'OUTPUT'],
    mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
    nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
    filter: ['INPUT', 'FORWARD', 'OUTPUT'],
    security: ['INPUT', 'FORWARD', 'OUTPUT'],
  }[name];
  const declared = new Set([...lines.matchAll(/^:(\S+)/gm)].map(([, chain]) => chain));
  const missing = chains.filter((chain) => !declared.has(chain)).map((chain) => `:${chain} ACCEPT [0:0]`);
  return `*${name}\n${[...missing, lines.trim()].filter((line) => line !== '').join('\n')}\nCOMMIT\n`;
}
