/** `sudo`: who a command runs as. The owner of a socket is what `-m owner` asks for. */
import { type Output, refuse, unknownOption } from './output.js';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

export const ROOT: User = { uid: 0, gid: 0 };

/** Users that the images of the labs have, each with a group of its own. */
const NAMES: Readonly<Record<string, number>> = { root: 0, nobody: 65534, 'istio-proxy': 1337 };

/** `#1337`, or a name. */
function userOf(text: string): User | null {
  const uid = /^#\d{1,9}$/.test(text)
    ? Number(text.slice(1))
    : Object.hasOwn(NAMES, text)
      ? NAMES[text]
      : undefined;
  return uid === undefined ? null : { uid, gid: uid };
}

/** Takes the options of sudo off: the user, and the command that is left. Or what sudo says. @throws Unknown */
export function readSudo(
  words: readonly string[],
): { readonly user: User; readonly command: readonly string[] } | Output {
  let user = ROOT;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, joined] = /^(?:-u|--user=)(.*)$/.exec(word) ?? [];
    if (joined !== undefined) {
      const text = joined === '' ? (words[(at += 1)] ?? '') : joined;
      const found = userOf(text);
      if (found === null) return refuse(`sudo: unknown user ${text}`);
      user = found;
    } else if (word.startsWith('-') && word !== '--') {
      if (!/^-[nEHS]+$/.test(word)) throw unknownOption('sudo', word, '-u USER');
    } else return { user, command: words.slice(word === '--' ? at + 1 : at) };
  }
  return refuse('usage: sudo [-u user] command');
}
