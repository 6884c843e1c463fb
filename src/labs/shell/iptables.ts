/** `iptables` and its kin on the emulated node: listings from its tables, and changes that are read as dumps are. */
import type { Family } from '../../address/address.js';
import { COLUMNS, chainLine, countText, ruleLine } from '../../explain/listing/rule-line.js';
import { type Counters, type Rule, TABLES } from '../../iptables/model.js';
import { dateText } from './clock.js';
import { printRuleBody } from '../../iptables/print.js';
import { plainWord } from '../../iptables/quoting.js';
import { readRuleParts } from '../../iptables/read/rule.js';
import type { TableName } from '../../iptables/view.js';
import { sanitize } from '../../explain/sanitize.js';
import type { Diagnostic } from '../../source/diagnostic.js';
import { Edit, NO_CHAIN, noRule } from './iptables-edit.js';
import { ArgsError, type IptablesArgs, readArgs } from './iptables-args.js';
import { problemText } from './iptables-words.js';
import { NOTHING, type Call, type Output, Unknown, lines, noted, refuse, unknownOption } from './output.js';
import type { ChainText, RuleTables, RuleText } from './rule-tables.js';

/** Which rule set a command works on, by its name. */
function tablesOf({ shell, name }: Call): RuleTables {
  const family: Family = name.startsWith('ip6') ? 6 : 4;
  const all = shell.machine.state.tables.filter((one) => one.family === family);
  const wanted = /-(legacy|nft)/.exec(name)?.[1];
  const found =
    wanted === undefined
      ? (all.find(({ backend }) => backend === 'nft') ?? all[0])
      : all.find(({ backend }) => backend === wanted || backend === null);
  if (found === undefined)
    throw new Unknown('LAB_SH_COMMAND', { command: name, known: 'iptables, ip6tables' });
  return found;
}

/** What iptables-nft says of tables that it does not show (iptables/nft.c, nft_check_xt_legacy). */
function warned({ shell }: Call, { isNft, family, tool }: RuleTables, output: Output, save = ''): Output {
  const isBeside = shell.machine.state.tables.some(
    (one) => one.family === family && one.backend === 'legacy',
  );
  if (!isNft || !isBeside) return output;
  const warning = `# Warning: ${tool}-legacy tables present, use ${tool}-legacy${save} to see them\n`;
  return { ...output, err: `${output.err}${warning}` };
}

/** A command's view of the tables: listings read them, changes work on a copy. */
class Iptables {
  readonly #call: Call;
  readonly #tables: RuleTables;
  readonly #args: IptablesArgs;

  constructor(call: Call, tables: RuleTables, args: IptablesArgs) {
    this.#call = call;
    this.#tables = tables;
    this.#args = args;
  }

  run(): Output {
    const { action } = this.#args;
    switch (action) {
      case 'V':
        return lines([this.#tables.title]);
      case 'S':
        return this.#noted(warned(this.#call, this.#tables, this.#rules()));
      case 'L':
        return this.#noted(warned(this.#call, this.#tables, this.#listing()));
      case 'C':
        return this.#check();
      case 'Z':
        return this.#zero();
      default:
        return this.#change();
    }
  }

  /** Tables that no dump shows are listed as if they were empty, which is said. */
  #noted(output: Output): Output {
    const { family, tool } = this.#tables;
    const { table } = this.#args;
    const isKnown = !this.#call.shell.machine.node.ruleSets[family].unknown.has(table);
    return noted(output, isKnown, `${tool} -t ${table}`, this.#call);
  }

  #short(text: string): Output {
    return refuse(`${this.#tables.tool}: ${text}`);
  }

  #usage(text: string, status = 2): Output {
    return refuse(usageText(this.#tables, text), status);
  }

  #shown(): readonly ChainText[] | Output {
    const { table, chain } = this.#args;
    if (chain === null) return this.#tables.chains(table);
    const found = this.#tables.chain(table, chain);
    if (found !== null) return [found];
    return this.#tables.isNft
      ? refuse(
          `${this.#tables.title}: chain \`${chain}' in table \`${table}' is incompatible, use 'nft' tool.`,
        )
      : this.#short(NO_CHAIN);
  }

  /** `-S`: policies and chains, then the rules. */
  #rules(): Output {
    const { verbose, number, zero, chain: only } = this.#args;
    const chains = this.#shown();
    if ('status' in chains) return chains;
    const counts = ({ packets, bytes }: Counters): string =>
      verbose ? ` -c ${String(packets)} ${String(bytes)}` : '';
    const heads = chains.map((chain) =>
      chain.policy === null
        ? `-N ${plainWord(chain.name)}`
        : `-P ${chain.name} ${chain.policy}${counts(chain)}`,
    );
    const rules = chains.flatMap((chain) =>
      chain.rules.map((rule) => `-A ${plainWord(chain.name)}${this.#ruleWords(rule, verbose)}`),
    );
    const shown = number === null ? [...heads, ...rules] : rules.slice(number - 1, number);
    if (zero) this.#tables.zero(this.#args.table, only);
    return lines(shown);
  }

