/** Runs generated cases: one set of namespaces serves all cases that differ in rules and sets alone. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Node } from '../../../src/packet/node.js';
import type { PacketInput } from '../../../src/packet/result.js';
import { FlowTracer } from '../../../src/packet/trace.js';
import { loadNode } from '../../../src/snapshot/load.js';
import { Judge, type Observation } from '../adapter/judge.js';
import { type Complaints, allOf, warningsOf } from '../adapter/complaints.js';
import { LOADED_FIRST } from '../adapter/native-rules.js';
import { RefusedError, reasonFor } from '../adapter/refusal.js';
import { scratchFolder } from '../adapter/scratch.js';
import type { Sequence } from '../adapter/wire.js';
import { Course } from './course.js';
import { type Sender, play } from './flows/play.js';
import type { Script } from './flows/script.js';
import { type PacketResult, type Unsent, compareGroup, groupsOf } from './group.js';
import { kindOf } from './kind.js';
import { FILE_NAMES, type FileName, type SoakCase } from './profile.js';

/** Dumps that can be replaced without new namespaces. */
const SAVES = [
  'iptables-save.txt',
  'ip6tables-save.txt',
  'iptables-nft-save.txt',
  'ip6tables-nft-save.txt',
] as const;
const RULES: ReadonlySet<FileName> = new Set([...SAVES, 'ipset-save.txt', 'nft-ruleset.txt']);

/** Milliseconds of the second look at what seems wrong: a late answer is no difference. */
const PATIENCE = 15;

/** Milliseconds after which the kernel asks for a neighbour again. */
const NEIGHBOUR = 1100;

/** Everything that new namespaces are needed for: the network, and which tools speak. */
function networkKey({ files }: SoakCase): string {
  const network = FILE_NAMES.filter((name) => !RULES.has(name)).map((name) => files[name] ?? '');
  const tools = SAVES.map((name) =>
    files[name] === undefined ? 'none' : files[name].includes('(nf_tables)') ? 'nft' : 'legacy',
  );
  const native = files['nft-ruleset.txt'] === undefined ? 'none' : 'native';
  return [...network, ...tools, native].join('\0');
}

/** The first complaint about a network or its settings: a reason that can be counted, and all that was said. */
function refusedNetwork({ network, settings }: Complaints): Unsent {
  const said = network === '' ? settings : network;
  const lines = said.split('\n').filter((one) => one.trim() !== '');
  const text = lines
    .slice(0, 2)
    .join(' ')
    .replace(/(line|chain) \S+/g, '$1');
  const tool = network === '' ? 'sysctl' : 'ip';
  return { kind: 'refused', why: `${tool}: ${text.slice(0, 160)}`, example: lines.slice(0, 4).join('; ') };
}

function unsentFor(error: unknown): Unsent {
  if (error instanceof RefusedError)
    return { kind: 'refused', why: reasonFor(error.refusal), example: error.message };
  return { kind: 'skipped', why: `nothing was judged: ${error instanceof Error ? error.message : 'failed'}` };
}

/** The node as natwalk has it, and the dumps that it was read from. */
interface Loaded {
  readonly node: Node;
  readonly files: SoakCase['files'];
}

/** Is told what the kernel was asked and what it did, as it counts in the end. */
export interface SessionLog {
  loaded(texts: readonly { readonly name: FileName; readonly text: string }[]): void;
  group(observations: readonly Observation[]): void;
  script(script: Script, sent: readonly Sent[]): void;
}

/** A packet of a script, and what became of it. */
export interface Sent {
  readonly packet: PacketInput;
  readonly sequence: Sequence;
  readonly observation: Observation;
}

/** A sender that remembers. */
function remembering(judge: Sender, sent: Sent[]): Sender {
  return {
    async begin() {
      const send = await judge.begin();
      return async (packet, sequence) => {
        const observation = await send(packet, sequence);
        sent.push({ packet, sequence, observation });
        return observation;
      };
    },
  };
}

/** A judge that is kept from case to case. End it with `stop`. */
export class Session {
  readonly #folder = scratchFolder('soak');
  readonly #steps: boolean;
  readonly #log: SessionLog | null;
  #judge: Judge | null = null;
  #key = '';
  /** How often a second look was taken, by what seemed wrong at first and what came of it. */
  readonly again = new Map<string, number>();
  /** What tools warned of that loaded their rules nonetheless, by how many cases it was about. */
  readonly warned = new Map<string, number>();

  /** @param steps outcomes report every rule that was tried: slower, and needed for evidence */
  constructor(steps = false, log: SessionLog | null = null) {
    this.#steps = steps;
    this.#log = log;
  }

