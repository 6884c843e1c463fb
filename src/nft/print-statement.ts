/** Statements as nft prints them (src/statement.c of nftables). */
import type { Expression, NatStatement, NftRule, Statement, Verdict } from './model.js';
import { printData, printExpression, printMasked, printVerdict } from './print-expression.js';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

function words(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(' ');
}

function match({ left, op, right }: Of<'match'>): string {
  return (
    printMasked(left, op, right) ??
    words(printExpression(left), op === 'implicit' ? null : op, printExpression(right))
  );
}

/** IPv6 addresses stand in brackets before a port. */
function bracketed(expression: Expression): string {
  if (expression.kind === 'range') return `${bracketed(expression.from)}-${bracketed(expression.to)}`;
  const text = printExpression(expression);
  return expression.kind === 'word' && text.includes(':') ? `[${text}]` : text;
}

/** `ADDRESS:PORT` with either part alone. */
function target(address: Expression | null, port: Expression | null): string {
  if (port === null) return address === null ? '' : printExpression(address);
  return `${address === null ? '' : bracketed(address)}:${printExpression(port)}`;
}

function nat({ kind, family, prefix, address, port, flags }: NatStatement): string {
  const to = target(address, port);
  return words(kind, family, prefix ? 'prefix' : null, to === '' ? null : `to ${to}`, flags.join(','));
}

function dynamicSet({ action, set, key, statements, value, rest }: Of<'dynamic-set'>): string {
  const inner = words(
    printExpression(key),
    action === 'meter' ? rest.replace(/^size \d+ ?/u, '') : rest,
    statements.map(printStateless).join(' '),
    value === null ? null : `: ${printData(value)}`,
  );
  const size = action === 'meter' ? (/^size \d+/u.exec(rest)?.[0] ?? '') : '';
  return words(action, action === 'meter' ? set : `@${set}`, size, `{ ${inner} }`);
}

/** Counters of a dynamic set's elements are those of the elements, not of the rule. */
export function printStateless(statement: Statement): string {
  const fresh = statement.kind === 'counter' && statement.packets === 0 && statement.bytes === 0;
  return fresh ? 'counter' : printStatement(statement);
}

/** Its addresses stand in brackets with and without a port (src/statement.c tproxy_stmt_print). */
function tproxy({ family, address, port }: Of<'tproxy'>): string {
  const to = `${address === null ? '' : bracketed(address)}${port === null ? '' : `:${printExpression(port)}`}`;
  return words('tproxy', family, 'to', to);
}

function toDevice({ kind, family, address, device }: Of<'dup' | 'fwd'>): string {
  if (address === null) return words(kind, family, 'to', device === null ? null : printExpression(device));
  return words(
    kind,
    family,
    'to',
    printExpression(address),
    device === null ? null : `device ${printExpression(device)}`,
  );
}

function object({ type, name }: Of<'object'>): string {
  return `${type} ${type.startsWith('ct ') ? 'set' : 'name'} ${printExpression(name)}`;
}

function counter({ packets, bytes }: Of<'counter'>): string {
  return `counter packets ${String(packets)} bytes ${String(bytes)}`;
}

function queue({ flags, to }: Of<'queue'>): string {
  return words(
    'queue',
    flags.length === 0 ? null : `flags ${flags.join(',')}`,
    to === null ? null : `to ${printExpression(to)}`,
  );
}

/** A rule's statements and comment, on one line. */
export function printRule({ statements, comment }: Pick<NftRule, 'statements' | 'comment'>): string {
  return words(...statements.map(printStatement), comment === null ? null : `comment "${comment}"`);
}

/** A chain that stands within the rule is printed there. */
function verdictText(verdict: Verdict): string {
  if (!('chain' in verdict) || verdict.inline === undefined) return printVerdict(verdict);
  const rules = verdict.inline.rules.map((rule) => `${printRule(rule)};`);
  return words(verdict.kind, '{', ...rules, '}');
}

/** One statement. */
export function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'match':
      return match(statement);
    case 'verdict':
      return verdictText(statement.verdict);
    case 'vmap':
      return `${printExpression(statement.key)} vmap ${printExpression(statement.map)}`;
    case 'set':
      return `${printExpression(statement.key)} set ${printExpression(statement.value)}`;
    case 'snat':
    case 'dnat':
    case 'masquerade':
    case 'redirect':
      return nat(statement);
    case 'reject':
      if (statement.type === null) return 'reject';
      return words('reject with', statement.type, statement.code);
    case 'notrack':
      return 'notrack';
    case 'counter':
      return counter(statement);
    case 'log':
      return words('log', statement.text);
    case 'limit':
      return words('limit rate', statement.over ? 'over' : null, statement.text);
    case 'quota':
      return words('quota', statement.over ? 'over' : null, statement.text);
    case 'ct-count':
      return words('ct count', statement.over ? 'over' : null, String(statement.count));
    case 'queue':
      return queue(statement);
    case 'tproxy':
      return tproxy(statement);
    case 'dup':
    case 'fwd':
      return toDevice(statement);
    case 'synproxy':
      return words('synproxy', statement.text);
    case 'flow':
      return `flow add @${statement.table}`;
    case 'dynamic-set':
      return dynamicSet(statement);
    case 'object':
      return object(statement);
    case 'xt':
      return words(
        'xt',
        statement.type,
        /^[\w-]+$/u.test(statement.name) ? statement.name : `"${statement.name}"`,
      );
    case 'last':
      return words('last', statement.text);
    case 'strip-option':
      return `reset tcp option ${statement.option}`;
    case 'opaque':
      return statement.text;
  }
}
