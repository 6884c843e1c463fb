/**
 * A table in one spelling: numbers and names of the same value are the same word, and what listings leave out or what
 * changes between two of them (counters, ages of elements, handles) is gone. Two listings agree when these are equal.
 */
import { intervalOf } from './constant.js';
import type { DataType } from './datatype.js';
import type {
  BaseChain,
  Element,
  Expression,
  NftRule,
  NftSet,
  NftTable,
  Statement,
  Verdict,
} from './model.js';
import { isVerdict } from './print-expression.js';
import { printRuleset } from './print.js';
import { hasDefaultReject } from './read/reject.js';
import { type TypeScope, dataTypes, keyTypes, typesOf } from './type-of.js';
import { ICMPV6_CODE, ICMPX_CODE, ICMP_CODE } from './words.js';

type Types = readonly DataType[];

/** A value as `FROM` or `FROM-TO` in decimal; what is no value of the type stays as it is. */
function value(expression: Expression, type: DataType | undefined): Expression {
  if (type === undefined || type.name === 'ifname' || type.name === 'string') return unquoted(expression);
  if (type.name === 'iface_index') return device(expression);
  if (type.name === 'time') return inSeconds(expression);
  const found = intervalOf(expression, type);
  if (found === null) return expression;
  return {
    kind: 'word',
    text: found.from === found.to ? String(found.from) : `${String(found.from)}-${String(found.to)}`,
  };
}

function inSeconds(expression: Expression): Expression {
  if (expression.kind === 'range')
    return { ...expression, from: inSeconds(expression.from), to: inSeconds(expression.to) };
  return expression.kind === 'word' ? { kind: 'word', text: seconds(expression.text) } : unquoted(expression);
}

function unquoted(expression: Expression): Expression {
  return expression.kind === 'string' ? { kind: 'word', text: expression.text } : expression;
}

/** `exists` and `missing` are numbers with -n. */
function device(expression: Expression): Expression {
  const { kind } = expression;
  if (kind !== 'word' && kind !== 'string') return expression;
  const { text } = expression;
  return { kind: 'word', text: text === 'exists' ? '1' : text === 'missing' ? '0' : text };
}

class Speller {
  readonly #scope: TypeScope;

  constructor(table: NftTable) {
    this.#scope = { family: table.family, table, version: table.family === 'ip6' ? 6 : 4 };
  }

  /** What is compared with, or given to, something of these types. */
  constant(expression: Expression, types: Types): Expression {
    switch (expression.kind) {
      case 'concat':
        return { ...expression, parts: expression.parts.map((part, at) => value(part, types[at])) };
      case 'set':
        return { ...expression, elements: this.elements(expression.elements, types, []) };
      case 'word':
      case 'string':
      case 'prefix':
      case 'range':
      case 'list':
        return value(expression, types[0]);
      case 'binary':
        return this.expression(expression, types);
      case 'map':
        return this.expression(expression, types);
      default:
        return this.expression(expression);
    }
  }

