/** `ipset` on the emulated node: its saved text, changed line by line, and read as a dump is. */
import { sha256 } from '../sha256.js';
import { parsePrefix } from '../../address/prefix.js';
import { readFailed } from './ip-words.js';
import { NOTHING, type Call, type Output, lines, refuse, unknownOption } from './output.js';

const TITLE = 'ipset v7.17';
const NO_SET = `${TITLE}: The set with the given name does not exist`;

/** What the tool writes behind the name of a new hash: its own defaults where the command says nothing, and what the kernel draws. */
function headerOf(name: string, type: string, words: readonly string[]): string {
  if (!type.startsWith('hash:')) return words.join(' ');
  const given = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (/^(?:family|hashsize|maxelem|bucketsize|initval|timeout)$/.test(word))
      given.set(word, words[(at += 1)] ?? '');
    else rest.push(word);
  }
  const of = (key: string, otherwise: string): string => `${key} ${given.get(key) ?? otherwise}`;
  const seed = `0x${sha256(name).slice(0, 8)}`;
  return [
    ...[of('family', 'inet'), of('hashsize', '1024'), of('maxelem', '65536')],
    ...(given.has('timeout') ? [of('timeout', '0')] : []),
    ...rest,
    ...[of('bucketsize', '12'), of('initval', seed)],
  ].join(' ');
}

const setOf = (line: string): string => line.split(' ')[1] ?? '';

class Sets {
  readonly #call: Call;
  readonly #lines: readonly string[];

  constructor(call: Call) {
    this.#call = call;
    this.#lines = call.shell.machine.state.sets ?? [];
  }

  has(name: string): boolean {
    return this.#lines.some((line) => line.startsWith('create ') && setOf(line) === name);
  }

  of(name: string | undefined): readonly string[] {
    return name === undefined ? this.#lines : this.#lines.filter((line) => setOf(line) === name);
  }

  members(name: string): readonly string[] {
    return this.of(name).flatMap((line) =>
      line.startsWith('add ') ? [line.split(' ').slice(2).join(' ')] : [],
    );
  }

