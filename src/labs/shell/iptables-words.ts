/** What iptables says of rules that it refuses, where that is simple; else the finding of the reader. */
import type { Problem } from '../../iptables/read/problem.js';
import type { Params } from '../../source/diagnostic.js';

const text = (params: Params, name: string): string => String(params[name] ?? '');

/** The option before a value of the rule. */
function optionBefore(rule: string, at: number): string {
  return rule.slice(0, at).trim().split(/\s+/).at(-1) ?? '';
}

/** Behind the title of the tool: its own sentence, else that of the catalogue. */
export function problemText(
  { code, params, from, to }: Problem,
  rule: string,
  tell: (code: string, params: Params) => string,
): string {
  const part = rule.slice(from, to);
  switch (code) {
    case 'RULE_UNKNOWN_OPTION':
    case 'RULE_OPTION':
    case 'RULE_OPTION_MEANT':
      return `unknown option "${text(params, 'option')}"`;
    case 'RULE_ADDRESS':
      return `host/network \`${text(params, 'text')}' not found`;
    case 'RULE_MASK':
      return `invalid mask \`${text(params, 'text')}' specified`;
    case 'RULE_PROTOCOL':
      return `unknown protocol "${text(params, 'text')}" specified`;
    case 'RULE_UNKNOWN_MATCH':
      return `Couldn't load match \`${text(params, 'name')}':No such file or directory\n`;
    case 'RULE_UNKNOWN_TARGET':
      return `Couldn't load target \`${text(params, 'name')}':No such file or directory\n`;
    case 'RULE_VALUE_MISSING':
      return `option "${text(params, 'flag')}" requires an argument`;
    case 'RULE_STRAY':
      return `Bad argument \`${text(params, 'word')}'`;
    case 'RULE_REPEATED':
      return `multiple ${text(params, 'flag')} options not allowed`;
    case 'RULE_NEEDS_PROTOCOL':
      return `unknown option "${part}"`;
    default:
      if (code.includes('PORT') || /^--[ds]ports?$/.test(optionBefore(rule, from)))
        return `invalid port/service \`${part}' specified`;
      return tell(code, params);
  }
}
