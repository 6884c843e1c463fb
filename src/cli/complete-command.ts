/** `natwalk complete -- WORD…`: what the last word may become, a line each. Shells ask; it never fails and never complains. */
import type { Command, Option } from 'commander';
import { instanceType, typeNames } from '../capacity/types.js';
import { codes } from '../explain/advice.js';
import type { Node } from '../packet/node.js';
import { endsOf, interfacesOf, nodeOf, rulesOf } from './complete-node.js';
import type { Io } from './io.js';
import { STATUS } from './status.js';
import { SHELLS } from './completion-command.js';
import { labPaths } from './lab-files.js';
import { LAB_VERBS, labsFolder } from './lab-options.js';

const YES_NO = ['yes', 'no'];

/** Values of options that are the same everywhere. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  '--lang': ['en', 'ko'],
  '--color': ['auto', 'always', 'never'],
  '--level': ['answer', 'walk', 'full'],
  '--proto': ['tcp', 'udp', 'icmp', 'icmpv6', 'sctp'],
  '--ct': ['new', 'established', 'related', 'untracked', 'invalid'],
  '--tcp-flags': ['SYN', 'SYN,ACK', 'ACK', 'FIN,ACK', 'RST', 'NONE'],
  '--connected': YES_NO,
  '--coverage': ['text', 'lcov', 'json'],
};

const OF_NODE: Readonly<Record<string, (node: Node) => string[]>> = {
  '--in': interfacesOf,
  '--oif': interfacesOf,
  '--from': endsOf,
  '--to': endsOf,
  '--pick': endsOf,
  '--without': rulesOf,
  '--assume': rulesOf,
};

const takesValue = (option: Option | undefined): boolean => option?.required === true;

const optionOf = (command: Command, word: string): Option | undefined =>
  command.options.find(({ short, long }) => word === short || word === long);

/** The formats that an option's own words list: `text, minimal or json`. */
const listed = ({ description }: Option): string[] =>
  description
    .replace(/\(.*?\)/g, '')
    .split(/,|\bor\b/)
    .map((part) => part.trim());

/** The words before the last that are no options and no values of theirs. */
function argumentsOf(command: Command, words: readonly string[]): string[] {
  const found: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-') || word === '-') found.push(word);
    else if (takesValue(optionOf(command, word))) at += 1;
  }
  return found;
}

async function ofNode(typed: string | undefined, values: (node: Node) => string[]): Promise<string[]> {
  const node = typed === undefined ? null : await nodeOf(typed);
  return node === null ? [] : values(node);
}

/** Of `NODE:RULE` the rules, when the node stands there; the node is a file, which the shell knows. */
async function ofOtherNode(value: string): Promise<string[]> {
  const at = value.indexOf(':');
  if (at <= 0) return [];
  const node = value.slice(0, at);
  return (await ofNode(node, rulesOf)).map((rule) => `${node}:${rule}`);
}

async function valuesOf(option: Option, given: readonly string[], value: string): Promise<readonly string[]> {
  const name = option.long ?? '';
  if (name === '--with') return ofOtherNode(value);
  if (name === '--output' || name === '--reporter') return name === '--output' ? listed(option) : [];
  const values = Object.hasOwn(OF_NODE, name) ? OF_NODE[name] : undefined;
  if (values !== undefined) return ofNode(given[0], values);
  return Object.hasOwn(CHOICES, name) ? (CHOICES[name] ?? []) : [];
}

/** Names of the labs that come with natwalk, as they are typed. */
async function labNames(io: Io): Promise<readonly string[]> {
  const paths = await labPaths(labsFolder({}, io.env));
  return paths.flatMap((path) => /(\d{2})-([^/]+)\/lab\.yaml$/.exec(path)?.[2] ?? []);
}

/** Values of an argument; of files none, for the shell knows them. */
async function argumentValues(
  command: Command,
  given: readonly string[],
  io: Io,
): Promise<readonly string[]> {
  const declared = command.registeredArguments;
  const name = (declared[given.length] ?? declared.at(-1))?.name();
  if (name === 'rule') return ofNode(given[0], rulesOf);
  if (name === 'code') return codes();
  if (name === 'shell') return SHELLS;
  if (name === 'verb') return LAB_VERBS;
  if (name === 'words') return given[0] === 'start' || given[0] === 'check' ? labNames(io) : [];
  return name === 'type' ? typeNames().filter((one) => instanceType(one) !== null) : [];
}

async function candidates(program: Command, words: readonly string[], io: Io): Promise<readonly string[]> {
  const last = words.at(-1) ?? '';
  const command = program.commands.find((one) => one.name() === words[0]);
  if (words.length <= 1 || command === undefined)
    return words.length > 1
      ? []
      : [
          ...program
            .createHelp()
            .visibleCommands(program)
            .map((one) => one.name()),
          '--help',
          '--version',
        ];
  const before = words.slice(1, -1);
  const given = argumentsOf(command, before);
  const asked = optionOf(command, before.at(-1) ?? '');
  if (asked?.long === '--lab') return labNames(io);
  if (asked !== undefined && takesValue(asked)) return valuesOf(asked, given, last);
  const equals = /^(--[a-z-]+)=/.exec(last);
  if (equals !== null) {
    const option = optionOf(command, equals[1] ?? '');
    if (option === undefined) return [];
    const values = await valuesOf(option, given, last.slice(equals[0].length));
    return values.map((value) => `${equals[0]}${value}`);
  }
  if (last.startsWith('-'))
    return [...command.createHelp().visibleOptions(command)].flatMap(({ long }) => long ?? []);
  return argumentValues(command, given, io);
}

/** Nothing else is handed to a shell, whatever a dump has for names. */
const PLAIN = /^[\w@%+=:,./#-]+$/;

/** Runs the command. @returns always 0 */
export async function completeCommand(program: Command, words: readonly string[], io: Io): Promise<number> {
  let found: readonly string[] = [];
  try {
    found = await candidates(program, words, io);
  } catch {
    // A shell that completes a word wants words, or none.
  }
  const last = words.at(-1) ?? '';
  const fitting = [...new Set(found)].filter((word) => word.startsWith(last) && PLAIN.test(word));
  await io.stdout.write(fitting.map((word) => `${word}\n`).join(''));
  return STATUS.done;
}
