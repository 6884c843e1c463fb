/** `natwalk show`: what was read, printed back in the tools' own canonical form. */
import { type MessageId, message } from '../explain/messages/index.js';
import { type RuleSet, TABLES } from '../iptables/model.js';
import { ruleCount } from '../iptables/read/numbered-chains.js';
import type { Node } from '../packet/node.js';
import { printNode } from '../snapshot/print.js';
import type { Params } from '../source/diagnostic.js';
import { sanitizeLines } from '../explain/sanitize.js';
import { hang } from '../explain/width.js';
import { type Io, widthFor } from './io.js';
import { languageOf } from './language.js';
import type { CommonOptions } from './output.js';
import { readNode } from './read-node.js';
import { STATUS } from './status.js';

const FAMILIES = [4, 6] as const;

const TOOLS = { 4: 'iptables', 6: 'ip6tables' } as const;

/** A family's rule set, or both of them, each with the name of its tool. */
function variants(ruleSet: RuleSet): readonly (RuleSet & { readonly tool: string })[] {
  const tool = TOOLS[ruleSet.family];
  if (ruleSet.other === undefined) return [{ ...ruleSet, tool }];
  return [ruleSet, ruleSet.other].map((one) => ({ ...one, tool: `${tool}-${one.backend ?? 'legacy'}` }));
}

/** The tables of an nft listing, those of iptables-nft too. */
function nftLines({ nft }: Node, say: (id: MessageId, params?: Params) => string): readonly string[] {
  return (nft?.tables ?? []).map(({ family, name, chains }) => {
    const rules = [...chains.values()].reduce((sum, chain) => sum + chain.rules.length, 0);
    return say('SHOW_SUMMARY_RULES', { tool: 'nft', table: `${family} ${name}`, chains: chains.size, rules });
  });
}

/** Counts of what was read, a line each. */
function summaryLines(node: Node, say: (id: MessageId, params?: Params) => string): string[] {
  const lines: string[] = [];
  for (const family of FAMILIES) {
    for (const { tables, unknown, tool } of variants(node.ruleSets[family])) {
      for (const table of TABLES) {
        const shown = tables.get(table);
        if (unknown.has(table)) {
          if (family === 4) lines.push(say('SHOW_SUMMARY_UNKNOWN', { tool, table }));
        } else if (shown !== undefined && shown.chains.size > 0) {
          const counts = { chains: shown.chains.size, rules: ruleCount(shown) };
          lines.push(say('SHOW_SUMMARY_RULES', { tool, table, ...counts }));
        }
      }
    }
  }
  lines.push(...nftLines(node, say));
  for (const family of FAMILIES) {
    const { links, rules, tables } = node.networks[family];
    const addresses = [...links.values()].flatMap((link) =>
      link.addresses.filter(({ address }) => (typeof address === 'bigint' ? 6 : 4) === family),
    );
    const routes = [...tables.values()].reduce((sum, table) => sum + table.length, 0);
    lines.push(
      say('SHOW_SUMMARY_NETWORK', {
        family,
        links: links.size,
        addresses: addresses.length,
        rules: rules.length,
        routes,
        tables: tables.size,
      }),
    );
  }
  lines.push(
    node.sets === null ? say('SHOW_SUMMARY_NO_SETS') : say('SHOW_SUMMARY_SETS', { sets: node.sets.size }),
    ...(node.connections === null
      ? []
      : [say('SHOW_SUMMARY_CONNECTIONS', { entries: node.connections.length })]),
    say('SHOW_SUMMARY_SYSCTLS', { sysctls: node.sysctls.size }),
  );
  return lines;
}

/** Runs the command. @returns the exit status */
export async function showCommand(
  path: string,
  options: CommonOptions & { readonly summary?: true },
  io: Io,
): Promise<number> {
  const language = languageOf(io, options);
  const node = await readNode(path, io, options, null);
  const width = widthFor(io.stdout);
  const text =
    options.summary === true
      ? summaryLines(node, (id, params = {}) => message(id, params, language))
          .flatMap((line) => hang('', 2, line, width))
          .map((line) => `${line}\n`)
          .join('')
      : printNode(node);
  await io.stdout.write(io.stdout.isTerminal ? sanitizeLines(text) : text);
  return STATUS.done;
}
