/** The emulated shell: lines that a student types, on the nodes of a lab. Nothing is executed; everything is answered from the model. */
import { formatAddress } from '../../address/address.js';
import { renderDiagnostics } from '../../explain/diagnostic.js';
import { type Language, type MessageId, describe, message } from '../../explain/messages/index.js';
import type { Diagnostic, Params } from '../../source/diagnostic.js';
import type { ClusterSpec } from '../../cluster/spec.js';
import type { LabPod, LabWorld } from '../lab.js';
import { sshBeyond } from './beyond.js';
import type { Machine } from './machine.js';
import { NOTHING, type Call, type Output, Unknown, refuse } from './output.js';
import {
  type Item,
  type List,
  type Loop,
  LineError,
  type Pipe,
  type Simple,
  parseLine,
  wordText,
} from './parse.js';
import { Random } from './random.js';
import { RESOLV_CONF } from './resolv.js';
import { writeFile } from './settings.js';
import { withoutMarks } from './ip-colour.js';
import { notFound } from './not-found.js';
import { FILTER_NAMES, IN_POD, INSIDE, TOOLS, looksOnly } from './tools.js';
import { PathTalk } from './path-talk.js';
import { type Conversation, type Request, Talk } from './traffic.js';
import { ROOT, type User, readSudo } from './users.js';

/** What somebody looks into a file with. */
const READS_FILES: ReadonlySet<string> = new Set([
  'cat',
  'ls',
  'less',
  'head',
  'tail',
  'grep',
  'egrep',
  'sed',
  'awk',
  'wc',
  'vi',
  'jq',
  'more',
]);

/** More output than that nobody reads. */
const MOST_OUTPUT = 4 * 1024 * 1024;
/** More rounds than that a line does not take. */
const MOST_STEPS = 5000;

/** What a line came to. */
export interface Typed extends Output {
  /** Nothing that was typed could change anything, or send anything. */
  readonly isQuiet: boolean;
}

/** What a shell is told of its lab. */
export interface ShellOptions {
  readonly world: LabWorld;
  readonly machines: readonly Machine[];
  readonly seed: number;
  readonly language: Language;
  /** `ip -c` prints marks for `marksToColours`. */
  readonly inColour?: boolean;
  /** The network between the nodes; left out or null where nobody tells. */
  readonly cluster?: ClusterSpec | null;
}

export { COMMANDS } from './tools.js';

export class Shell {
  readonly world: LabWorld;
  /** Somebody sees colours. */
  readonly inColour: boolean;
  readonly #machines: readonly Machine[];
  readonly #random: Random;
  readonly #language: Language;
  readonly #cluster: ClusterSpec | null;
  readonly #variables = new Map<string, string>();
  #at = 0;
  /** Nodes that `ssh` has led away from, the last one last. */
  readonly #left: number[] = [];
  #user: User = ROOT;
  #steps = 0;
  #changes = 0;

  constructor({ world, machines, seed, language, inColour = false, cluster = null }: ShellOptions) {
    this.inColour = inColour;
    this.world = world;
    this.#cluster = cluster;
    this.#machines = machines;
    this.#random = new Random(seed);
    this.#language = language;
  }

  /** The node that the student is logged in to. */
  get machine(): Machine {
    const found = this.#machines[this.#at] ?? this.#machines[0];
    if (found === undefined) throw new RangeError('a lab without a node');
    return found;
  }

  get machines(): readonly Machine[] {
    return this.#machines;
  }

  get nodeNames(): readonly string[] {
    return this.#machines.map(({ name }) => name);
  }

  /** `exit` leads back to the node that `ssh` was typed on. */
  get isAway(): boolean {
    return this.#left.length > 0;
  }

  /** Who the command runs as. */
  get user(): User {
    return this.#user;
  }

  /** Commands that have changed something since the nodes were last as they began. */
  get changes(): number {
    return this.#changes;
  }

  /** `[root@worker ~]# ` */
  get prompt(): string {
    return `[root@${this.hostOf(this.machine.name)} ~]# `;
  }

  hostOf(node: string): string {
    return node === 'node' ? (this.world.hostname ?? 'worker') : node;
  }

  /** The first address of a node that is not its loopback. */
  addressOf(node: string): string | null {
    const links = this.#machines.find(({ name }) => name === node)?.node.networks[4].links.values() ?? [];
    for (const { name, addresses } of links)
      for (const { address } of addresses)
        if (name !== 'lo' && typeof address === 'number') return formatAddress(address);
    return null;
  }