  elements(elements: readonly Element[], keys: Types, data: Types): readonly Element[] {
    return elements
      .map((element) => ({
        key: this.constant(element.key, keys),
        value: element.value === null ? null : this.data(element.value, data),
        rest: /comment "[^"]*"/u.exec(element.rest)?.[0] ?? '',
      }))
      .map((element) => ({ element, key: JSON.stringify(element) }))
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      .map(({ element }) => element);
  }

  data(given: Expression | Verdict, types: Types): Expression | Verdict {
    return isVerdict(given) ? given : this.constant(given, types);
  }

  /** An expression of the packet, with the constants in it. @param given what a map in it gives */
  expression(expression: Expression, given: Types = []): Expression {
    switch (expression.kind) {
      case 'binary': {
        const own = typesOf(expression, this.#scope);
        const types = own.length > 0 ? own : given;
        return {
          ...expression,
          left: this.constant(expression.left, types),
          right: this.constant(expression.right, types),
        };
      }
      case 'concat':
        return { ...expression, parts: expression.parts.map((part) => this.expression(part)) };
      case 'map':
        return {
          ...expression,
          key: this.expression(expression.key),
          map: this.mapping(expression.key, expression.map, given),
        };
      case 'ct':
        return this.address(expression);
      default:
        return expression;
    }
  }

  /** JSON has no family for the addresses of a table that has one. */
  address(expression: Extract<Expression, { kind: 'ct' }>): Expression {
    const { family } = this.#scope;
    const isAddress = expression.key === 'saddr' || expression.key === 'daddr';
    return isAddress && (family === 'ip' || family === 'ip6') ? { ...expression, family } : expression;
  }

  mapping(key: Expression, map: Expression, data: Types): Expression {
    if (map.kind !== 'set') return map;
    return { ...map, elements: this.elements(map.elements, typesOf(key, this.#scope), data) };
  }

  statement(statement: Statement): Statement {
    switch (statement.kind) {
      case 'match':
        return {
          ...statement,
          left: this.expression(statement.left),
          right: this.constant(statement.right, typesOf(statement.left, this.#scope)),
        };
      case 'vmap':
        return {
          ...statement,
          key: this.expression(statement.key),
          map: this.mapping(statement.key, statement.map, []),
        };
      case 'verdict': {
        const { verdict } = statement;
        if (!('chain' in verdict) || verdict.inline === undefined) return statement;
        const rules = verdict.inline.rules.map((rule) => this.rule(rule));
        return { ...statement, verdict: { ...verdict, inline: { ...verdict.inline, rules } } };
      }
      case 'set':
        return { ...statement, value: this.constant(statement.value, typesOf(statement.key, this.#scope)) };
      case 'counter':
        return { ...statement, packets: 0, bytes: 0 };
      case 'quota':
        return { ...statement, text: statement.text.replace(/ used .*$/u, '') };
      case 'synproxy':
        return { ...statement, text: statement.text.replace(/ ?wscale 0\b/u, '') };
      case 'last':
        return { ...statement, text: '' };
      case 'reject':
        return reject(statement, this.#scope);
      case 'dynamic-set':
        return {
          ...statement,
          key: this.expression(statement.key),
          statements: statement.statements.map((one) => this.statement(one)),
          value: statement.value === null ? null : this.data(statement.value, []),
          rest: statement.rest.replace(
            /\b(timeout|expires) (\w+)/gu,
            (_, word: string, time: string) => `${word} ${seconds(time)}`,
          ),
        };
      case 'object':
        return { ...statement, name: unquoted(statement.name) };
      default:
        return statement;
    }
  }

  rule(rule: NftRule): NftRule {
    return { ...rule, statements: rule.statements.map((one) => this.statement(one)) };
  }

  set(set: NftSet): NftSet {
    const [keys, data] = [keyTypes(set, this.#scope), dataTypes(set)];
    const given = set.givesTypeOf === null ? data : typesOf(set.givesTypeOf, this.#scope);
    const timed = set.properties.some((text) => text.startsWith('timeout '));
    return {
      ...set,
      // JSON has the data types alone, and leaves out `dynamic`.
      type: keys.length > 0 ? keys.map(({ name }) => name) : set.type,
      typeOf: null,
      gives: given.length > 0 ? given.map(({ name }) => name) : (set.gives?.map(plainType) ?? null),
      givesTypeOf: null,
      flags: set.flags.filter((flag) => flag !== 'dynamic' && !(timed && flag === 'timeout')).toSorted(),
      properties: set.properties
        .filter((text) => text !== 'auto-merge')
        .map((text) =>
          text.replace(
            /^(timeout|gc-interval) (\w+)/u,
            (_, word: string, time: string) => `${word} ${seconds(time)}`,
          ),
        ),
      elements: this.elements(set.elements, keys, given),
    };
  }
}

/** The type of a map's data, whether it gives single values or ranges of them. */
function plainType(name: string): string {
  return name.replace(/^interval /u, '');
}

/** `1h30m` in seconds; what is finer than that is dropped. */
function seconds(time: string): string {
  const sizes: Readonly<Record<string, number>> = { d: 86400, h: 3600, m: 60, s: 1, ms: 0 };
  const sum = [...time.matchAll(/(\d{1,12})(ms|[dhms]|$)/gu)].map(
    ([, count, unit = '']) => Number(count) * (sizes[unit] ?? 1),
  );
  return `${String(sum.reduce((a, b) => a + b, 0))}s`;
}

function reject(statement: Extract<Statement, { kind: 'reject' }>, { family }: TypeScope): Statement {
  const { type, code } = statement;
  if (code === null) return statement;
  const words = type === 'icmp' ? ICMP_CODE : type === 'icmpv6' ? ICMPV6_CODE : ICMPX_CODE;
  const name = Object.entries(words).find(([, number]) => String(number) === code)?.[0] ?? code;
  const named: Statement = { ...statement, code: name };
  return hasDefaultReject(named, family) ? { kind: 'reject', type: null, code: null } : named;
}

/** JSON has no devices before nft 1.0.8. */
function withoutDevices(base: BaseChain | null): BaseChain | null {
  return base === null ? null : { ...base, devices: [] };
}

/** The table in its one spelling, as text. */
export function canonicalTable(table: NftTable): string {
  const speller = new Speller(table);
  const chains = [...table.chains].map(
    ([name, chain]) =>
      [
        name,
        {
          ...chain,
          base: withoutDevices(chain.base),
          comment: null,
          rules: chain.rules.map((rule) => speller.rule(rule)),
        },
      ] as const,
  );
  const sets = [...table.sets].map(([name, set]) => [name, speller.set(set)] as const);
  const plain: NftTable = {
    ...table,
    comment: null,
    managed: false,
    objects: [],
    chains: new Map(chains),
    sets: new Map(sets),
  };
  return printRuleset({ tables: [plain] });
}
