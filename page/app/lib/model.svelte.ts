/** What the page knows and shows: the node, the question, its answer, and where in the walk the reader is. */
import { EMPTY_PACKET } from '../../shared/empty-packet.js';
import type {
  Ask,
  FindingView,
  FormProblem,
  GivenFile,
  Loaded,
  PacketForm,
  Progress,
} from '../../shared/protocol.js';
import type { Slice } from '../../shared/slice.js';
import type { Edit, LegView, OutcomeView, StepView, WalkView } from '../../shared/walk.js';
import { withCommands, withEdit } from './edit-list.js';
import { Engine, EngineError, EngineStopped } from './engine.js';
import { type Named, type TooLarge, take } from './files.js';
import { hasNode, part } from './part.js';
import { sharedIn } from './shared-file.js';
import type { Sample } from './sample-names.js';
import { sampleOf } from './samples.js';
import { t, words } from './words.svelte.js';

/** What is going on while the reader waits. */
export interface Busy {
  readonly text: string;
  readonly done: number;
  readonly all: number | null;
}

/** What another node takes the place of, and what comes back when that one is left. */
const KEPT = [
  ...(['engine', 'loaded', 'nothingIn', 'nodeOpen', 'flow', 'asked', 'settled', 'pick', 'edits'] as const),
  ...(['isBefore', 'problems', 'badEdit', 'walk', 'shared', 'outcomeAt', 'legAt', 'stepAt'] as const),
  'sample',
] as const;
export type KeptNode = Pick<Model, (typeof KEPT)[number] | 'form'>;

class Model {
  engine: Engine | null = null;
  loaded: Loaded | null = $state.raw(null);
  /** What was just read held nothing, and the node from before is still there. */
  nothingIn: Loaded | null = $state.raw(null);
  tooLarge: readonly TooLarge[] = $state.raw([]);
  busy: Busy | null = $state.raw(null);
  failed: string | null = $state(null);
  nodeOpen: boolean = $state(false);

  form: PacketForm = $state({ ...EMPTY_PACKET });
  flow: boolean = $state(false);
  /** The question that was asked last. */
  asked: Ask | null = $state.raw(null);
  settled: readonly string[] = $state.raw([]);
  pick: string | null = $state(null);
  edits: readonly Edit[] = $state.raw([]);
  /** The walk of the unchanged node is shown, though there are changes. */
  isBefore: boolean = $state(false);
  problems: readonly FormProblem[] = $state.raw([]);
  badEdit: { readonly edit: Edit; readonly findings: readonly FindingView[] } | null = $state.raw(null);

  walk: WalkView | null = $state.raw(null);
  shared: Slice | null = $state.raw(null);
  /** What is wrong with the link that the page was opened by. */
  linkProblem: string | null = $state(null);
  outcomeAt: number = $state(0);
  legAt: number = $state(0);
  stepAt: number = $state(0);
  playing: boolean = $state(false);
  /** Which example the node is; null for the reader's own. */
  sample: Sample | null = $state(null);
  /** The engine that reads a node just now. */
  reading: Engine | null = $state.raw(null);

  get outcome(): OutcomeView | null {
    return this.walk?.outcomes[this.outcomeAt] ?? null;
  }

  get leg(): LegView | null {
    return this.outcome?.legs[this.legAt] ?? null;
  }

  get step(): StepView | null {
    return this.leg?.steps[this.stepAt] ?? null;
  }

  /** Starts the engine, unless it runs. */
  async #start(): Promise<Engine> {
    if (this.engine !== null) return this.engine;
    this.busy = { text: t('PAGE_STAGE_ENGINE'), done: 0, all: null };
    return (this.engine = await this.#another());
  }

