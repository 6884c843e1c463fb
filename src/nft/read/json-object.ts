/** Named objects of `nft -j` as the lines that a text listing has for them (src/rule.c obj_print_data of nftables). */
import { printStatement } from '../print-statement.js';
import { duration } from './json-expression.js';
import { statementOf } from './json-statement.js';
import { type Json, isObject, number, prop, text, texts } from './json-value.js';

const MILLISECONDS = 1000;

/** nft says a quota in the largest unit that divides it. */
function quotaBody(body: Json): Json {
  const value = number(body, 'bytes') ?? 0;
  const [size, unit] =
    value > 0 && value % 1048576 === 0
      ? [1048576, 'mbytes']
      : value > 0 && value % 1024 === 0
        ? [1024, 'kbytes']
        : [1, 'bytes'];
  return { val: value / size, val_unit: unit, inv: prop(body, 'inv'), used: prop(body, 'used') };
}

/** What stands behind `limit` or `quota` in a rule. */
function statementText(type: 'limit' | 'quota', body: Json): string {
  const statement = statementOf({ [type]: type === 'limit' ? body : quotaBody(body) });
  return statement === null ? '' : printStatement(statement).slice(type.length + 1);
}

function timeoutPolicy(body: Json): readonly string[] {
  const policy = prop(body, 'policy');
  if (!isObject(policy)) return [];
  const states = Object.keys(policy).map((state) => `${state} : ${text(policy, state) ?? ''}`);
  return [`policy = { ${states.join(', ')} }`];
}

/** The lines of an object's block without their indentation. */
export function objectText(type: string, body: Json): string {
  const word = (...keys: readonly string[]): string[] =>
    keys.flatMap((key) => {
      const found = text(body, key);
      return found === null ? [] : [`${key} ${found}`];
    });
  const comment = text(body, 'comment');
  const time = number(body, 'timeout');
  const flags = texts(prop(body, 'flags'));
  const own = (): readonly string[] => {
    switch (type) {
      case 'counter':
        return [`packets ${text(body, 'packets') ?? '0'} bytes ${text(body, 'bytes') ?? '0'}`];
      case 'limit':
      case 'quota':
        return [statementText(type, body)];
      case 'ct helper':
        return [
          `type "${text(body, 'type') ?? ''}" protocol ${text(body, 'protocol') ?? ''}`,
          ...word('l3proto'),
        ];
      case 'ct timeout':
        return [...word('protocol', 'l3proto'), ...timeoutPolicy(body)];
      case 'ct expectation':
        return [
          ...word('protocol', 'dport'),
          ...(time === null ? [] : [`timeout ${duration(time / MILLISECONDS)}`]),
          ...word('size', 'l3proto'),
        ];
      case 'synproxy':
        return [...word('mss', 'wscale'), ...(flags.length === 0 ? [] : [flags.join(' ')])];
      case 'flowtable':
        return [
          `hook ${text(body, 'hook') ?? ''} priority ${text(body, 'prio') ?? ''}`,
          `devices = { ${texts(prop(body, 'dev')).join(', ')} }`,
        ];
      default:
        return Object.keys(isObject(body) ? body : {})
          .filter((key) => !['family', 'table', 'name', 'handle', 'comment'].includes(key))
          .flatMap((key) => word(key));
    }
  };
  return [...(comment === null ? [] : [`comment "${comment}"`]), ...own()].join('\n');
}