  #tracer(node: Node): FlowTracer {
    return new FlowTracer(node, { steps: this.#steps, allRules: this.#steps });
  }

  async #load(one: SoakCase): Promise<{ judge: Judge; complaints: Complaints }> {
    for (const name of FILE_NAMES) {
      const text = one.files[name];
      if (text === undefined) rmSync(join(this.#folder, name), { force: true });
      else writeFileSync(join(this.#folder, name), text);
    }
    const key = networkKey(one);
    if (this.#judge !== null && this.#key === key)
      return { judge: this.#judge, complaints: await this.#judge.reload(this.#folder) };
    await this.#judge?.stop();
    this.#judge = null;
    const judge = await Judge.load(this.#folder, { watch: true });
    this.#judge = judge;
    // What a proposed network lacks is seen in what is listed of it.
    const { refused } = judge;
    const complaints = one.proposed === true ? { ...refused, network: '' } : refused;
    // A network of which something was refused is made anew for the next case, and refused again.
    this.#key = allOf(complaints) === '' ? key : '';
    return { judge, complaints };
  }

  /** Runs a case. Results are in the order of sending. */
  async run(one: SoakCase): Promise<PacketResult[]> {
    let loaded: { judge: Judge; complaints: Complaints };
    const unsent = (why: Unsent): PacketResult[] => {
      const opening = (one.scripts ?? []).flatMap(({ conversations }) => conversations);
      return [...one.packets, ...opening].map((packet) => ({ packet, ...why }));
    };
    try {
      loaded = await this.#load(one);
    } catch (error) {
      if (!(error instanceof RefusedError)) await this.#reset();
      return unsent(unsentFor(error));
    }
    const { judge, complaints } = loaded;
    for (const warning of warningsOf(complaints))
      this.warned.set(warning, (this.warned.get(warning) ?? 0) + 1);
    const { network, settings } = complaints;
    if (network + settings !== '') return unsent(refusedNetwork(complaints));
    const said = allOf(complaints);
    if (said !== '') return unsent(unsentFor(new Error(said)));
    const native = one.files['nft-ruleset.txt'];
    const taken = {
      ...one.files,
      ...(one.proposed === true ? await judge.network() : {}),
      ...(native === undefined
        ? {}
        : { 'nft-ruleset.txt': judge.nftListing(!native.startsWith(LOADED_FIRST)) }),
    };
    const texts = FILE_NAMES.flatMap((name) => {
      const text = taken[name];
      return text === undefined ? [] : [{ name, text }];
    });
    const node = loadNode('soak', texts);
    this.#log?.loaded(texts);
    const about: Loaded = { node, files: taken };
    const results: PacketResult[] = [];
    for (const group of groupsOf(one.packets)) results.push(...(await this.#compare(judge, about, group)));
    for (const script of one.scripts ?? []) results.push(...(await this.#play(judge, about, script)));
    return results;
  }

  /** Plays a script; with more patience when something seems wrong: a neighbour is asked for a second time after one. */
  async #play(judge: Judge, { node, files }: Loaded, script: Script): Promise<PacketResult[]> {
    let played: PacketResult[] = [];
    let sent: Sent[] = [];
    let first: string | null = null;
    for (const patience of [0, PATIENCE, NEIGHBOUR]) {
      if (patience > 0) await judge.wait(patience);
      sent = [];
      played = await play(remembering(judge, sent), this.#tracer(node), script, new Course(node, files));
      if (patience > 0) await judge.wait(0);
      const wrong = played.find((one) => one.kind === 'wrong');
      if (first !== null) this.#looked(first, wrong === undefined);
      first = wrong?.why ?? null;
      if (wrong === undefined || (patience === PATIENCE && !wrong.why.includes('nothing seen, end mark')))
        break;
    }
    this.#log?.script(script, sent);
    return played;
  }

  /** Compares a group; a second time, with patience, when something seems wrong. */
  async #compare(
    judge: Judge,
    { node, files }: Loaded,
    group: readonly PacketInput[],
  ): Promise<PacketResult[]> {
    let seen = await judge.observe(group);
    let found = compareGroup(this.#tracer(node), seen, new Course(node, files));
    const wrong = found.find((one) => one.kind === 'wrong');
    if (wrong !== undefined) {
      await judge.wait(PATIENCE);
      seen = await judge.observe(group);
      found = compareGroup(this.#tracer(node), seen, new Course(node, files));
      await judge.wait(0);
      this.#looked(
        wrong.why,
        found.every(({ kind }) => kind !== 'wrong'),
      );
    }
    this.#log?.group(seen);
    return found;
  }

  /** Settings of the last case that were left as the kernel has them. */
  get notSet(): readonly string[] {
    return this.#judge?.notSet ?? [];
  }

  #looked(why: string, vanished: boolean): void {
    const key = `${kindOf(why)}: ${vanished ? 'gone' : 'there'} at another look`;
    this.again.set(key, (this.again.get(key) ?? 0) + 1);
  }

  /** After a load that failed: namespaces that hold nothing. */
  async #reset(): Promise<void> {
    for (const name of FILE_NAMES) rmSync(join(this.#folder, name), { force: true });
    this.#judge = await Judge.load(this.#folder, { watch: true });
    this.#key = '';
  }

  async stop(): Promise<void> {
    await this.#judge?.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