  say(id: MessageId, params: Params = {}): string {
    return message(id, params, this.#language);
  }

  readonly tell = (code: string, params: Params): string => describe(code, params, this.#language);

  render(list: readonly Diagnostic[]): string {
    return renderDiagnostics(list, { language: this.#language });
  }

  changed(): void {
    this.#changes += 1;
  }

  /** Begins a connection; what was seen of the one before is forgotten. */
  talk(request: Request): Conversation {
    for (const machine of this.#machines) machine.seen = [];
    if (this.#cluster === null) return new Talk(this.machine, this.world, request, this.#random);
    const { machine } = this;
    return new PathTalk(
      { machines: this.#machines, cluster: this.#cluster, from: machine.name },
      this.world,
      request,
      this.#random,
    );
  }

  /** Runs a line. Never throws because of what was typed. */
  type(line: string): Typed {
    this.#steps = 0;
    const before = this.#changes;
    try {
      const list = parseLine(line);
      const isQuiet = this.#isQuiet(list);
      const output = this.#list(list);
      this.machine.pass(isQuiet ? 0 : 1000);
      // A line that changes several things is one change.
      const isChanged = this.#changes > before;
      if (isChanged) this.#changes = this.#machines.every((machine) => machine.isAsAtStart) ? 0 : before + 1;
      return { ...output, isQuiet: isQuiet && !isChanged };
    } catch (error) {
      if (error instanceof LineError) return this.#refused('LAB_SH_SIGN', { sign: error.sign });
      if (error instanceof Unknown) return this.#refused(error.id, error.params);
      throw error;
    }
  }

  #refused(id: Unknown['id'], params: Params): Typed {
    return { out: '', err: `${this.say(id, params)}\n`, status: 127, isQuiet: true };
  }

  #isQuiet(list: List): boolean {
    return list.every(({ run }) =>
      run.kind === 'pipe'
        ? run.commands.every(
            ({ words, file }) =>
              file === null && looksOnly(words.map((word) => wordText(word, this.#variables))),
          )
        : false,
    );
  }

  #list(list: List): Output {
    let all: Output = NOTHING;
    for (const { when, run } of list) {
      if ((when === 'done' && all.status !== 0) || (when === 'failed' && all.status === 0)) continue;
      all = joined(all, this.#item({ when, run }));
    }
    return all;
  }

  #item({ run }: Item): Output {
    return run.kind === 'pipe' ? this.#pipe(run.commands, null) : this.#loop(run);
  }

  #loop({ name, values, body, into }: Loop): Output {
    let all: Output = NOTHING;
    for (const value of values) {
      this.#variables.set(name, wordText(value, this.#variables));
      all = joined(all, this.#list(body));
    }
    if (into.length === 0) return all;
    const piped = this.#pipe(into, all.out);
    return { ...piped, err: `${all.err}${piped.err}` };
  }

  #pipe(commands: Pipe['commands'], stdin: string | null): Output {
    let [input, err, status] = [stdin, '', 0];
    for (const command of commands) {
      const output = this.#simple(command, input);
      err += output.err;
      input = output.out;
      status = output.status;
    }
    return { out: input ?? '', err, status };
  }

  #simple({ words, out, err, file }: Simple, stdin: string | null): Output {
    const texts = words.map((word) => wordText(word, this.#variables));
    const assigned = this.#assigned(texts);
    const ran = assigned ?? this.run(texts, stdin, null);
    const output = file === null ? ran : this.#written(ran, texts[0] ?? '', wordText(file, this.#variables));
    this.#variables.set('?', String(output.status));
    return {
      out: `${out === 'shown' ? output.out : ''}${err === 'out' ? output.err : ''}`,
      err: err === 'shown' ? output.err : '',
      status: output.status,
    };
  }

  /** `> FILE`: what a command prints goes there. */
  #written({ out, err, status }: Output, name: string, path: string): Output {
    const refused = writeFile(path, out, { shell: this, stdin: null, pod: null, name });
    if (refused === null) return { out: '', err, status };
    const why = refused === 'Invalid argument' ? `${name}: write error: ${refused}` : `${path}: ${refused}`;
    return { out: '', err: `${err}-bash: ${why}\n`, status: 1 };
  }

  /** `NAME=value` */
  #assigned(texts: readonly string[]): Output | null {
    const pairs = texts.map((text) => /^([A-Za-z_]\w{0,60})=(.*)$/s.exec(text));
    if (pairs.some((pair) => pair === null)) return null;
    for (const pair of pairs) this.#variables.set(pair?.[1] ?? '', pair?.[2] ?? '');
    return NOTHING;
  }

  /** A command in a pod's network namespace. */
  inPod(pod: LabPod, command: readonly string[], stdin: string | null): Output {
    if (this.nodeNames.length > 1 && pod.node !== this.machine.name) {
      const at = this.#machines.findIndex(({ name }) => name === pod.node);
      const here = this.#at;
      this.#at = at < 0 ? here : at;
      try {
        return this.run(command, stdin, pod);
      } finally {
        this.#at = here;
      }
    }
    return this.run(command, stdin, pod);
  }

  /** A command in a pod's own network, as the lab has it. @throws Unknown where it has none */
  #inside(pod: LabPod, command: readonly string[], stdin: string | null): Output {
    const at = this.#machines.findIndex(({ name }) => name === `inside-${pod.name}`);
    if (at < 0) {
      const known = [...IN_POD].join(' ');
      throw new Unknown('LAB_SH_COMMAND', { command: `${pod.name}: ${command[0] ?? ''}`, known });
    }
    const here = this.#at;
    this.#at = at;
    try {
      return this.run(command, stdin, null);
    } finally {
      this.#at = here;
    }
  }

  /** Runs one command. @throws Unknown */
  run(texts: readonly string[], stdin: string | null, pod: LabPod | null): Output {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS)
      throw new Unknown('LAB_SH_FORM', { command: 'for', form: `> ${String(MOST_STEPS)}` });
    const [name = '', ...words] = texts;
    const call: Call = { shell: this, stdin, pod, name };
    const wrapped = this.#wrapper(name, words, call);
    if (wrapped !== null) return wrapped;
    if (READS_FILES.has(name) && words.some((word) => word.startsWith('/var/log')))
      throw new Unknown('LAB_SH_NO_LOG', {});
    const tool = Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined;
    if (tool === undefined && pod === null) throw notFound(name);
    const isFile = name === 'cat' && words[0] === RESOLV_CONF;
    if (pod !== null && INSIDE.has(name) && !isFile) return this.#inside(pod, texts, stdin);
    if (tool === undefined || (pod !== null && !IN_POD.has(name) && !isFile))
      throw new Unknown('LAB_SH_COMMAND', {
        command: `${pod?.name ?? ''}: ${name}`,
        known: [...IN_POD].join(' '),
      });
    const output = tool(words, call);
    if (output.out.length > MOST_OUTPUT)
      throw new Unknown('LAB_SH_FORM', { command: name, form: `> ${String(MOST_OUTPUT)}` });
    // Only `ip` has marks; what others print of a dump has none.
    return name === 'ip' || FILTER_NAMES.has(name) ? output : { ...output, out: withoutMarks(output.out) };
  }

  /** Commands that run another. */
  #wrapper(name: string, words: readonly string[], { stdin, pod }: Call): Output | null {
    if (name === 'sudo') return this.#sudo(words, stdin, pod);
    if (name === 'ssh') return this.#ssh(words, stdin);
    if (name === 'watch') return this.#watch(words);
    return (name === 'exit' || name === 'logout') && pod === null ? this.#exit() : null;
  }

  #sudo(words: readonly string[], stdin: string | null, pod: LabPod | null): Output {
    const read = readSudo(words);
    if ('status' in read) return read;
    const before = this.#user;
    this.#user = read.user;
    try {
      return this.run(read.command, stdin, pod);
    } finally {
      this.#user = before;
    }
  }

  #ssh([target = '', ...command]: readonly string[], stdin: string | null): Output {
    const name = target.replace(/^\w+@/, '');
    const at = this.#machines.findIndex(
      (machine) => machine.name === name || this.hostOf(machine.name) === name,
    );
    if (at < 0) return sshBeyond(this, name, command, stdin);
    if (command.length === 0) {
      this.#left.push(this.#at);
      this.#at = at;
      return NOTHING;
    }
    const [here, depth] = [this.#at, this.#left.length];
    this.#at = at;
    try {
      return command.length === 1 ? this.#list(parseLine(command[0] ?? '')) : this.run(command, stdin, null);
    } finally {
      this.#at = here;
      this.#left.length = depth;
    }
  }

  /** Ends a login by `ssh`; the first login is the session's. */
  #exit(): Output {
    const from = this.hostOf(this.machine.name);
    const back = this.#left.pop();
    if (back === undefined) return NOTHING;
    this.#at = back;
    return { out: 'logout\n', err: `Connection to ${from} closed.\n`, status: 0 };
  }

  /** One frame of `watch`. */
  #watch(words: readonly string[]): Output {
    const rest = [...words];
    while ((rest[0] ?? '').startsWith('-')) {
      const [option = ''] = rest.splice(0, 1);
      if (/^-[a-z]*n$/.test(option)) rest.splice(0, 1);
      else if (!/^-(?:[dtn]+[\d.]*|-differences)$/.test(option))
        throw new Unknown('LAB_SH_OPTION', { command: 'watch', option, known: '-d -n S -t' });
    }
    if (rest.length === 0) return refuse('Usage: watch [options] command');
    const command = rest.join(' ');
    const output = this.#list(parseLine(command));
    return { ...output, out: `Every 2.0s: ${command}\n\n${output.out}` };
  }
}

function joined(one: Output, two: Output): Output {
  return { out: one.out + two.out, err: one.err + two.err, status: two.status };
}
