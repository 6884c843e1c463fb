/** `--with NODE:RULE[@PLACE]`: what another node has, put into the node that is walked. */
import { stat } from 'node:fs/promises';
import type { Family } from '../address/address.js';
import type { Node } from '../packet/node.js';
import { insertFrom } from '../why/insert.js';
import type { Insertion } from '../why/inserted.js';
import { BadReference, resolve } from '../why/reference.js';
import { readNodePath } from './node-path.js';
import type { Io } from './io.js';
import type { CommonOptions } from './output.js';
import { readQuietly } from './read-node.js';
import { UsageError } from './usage.js';

/** A rule of another node, which has been read. */
export interface Lent {
  /** The option's value as it was typed. */
  readonly text: string;
  readonly name: string;
  readonly node: Node;
  readonly rule: string;
  /** Null for the place that it has in the other node. */
  readonly place: string | null;
}

const bad = (text: string): UsageError =>
  new UsageError([{ code: 'USAGE_WITH', params: { option: '--with', text }, option: text }]);

/** Where a snapshot's name ends: the longest that exists, for names may have colons. -1: none exists. */
async function endOfName(text: string): Promise<number> {
  for (let at = text.lastIndexOf(':'); at > 0; at = text.lastIndexOf(':', at - 1)) {
    const { path } = await readNodePath(text.slice(0, at));
    try {
      await stat(path);
      return at;
    } catch {
      // A colon of the rule.
    }
  }
  return -1;
}

function notThere(text: string): UsageError {
  const end = text.indexOf(':');
  const path = text.slice(0, end);
  if (end <= 0 || /^-(?:#|$)/.test(path)) return bad(text);
  const part = { start: 0, end };
  return new UsageError([
    { code: 'NODE_UNREADABLE', params: { path, reason: 'ENOENT' }, option: text, part },
  ]);
}

async function readOne(text: string, io: Io, options: CommonOptions): Promise<Lent> {
  const end = await endOfName(text);
  if (end < 0) throw notThere(text);
  const name = text.slice(0, end);
  const [, rule = '', place] = /^(.+?)(?:@([^@]+))?$/u.exec(text.slice(end + 1)) ?? [];
  if (rule === '') throw bad(text);
  try {
    const node = await readQuietly(name, io, options);
    return { text, name, node, rule, place: place ?? null };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const part = { start: 0, end: name.length };
    throw new UsageError(error.mistakes.map((one) => ({ ...one, option: text, part })));
  }
}

/** Reads the nodes that rules are taken from. @throws UsageError for one that cannot be read */
export async function readLent(
  texts: readonly string[],
  io: Io,
  options: CommonOptions,
): Promise<readonly Lent[]> {
  const all: Lent[] = [];
  for (const text of texts) all.push(await readOne(text, io, options));
  return all;
}

/** Puts the rule in. @throws UsageError when it names nothing, or cannot be there */
export function insertLent(
  node: Node,
  family: Family,
  { text, name, rule, place, node: other }: Lent,
): Insertion {
  const target = resolve(other, family, rule);
  if (target instanceof BadReference) {
    const part = { start: name.length + 1, end: name.length + 1 + rule.length };
    throw new UsageError([{ code: target.code, params: target.params, option: text, part }]);
  }
  const found = insertFrom(node, target, { node: other, name }, place);
  if (!(found instanceof BadReference)) return found;
  const part = { start: place === null ? name.length + 1 : text.length - place.length, end: text.length };
  throw new UsageError([{ code: found.code, params: found.params, option: text, part }]);
}