  async #another(): Promise<Engine> {
    const engine = await Engine.start();
    engine.onProgress = (progress) => this.#progress(progress);
    return engine;
  }

  /** Reads no further: what was there before is there still. */
  stopReading(): void {
    const { reading } = this;
    if (reading === null) return;
    if (this.engine === reading) this.engine = null;
    reading.stop();
  }

  #progress({ stage, done, all }: Progress): void {
    const text = stage === 'read' ? t('PAGE_STAGE_READ') : t('PAGE_STAGE_UNPACK', { done, all: all ?? 0 });
    this.busy = { text, done, all };
  }

  /** Runs what may fail for the engine's sake, and says so in place. */
  async guarded(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (error instanceof EngineStopped) return;
      if (!(error instanceof EngineError)) throw error;
      this.failed = error.message;
    } finally {
      this.busy = null;
    }
  }

  /** The node that the page was served with, or the first example. */
  async begin(asked: Ask | null, sample: Sample = 'node'): Promise<void> {
    if (!hasNode() || sample !== 'node') return this.beginSample(sample, asked);
    await this.guarded(async () => {
      const served = await part('node');
      await this.#read(served?.name ?? '', served?.files ?? [], served?.which ?? null, asked);
    });
  }

  /** One of the examples that come with the page. */
  async beginSample(sample: Sample, asked: Ask | null): Promise<void> {
    await this.guarded(async () => {
      const { name, files, ask, outcome } = await sampleOf(sample);
      const at = asked === null ? outcome : 0;
      if (await this.#read(name, files, null, asked ?? ask)) [this.sample, this.outcomeAt] = [sample, at];
    });
  }

  /** Asks a question of a link about the node that is there. */
  async askOf(asked: Ask): Promise<void> {
    const { loaded } = this;
    if (loaded === null) await this.begin(asked);
    else await this.guarded(() => this.#show(loaded, asked));
  }

  /** All that is shown, as it is: to be put back. */
  keep(): KeptNode {
    const kept = Object.fromEntries(KEPT.map((name) => [name, this[name]])) as unknown as KeptNode;
    return { ...kept, form: { ...this.form } };
  }

  putBack(kept: KeptNode): void {
    Object.assign(this, kept);
  }

  /** Opens a node with its question in an engine of its own: the node that was there stays in the other. */
  async openBeside(name: string, files: readonly GivenFile[], asked: Ask): Promise<void> {
    this.engine = null;
    [this.outcomeAt, this.legAt, this.stepAt] = [0, 0, 0];
    [this.failed, this.nodeOpen] = [null, false];
    await this.guarded(async () => {
      await this.#read(name, files, null, asked);
    });
  }

  async readText(text: string): Promise<void> {
    const files = [{ name: 'pasted.txt', text }];
    await this.guarded(async () => {
      await this.#read(t('PAGE_PASTED'), files, null, null);
    });
  }

  async readFiles(list: readonly Named[]): Promise<void> {
    const all = list.length;
    await this.guarded(async () => {
      const { files, tooLarge } = await take(list, (done) => {
        this.busy = { text: t('PAGE_STAGE_FILES', { done, all }), done, all };
      });
      this.tooLarge = tooLarge;
      if (files.length === 0) return;
      const slice = sharedIn(files);
      if (slice !== null) {
        this.nodeOpen = false;
        this.open(slice);
        return;
      }
      const [first] = list;
      const name =
        list.length === 1
          ? (first?.file.name ?? '')
          : `${first?.path.split('/')[0] ?? ''} +${String(all - 1)}`;
      await this.#read(name, files, null, null);
    });
  }

  async #read(
    name: string,
    files: readonly GivenFile[],
    which: string | null,
    asked: Ask | null,
  ): Promise<boolean> {
    // The node that is there stays in its own engine until the other one has been read.
    const before = this.loaded === null ? null : this.engine;
    const engine = before === null ? await this.#start() : await this.#another();
    this.failed = null;
    this.busy = { text: t('PAGE_STAGE_READ'), done: 0, all: null };
    const hand = files.flatMap((file) => ('bytes' in file ? [file.bytes.buffer as ArrayBuffer] : []));
    this.reading?.stop();
    this.reading = engine;
    let loaded: Loaded;
    try {
      loaded = await engine.call('load', { name, files, which, language: words.language }, hand);
    } catch (error) {
      if (before !== null) engine.stop();
      throw error;
    } finally {
      if (this.reading === engine) this.reading = null;
    }
    if (loaded.isEmpty) {
      if (before !== null) engine.stop();
      this.nothingIn = loaded;
      this.nodeOpen = true;
      return false;
    }
    before?.stop();
    this.engine = engine;
    this.sample = null;
    await this.#show(loaded, asked);
    return true;
  }

  async #show(loaded: Loaded, asked: Ask | null): Promise<void> {
    this.nothingIn = null;
    this.loaded = loaded;
    this.shared = null;
    this.linkProblem = null;
    this.form = { ...(asked?.packet ?? loaded.example) };
    this.settled = asked?.settled ?? [];
    this.pick = asked?.pick ?? null;
    this.edits = asked?.edits ?? [];
    this.flow = asked?.flow ?? false;
    this.isBefore = false;
    // The walk of the node before is none of this one, should its first question have no answer.
    this.walk = null;
    this.asked = null;
    this.stepAt = 0;
    await this.ask();
  }

  async choose(which: string): Promise<void> {
    await this.guarded(async () => {
      if (this.engine === null) return;
      this.busy = { text: t('PAGE_STAGE_READ'), done: 0, all: null };
      await this.#show(await this.engine.call('reload', { which, language: words.language }), null);
    });
  }

  /** Another packet: what was settled and changed for the one before stays, as far as it makes sense. */
  async askForm(): Promise<void> {
    this.pick = null;
    this.settled = [];
    await this.guarded(() => this.ask());
  }

  /** Asks the question as it stands; the reader stays where he is as far as there is such a place. */
  async ask(): Promise<void> {
    const { engine } = this;
    if (engine === null) return;
    const edits = this.isBefore ? [] : this.edits;
    const asked: Ask = {
      packet: { ...this.form },
      settled: [...this.settled],
      pick: this.pick,
      edits: [...edits],
      flow: this.flow,
    };
    const answer = await engine.call('trace', { ask: asked, language: words.language });
    this.problems = answer.kind === 'form' ? answer.problems : [];
    if (answer.kind === 'edit') {
      const edit = this.edits[answer.edit];
      if (edit === undefined) return;
      this.edits = this.edits.filter((one) => one !== edit);
      // A link may have it: what else it asks has an answer still.
      if (this.walk === null) await this.ask();
      this.badEdit = { edit, findings: answer.findings };
      return;
    }
    this.badEdit = null;
    if (answer.kind === 'form') return;
    this.asked = asked;
    this.#place(answer.walk);
  }

  /** Shows a walk, at the place of the one before. */
  #place(walk: WalkView): void {
    const outcomeAt = Math.min(this.outcomeAt, Math.max(0, walk.outcomes.length - 1));
    const outcome = walk.outcomes[outcomeAt];
    const legAt = Math.min(this.legAt, Math.max(0, (outcome?.legs.length ?? 1) - 1));
    const last = Math.max(0, (outcome?.legs[legAt]?.steps.length ?? 1) - 1);
    this.walk = walk;
    this.outcomeAt = outcomeAt;
    this.legAt = legAt;
    this.stepAt = Math.min(this.stepAt, last);
  }

  async changeLanguage(): Promise<void> {
    words.set(words.language === 'en' ? 'ko' : 'en');
    if (this.shared !== null) {
      const sliced = this.shared.walks[words.language];
      if (sliced !== undefined) this.#place(sliced.walk);
      return;
    }
    await this.guarded(async () => {
      const { engine, loaded } = this;
      if (engine === null || loaded === null) return;
      this.loaded = await engine.call('reload', { which: loaded.chosen, language: words.language });
      await this.ask();
    });
  }

  async setFlow(flow: boolean): Promise<void> {
    this.flow = flow;
    this.legAt = 0;
    this.outcomeAt = 0;
    this.stepAt = 0;
    await this.guarded(() => this.ask());
  }

  /** Says of an open rule whether it matches. */
  async settle(reference: string, answer: 'yes' | 'no'): Promise<void> {
    const others = this.settled.filter((one) => !one.startsWith(`${reference}=`));
    this.settled = [...others, `${reference}=${answer}`];
    this.outcomeAt = 0;
    await this.guarded(() => this.ask());
  }

  async unsettle(one: string): Promise<void> {
    this.settled = this.settled.filter((other) => other !== one);
    await this.guarded(() => this.ask());
  }

  async keepTo(endpoint: string | null): Promise<void> {
    this.pick = endpoint;
    this.outcomeAt = 0;
    await this.guarded(() => this.ask());
  }

  /** Changes a line, and walks again. */
  async edit(edit: Edit): Promise<void> {
    this.edits = withEdit(this.edits, edit);
    this.isBefore = false;
    await this.guarded(() => this.ask());
  }

  /** Walks with rules that commands add; all of them or none. @returns whether it could */
  async add(commands: readonly string[], node: string | undefined): Promise<boolean> {
    const { edits } = this;
    this.edits = withCommands(edits, commands, node);
    this.isBefore = false;
    await this.guarded(() => this.ask());
    if (this.badEdit === null) return true;
    this.edits = edits;
    return false;
  }

  async undo(edit: Edit | null): Promise<void> {
    this.edits = edit === null ? [] : this.edits.filter((one) => one !== edit);
    this.isBefore = false;
    await this.guarded(() => this.ask());
  }

  async setBefore(isBefore: boolean): Promise<void> {
    if (this.edits.length === 0) return;
    this.isBefore = isBefore;
    await this.guarded(() => this.ask());
  }

  /** Opens a shared walk. */
  open(slice: Slice): void {
    const sliced = slice.walks[words.language] ?? slice.walks.en ?? slice.walks.ko;
    if (sliced === undefined) return;
    this.shared = slice;
    [this.legAt, this.stepAt] = [0, 0];
    const withLegs = sliced.walk.outcomes.findIndex(({ legs }) => legs.length > 0);
    this.outcomeAt = Math.max(0, withLegs);
    this.#place(sliced.walk);
  }
}

export const model: Model = new Model();
