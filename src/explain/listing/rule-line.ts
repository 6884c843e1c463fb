/** Rules and chains as `iptables -L -n -v` prints them (iptables/xshared.c and iptables.c of iptables 1.8.9). */
import type { Family } from '../../address/address.js';
import { formatPrefix } from '../../address/prefix.js';
import type { Chain, Counters, Header, Invertible, Rule, RuleMatch } from '../../iptables/model.js';
import { printRuleBody } from '../../iptables/print.js';
import { sanitize } from '../sanitize.js';
import { MATCH_WORDS } from './matches.js';
import { optionsOf } from './options.js';
import { TARGET_WORDS } from './targets.js';

/** A number of packets or bytes: from 100000 on it is rounded. */
export function countText(count: number): string {
  if (count <= 99_999) return String(count);
  let rounded = count;
  for (const unit of ['K', 'M', 'G', 'T']) {
    rounded = Math.floor((rounded + 500) / 1000);
    if (rounded <= 9_999 || unit === 'T') return `${String(rounded)}${unit}`;
  }
  return String(count);
}

/** The line above the rules of a chain. */
export const COLUMNS =
  ' pkts bytes target     prot opt in     out     source               destination         ';

/** The line above them: a policy with its counters, or how many rules lead there. */
export function chainLine({ name, policy }: Chain, counters: Counters, references: number): string {
  const words =
    policy === null
      ? `${String(references)} references`
      : `policy ${policy} ${countText(counters.packets)} packets, ${countText(counters.bytes)} bytes`;
  return sanitize(`Chain ${name} (${words})`);
}

function address(given: Header['source'], family: Family): string {
  if (given === null) return family === 4 ? ' 0.0.0.0/0' : ' ::/0';
  const { value, inverted } = given;
  const text = 'hostName' in value ? value.hostName : formatPrefix(value);
  return `${inverted ? '!' : ' '}${text.replace(family === 4 ? /\/32$/ : /\/128$/, '')}`;
}

const device = (given: Invertible<string> | null): string =>
  given === null ? '*' : `${given.inverted ? '!' : ''}${given.value}`;

/** Words of a match; one that is not known here stands as -S prints it. */
function matchWords(match: RuleMatch, rule: Rule): string {
  const name = 'opaque' in match ? match.name : match.extension.name;
  const words = 'opaque' in match ? undefined : MATCH_WORDS.get(name);
  if (words !== undefined) return words(optionsOf(match.text), match.text);
  return printRuleBody({ ...rule, header: NO_HEADER, matches: [match], action: { kind: 'none' } });
}

const NO_HEADER: Header = {
  ...{
    source: null,
    destination: null,
    inInterface: null,
    outInterface: null,
    protocol: null,
    fragment: null,
  },
};

function targetOf({ action }: Rule): { readonly name: string; readonly words: string } {
  switch (action.kind) {
    case 'none':
      return { name: '', words: '' };
    case 'chain':
      return { name: action.chain, words: '' };
    case 'opaque':
      return { name: action.name, words: action.text };
    case 'target': {
      const { text } = action.target;
      const { name } = action.target.extension;
      return {
        name: name === 'NOTRACK' ? 'CT' : name,
        words: TARGET_WORDS.get(name)?.(optionsOf(text), text) ?? text,
      };
    }
  }
}

/** A rule's line; with the blanks at its end that the tool prints. */
export function ruleLine(rule: Rule, counters: Counters, family: Family): string {
  const { header, action } = rule;
  const { name, words } = targetOf(rule);
  const { protocol, fragment } = header;
  const counts = `${countText(counters.packets).padStart(5)} ${countText(counters.bytes).padStart(5)} `;
  const prot = `${protocol?.inverted === true ? '!' : ' '}${String(protocol?.value ?? 0).padEnd(4)} `;
  const opt = fragment === null ? '--' : fragment.inverted ? '!f' : '-f';
  const ends = [header.source, header.destination]
    .map((end) => `${address(end, family).padEnd(20)} `)
    .join('');
  const devices = ` ${device(header.inInterface).padEnd(6)} ${device(header.outInterface).padEnd(6)} `;
  const goto = action.kind === 'chain' && action.goto ? '[goto] ' : '';
  const rest = [...rule.matches.map((match) => matchWords(match, rule)), words].filter((word) => word !== '');
  return sanitize(
    `${counts}${name.padEnd(9)} ${prot}${opt} ${devices}${ends}${goto}${rest.map((word) => ` ${word}`).join('')}`,
  );
}