  put(next: readonly string[]): Output {
    const { machine } = this.#call.shell;
    const wrong = machine.change({ ...machine.state, sets: next });
    if (wrong.length > 0) return readFailed(wrong, this.#call);
    this.#call.shell.changed();
    return NOTHING;
  }

  add(name: string, words: readonly string[]): Output {
    const last = this.#lines.findLastIndex((line) => setOf(line) === name);
    return this.put(this.#lines.toSpliced(last + 1, 0, `add ${name} ${words.join(' ')}`));
  }

  remove(name: string, isMeant: (line: string) => boolean): Output {
    return this.put(this.#lines.filter((line) => !(setOf(line) === name && isMeant(line))));
  }

  create(name: string, type: string, words: readonly string[]): Output {
    const rest = headerOf(name, type, words);
    return this.put([...this.#lines, `create ${name} ${type} ${rest}`.trimEnd()]);
  }
}

/** An element as the tool keeps it: a network of one address is the address. */
function canonical(element: string): string {
  const [address = '', ...rest] = element.split(',');
  const prefix = parsePrefix(address);
  if (prefix === null) return element;
  return [address.replace(/\/32$/, ''), ...rest].join(',');
}

/** How many rules name the set, each time that one does. */
function uses(name: string, { shell }: Call): number {
  const word = `--match-set ${name} `;
  return shell.machine.state.tables
    .flatMap((tables) => tables.names.flatMap((table) => tables.chains(table)))
    .flatMap(({ rules }) => rules)
    .reduce((sum, { body }) => sum + `${body} `.split(word).length - 1, 0);
}

/**
 * Types by the newest revision that tool and kernel share, and what a set takes of a 64-bit kernel's memory: each entry has a
 * bucket of its own, as few entries have (ip_set_hash_gen.h).
 */
const TYPES: Readonly<
  Record<string, { readonly revision: number; readonly empty: number; readonly each: number }>
> = {
  'hash:ip': { revision: 6, empty: 216, each: 40 },
  'hash:net': { revision: 7, empty: 456, each: 48 },
  'hash:ip,port': { revision: 7, empty: 216, each: 40 },
  'hash:net,port': { revision: 8, empty: 456, each: 48 },
};

function listed(sets: Sets, name: string, references: number): readonly string[] {
  const [, , type = '', ...header] = (sets.of(name)[0] ?? '').split(' ');
  const members = sets.members(name);
  const known = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  // Extensions take room of their own.
  const isPlain = !/\b(?:timeout|counters|comment|skbinfo|inet6)\b/.test(header.join(' '));
  const size =
    known === undefined || !isPlain
      ? []
      : [`Size in memory: ${String(known.empty + known.each * members.length)}`];
  return [
    ...[
      `Name: ${name}`,
      `Type: ${type}`,
      ...(known === undefined ? [] : [`Revision: ${String(known.revision)}`]),
    ],
    ...[`Header: ${header.join(' ')}`, ...size, `References: ${String(references)}`],
    ...[`Number of entries: ${String(members.length)}`, 'Members:', ...members],
  ];
}

function list(words: readonly string[], sets: Sets, call: Call): Output {
  const names = sets.of(undefined).flatMap((line) => (line.startsWith('create ') ? [setOf(line)] : []));
  if (words[0] === '-n') return lines(names);
  const [only] = words;
  if (only !== undefined && !sets.has(only)) return refuse(NO_SET);
  const chosen = only === undefined ? names : [only];
  return lines(
    chosen.flatMap((name, at) => [...(at === 0 ? [] : ['']), ...listed(sets, name, uses(name, call))]),
  );
}

function element(verb: 'add' | 'del' | 'test', words: readonly string[], sets: Sets): Output {
  const [name = '', given = '', ...rest] = words;
  if (!sets.has(name)) return refuse(NO_SET);
  const wanted = canonical(given);
  if (given === '' || parsePrefix(wanted.split(',')[0] ?? '') === null)
    return refuse(`${TITLE}: Syntax error: cannot parse ${given}: resolving to IPv4 address failed`);
  const isThere = sets.members(name).some((member) => member.split(' ')[0] === wanted);
  if (verb === 'test')
    return isThere
      ? { out: '', err: `Warning: ${wanted} is in set ${name}.\n`, status: 0 }
      : { out: '', err: `${wanted} is NOT in set ${name}.\n`, status: 1 };
  if (verb === 'add')
    return isThere
      ? refuse(`${TITLE}: Element cannot be added to the set: it's already added`)
      : sets.add(name, [wanted, ...rest]);
  return isThere
    ? sets.remove(name, (line) => line.startsWith('add ') && line.split(' ')[2] === wanted)
    : refuse(`${TITLE}: Element cannot be deleted from the set: it's not added`);
}

/** `ipset list|save|create|add|del|test|flush|destroy`. */
export function ipset(words: readonly string[], call: Call): Output {
  const sets = new Sets(call);
  const [verb = '', ...given] = words;
  const isLenient = given.includes('-exist') || given.includes('-!');
  const rest = given.filter((word) => word !== '-exist' && word !== '-!');
  const [name = '', type = '', ...more] = rest;
  const leave = (output: Output): Output => (isLenient && output.status !== 0 ? NOTHING : output);
  switch (verb) {
    case 'list':
    case '-L':
      return list(rest, sets, call);
    case 'save':
    case '-S':
      return name !== '' && !sets.has(name) ? refuse(NO_SET) : lines(sets.of(name === '' ? undefined : name));
    case 'create':
    case '-N':
      if (sets.has(name))
        return leave(refuse(`${TITLE}: Set cannot be created: set with the same name already exists`));
      return sets.create(name, type, more);
    case 'add':
    case '-A':
      return leave(element('add', rest, sets));
    case 'del':
    case '-D':
      return leave(element('del', rest, sets));
    case 'test':
    case '-T':
      return element('test', rest, sets);
    case 'flush':
    case '-F':
      return sets.has(name) ? sets.remove(name, (line) => line.startsWith('add ')) : refuse(NO_SET);
    case 'destroy':
    case '-X':
      if (!sets.has(name)) return refuse(NO_SET);
      if (uses(name, call) > 0)
        return refuse(`${TITLE}: Set cannot be destroyed: it is in use by a kernel component`);
      return sets.remove(name, () => true);
    default:
      throw unknownOption('ipset', verb, 'list save create add del test flush destroy');
  }
}