  /** The rule as -S prints it: counters stand before the target. */
  #ruleWords(text: RuleText, verbose: boolean): string {
    const body = text.body === '' ? '' : ` ${text.body}`;
    if (!verbose) return body;
    const counts = ` -c ${String(text.packets)} ${String(text.bytes)}`;
    const parts = readRuleParts(text.body, this.#tables.family, (name) => this.#isChain(name));
    const [header] = parts.headers;
    if (header === undefined) return `${body}${counts}`;
    const before = printRuleBody({ header, matches: parts.matches, action: { kind: 'none' } });
    return `${before === '' ? '' : ` ${before}`}${counts}${body.slice(before === '' ? 0 : before.length + 1)}`;
  }

  #isChain(name: string): boolean {
    return this.#tables.chain(this.#args.table, name) !== null;
  }

  /** `-L`: the node's own rules beside their counters. */
  #listing(): Output {
    const { table, numeric, zero, chain: only } = this.#args;
    const chains = this.#shown();
    if ('status' in chains) return chains;
    if (!numeric && this.#hasNames(chains)) throw unknownOption(this.#call.name, '-L', '-L -n');
    const found = chains.map((chain) => this.#chainLines(chain));
    if (zero) this.#tables.zero(table, only);
    return lines(found.flatMap((one, at) => (at === 0 ? one : ['', ...one])));
  }

  /** Without -n the tool asks resolvers for names: only a listing without addresses is the same. */
  #hasNames(chains: readonly ChainText[]): boolean {
    return chains.some(({ rules }) => rules.some(({ body }) => /(?:^| )(?:-[sd]|--[sd]ports?) /.test(body)));
  }

  #chainLines(chain: ChainText): readonly string[] {
    const { verbose, exact, numbers, table, number } = this.#args;
    const read = this.#read(chain);
    const head = chainLine(read.chain, chain, this.#references(table, chain.name));
    const { family } = this.#tables;
    const place = (at: number): string => (numbers ? String(at).padEnd(5) : '');
    const rows = read.rules.flatMap((rule, at) => {
      if (number !== null && number !== at + 1) return [];
      const counted = chain.rules[at] ?? { packets: 0, bytes: 0 };
      const line = verbose ? ruleLine(rule, counted, family) : brief(rule, family);
      return [`${place(at + 1)}${verbose && exact ? exactCounts(line, counted) : line}`];
    });
    if (number !== null) return rows;
    return [
      verbose ? head : head.replace(/ \d+[KMGT]? packets, \d+[KMGT]? bytes\)$/, ')'),
      `${numbers ? 'num  ' : ''}${verbose ? (exact ? EXACT : COLUMNS) : BRIEF}`,
      ...rows,
    ];
  }

  /** The chain as the node's reader has it: its rules are those of the texts. */
  #read({ name, policy }: ChainText): {
    readonly chain: Parameters<typeof chainLine>[0];
    readonly rules: readonly Rule[];
  } {
    const { table } = this.#args;
    const { family, backend, isBeside } = this.#tables;
    const set = this.#call.shell.machine.node.ruleSets[family];
    const own = isBeside && set.backend !== backend ? (set.other ?? set) : set;
    const rules = own.tables.get(table)?.chains.get(name)?.rules ?? [];
    return {
      chain: { name, table, policy, declared: true, counters: null, rules, span: null },
      rules,
    };
  }

  /** How many rules lead to the chain. */
  #references(table: TableName, name: string): number {
    const jumps = new RegExp(`(?:^| )-[jg] ${name.replace(/[^\w-]/g, '\\$&')}$`);
    return this.#tables
      .chains(table)
      .reduce((sum, { rules }) => sum + rules.filter(({ body }) => jumps.test(body)).length, 0);
  }

  #zero(): Output {
    const { table, chain } = this.#args;
    if (chain !== null && this.#tables.chain(table, chain) === null) return this.#short(NO_CHAIN);
    this.#tables.zero(table, chain);
    return NOTHING;
  }

  /** The canonical texts of the rule that the command names: several where it lists addresses. */
  #bodies(): readonly string[] | Output {
    const { rule, chain } = this.#args;
    const parts = readRuleParts(rule, this.#tables.family, (name) => this.#isChain(name));
    const [problem] = parts.problems.filter(({ severity }) => severity === 'error');
    if (problem !== undefined) return this.#usage(problemText(problem, rule, this.#call.shell.tell));
    const wrong = refusedDevice(rule, chain ?? '');
    if (wrong !== null) return this.#usage(`${wrong}\n`);
    const { action } = parts;
    const missing =
      action.kind === 'opaque'
        ? action.name
        : action.kind === 'chain' && !this.#isChain(action.chain)
          ? action.chain
          : '';
    if (missing !== '')
      return this.#usage(
        this.#tables.isNft
          ? `Chain '${missing}' does not exist`
          : `Couldn't load target \`${missing}':No such file or directory\n`,
      );
    const unknown = parts.matches.find((match) => 'opaque' in match);
    if (unknown !== undefined && 'opaque' in unknown)
      return this.#usage(`Couldn't load match \`${unknown.name}':No such file or directory\n`);
    return parts.headers.map((header) => printRuleBody({ header, matches: parts.matches, action }));
  }

  #check(): Output {
    const { table, chain } = this.#args;
    const found = this.#tables.chain(table, chain ?? '');
    if (found === null) return this.#short(NO_CHAIN);
    const bodies = this.#bodies();
    if ('status' in bodies) return bodies;
    const missing = bodies.find((body) => !found.rules.some((rule) => rule.body === body));
    return missing === undefined ? NOTHING : this.#short(noRule(this.#tables, table, missing));
  }

  /** Changes a copy of the tables, and has the node read from it. */
  #change(): Output {
    const { machine } = this.#call.shell;
    const copy = this.#tables.clone();
    const failed = new Edit(copy, this.#args, () => this.#bodies()).run();
    if (failed !== null) return typeof failed === 'string' ? this.#short(failed) : failed;
    if (copy.loops(this.#args.table))
      return this.#refusedAs('Too many links', 'Too many levels of symbolic links.');
    const tables = machine.state.tables.map((one) => (one === this.#tables ? copy : one));
    const wrong = machine.change({ ...machine.state, tables });
    if (wrong.length > 0) return this.#refused(wrong);
    this.#call.shell.changed();
    return NOTHING;
  }

  #refused(wrong: readonly Diagnostic[]): Output {
    const isPlaced = wrong.every(({ code }) => code === 'RULE_WRONG_TABLE' || code === 'RULE_WRONG_HOOK');
    return isPlaced
      ? this.#refusedAs('Invalid argument', "Invalid argument. Run `dmesg' for more information.")
      : refuse(this.#call.shell.render(wrong).trimEnd(), 2);
  }

  /** The kernel's refusal, as each of the two tools words it. */
  #refusedAs(nft: string, legacy: string): Output {
    const { action, chain } = this.#args;
    const verb = action === 'I' ? 'INSERT' : action === 'R' ? 'REPLACE' : 'APPEND';
    return this.#tables.isNft
      ? refuse(`${this.#tables.title}:  RULE_${verb} failed (${nft}): rule in chain ${chain ?? ''}`, 4)
      : this.#short(legacy);
  }
}

const EXACT =
  '    pkts      bytes target     prot opt in     out     source               destination         ';

/** The counters of `-x`. */
function exactCounts(line: string, { packets, bytes }: Counters): string {
  const rest = line.slice(`${countText(packets).padStart(5)} ${countText(bytes).padStart(5)} `.length);
  return `${String(packets).padStart(8)} ${String(bytes).padStart(8)} ${rest}`;
}

const BRIEF = 'target     prot opt source               destination         ';

/** The line without what -v adds: counters before, devices in the middle. */
function brief(rule: Rule, family: Family): string {
  const none = { packets: 0, bytes: 0 };
  const { inInterface, outInterface } = rule.header;
  const device = (given: Rule['header']['inInterface']): string =>
    (given === null ? '*' : `${given.inverted ? '!' : ''}${given.value}`).padEnd(6);
  const devices = ` ${device(inInterface)} ${device(outInterface)} `;
  const line = ruleLine(rule, none, family).slice('    0     0 '.length);
  const at = line.indexOf(sanitize(devices), 9);
  return at < 0 ? line : line.slice(0, at) + line.slice(at + devices.length);
}

/** A complaint with the hint at --help. That of a stray word alone goes without the tool's title (iptables/xshared.c, do_parse). */
function usageText({ title, tool }: RuleTables, text: string): string {
  const head = text.startsWith('Bad argument ') ? '' : `${title}: `;
  return `${head}${text}\nTry \`${tool} -h' or '${tool} --help' for more information.`;
}

/** `-i` has no meaning where packets leave, `-o` none where they come in. */
function refusedDevice(rule: string, chain: string): string | null {
  const has = (flag: string): boolean => new RegExp(`(?:^| )-${flag}(?: |$)`).test(rule);
  if ((chain === 'POSTROUTING' || chain === 'OUTPUT') && has('i')) return `Can't use -i with ${chain}`;
  if ((chain === 'PREROUTING' || chain === 'INPUT') && has('o')) return `Can't use -o with ${chain}`;
  return null;
}

/** `iptables …`, by any of its names. */
export function iptables(words: readonly string[], call: Call): Output {
  const tables = tablesOf(call);
  try {
    return new Iptables(call, tables, readArgs(words)).run();
  } catch (error) {
    if (!(error instanceof ArgsError)) throw error;
    if (error.status === 3)
      return refuse(
        tables.isNft
          ? `${tables.title}: table '${error.message}' does not exist\nPerhaps ${tables.tool} or your kernel needs to be upgraded.`
          : `${tables.title}: can't initialize ${tables.tool} table \`${error.message}': Table does not exist (do you need to insmod?)\nPerhaps ${tables.tool} or your kernel needs to be upgraded.`,
        3,
      );
    return refuse(usageText(tables, error.message), 2);
  }
}

/** A table that neither tool knows. */
const noTable = ({ isNft, tool }: RuleTables, name: string): Output =>
  refuse(
    isNft
      ? `Table \`${name}' does not exist`
      : `${tool}-save v1.8.9 (legacy): Cannot initialize: Table does not exist (do you need to insmod?)`,
  );

/** `iptables-save [-t TABLE] [-c]`. */
export function iptablesSave(words: readonly string[], call: Call): Output {
  const tables = tablesOf(call);
  let table: TableName | null = null;
  let counters = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '-c' || word === '--counters') counters = true;
    else if (word === '-t' || word === '--table') {
      at += 1;
      const found = TABLES.find((name) => name === words[at]);
      if (found === undefined) return noTable(tables, words[at] ?? '');
      table = found;
    } else throw unknownOption(call.name, word, '-t TABLE, -c');
  }
  const out = tables.printed(table, counters, call.name, dateText(call.shell.machine.clock));
  return warned(call, tables, { ...NOTHING, out }, '-save');
}
