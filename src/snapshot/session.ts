/** Where the lines of a transcript were printed: prompts, commands that go elsewhere, and shells that they open. */
import type { Command } from './command.js';
import type { Heading } from './prompt.js';

/** The host and the network namespace of a listing; null where nothing tells. */
export interface Somewhere {
  readonly host: string | null;
  readonly namespace: string | null;
}

interface Shell extends Somewhere {
  /** The prompt at which it was opened. */
  readonly prompt: string;
  /** A prompt of another shape has been seen since. */
  changed: boolean;
}

/** The part of a prompt that stays the same as one walks through folders: `user@host`, or all of it. */
function shapeOf(prompt: string): string {
  return /[\w.+-]{1,60}@[\w.-]{1,80}/.exec(prompt)?.[0] ?? prompt.trim();
}

const LEAVES = /^(?:exit|logout)\b/;

/** Follows a transcript from heading to heading. */
export class Session {
  readonly #shells: Shell[] = [];
  /** Where bare prompts are, as far as the text tells by other means. */
  #home: string | null = null;

  /** A document's heading names the host of all that is typed below it, or the text shows that it is none that it names. */
  settle(host: string): void {
    this.#shells.length = 0;
    this.#home = host;
  }

  /** Does the command leave a place that nothing names, for a shell on another host? */
  leavesHome({ prompt, host }: Heading, command: Command): boolean {
    const isAtHome = this.#home === null && this.#shells.length === 0 && host === null;
    return isAtHome && prompt !== '' && command.isShell && command.host !== null;
  }

  /** Where the command under a heading ran. */
  enter(heading: Heading, command: Command): Somewhere {
    const { prompt, host } = heading;
    if (prompt !== '') this.#leave(prompt);
    if (LEAVES.test(heading.command)) this.#shells.pop();
    const within = this.#shells.at(-1);
    // A document that names the command without a prompt may go on anywhere.
    if (command.isShell && prompt === '') return within ?? { host, namespace: null };
    const here = this.placeOf(host ?? (prompt === '' || within !== undefined ? null : this.#home), command);
    if (command.isShell) this.#shells.push({ ...here, prompt, changed: false });
    return here;
  }

  /** Where a command runs that is a part of what was typed at the last prompt. */
  placeOf(host: string | null, command: Somewhere): Somewhere {
    const within = this.#shells.at(-1);
    // In a container's shell the prompt names the container.
    const isElsewhere = (within?.namespace ?? null) !== null;
    return {
      host: command.host ?? (isElsewhere ? null : host) ?? within?.host ?? host,
      namespace: command.namespace ?? (command.host === null ? (within?.namespace ?? null) : null),
    };
  }

  /** The prompt at which a shell was opened, after another one: the shell has ended. */
  #leave(prompt: string): void {
    const shape = shapeOf(prompt);
    for (let at = this.#shells.length - 1; at >= 0; at -= 1) {
      const shell = this.#shells[at];
      if (shell === undefined) return;
      if (shapeOf(shell.prompt) !== shape) {
        shell.changed = true;
        return;
      }
      if (!shell.changed) return;
      this.#shells.length = at;
    }
  }
}
