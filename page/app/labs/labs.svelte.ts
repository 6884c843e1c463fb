/** What the page knows of the labs: the list, the lab that is open, its terminal, and whether progress is kept. */
import type {
  ImportFault,
  Kept,
  LabCalls,
  LabLine,
  LabView,
  TypedView,
  WatchView,
} from '../../shared/labs.js';
import type { Language } from '../../shared/walk.js';
import { Engine, EngineError } from '../lib/engine.js';
import { part } from '../lib/part.js';
import { save } from '../lib/save.js';
import { t, words } from '../lib/words.svelte.js';
import { forgetProgress, keepProgress, putAside, recallProgress } from './keep.js';
import type { WatchRoute } from './route.js';
import { type Entry, History, shortened, withEntry } from './terminal.js';

/** Bytes of a progress file, at most. */
const MOST_PROGRESS = 4 * 1024 * 1024;

export const PROGRESS_FILE = 'natwalk-labs.json';

/** What was said of a file that was imported. */
export interface Note {
  readonly text: string;
  readonly isBad: boolean;
  /** The document from before, while that can be taken back. */
  readonly before: string | null;
  readonly file: string;
}

/** The terminal of a lab. */
export class Terminal {
  entries: readonly Entry[] = $state.raw([]);
  line: string = $state('');
  readonly history: History = new History();
}

type Told = Kept & { readonly lab: LabView };

class Labs {
  #ready: Promise<Engine | null> | null = null;
  #terminals = new Map<string, Terminal>();
  /** Requests that are not answered yet. */
  #running = 0;

  lines: readonly LabLine[] = $state.raw([]);
  /** The language of all that is told here; null before anything was. */
  language: Language | null = $state(null);
  lab: LabView | null = $state.raw(null);
  /** The lab that is open, as it was asked for. */
  opened: string | null = $state(null);
  terminal: Terminal | null = $state.raw(null);
  /** What is asked for and is not there. */
  missing: string | null = $state(null);
  /** Something is asked of the engine. */
  busy: boolean = $state(false);
  failed: string | null = $state(null);
  /** Why the last answer to a question did not count. */
  problem: { readonly question: string; readonly text: string } | null = $state.raw(null);
  isBegun: boolean = $state(false);
  document: string = $state.raw('');
  isKept: boolean = $state(false);
  keepFault: ImportFault | { readonly kind: 'full' } | null = $state.raw(null);
  note: Note | null = $state.raw(null);

  /** Starts the labs' own engine and takes the labs in, once. Null where there are none. */
  async #start(): Promise<Engine | null> {
    const found = await part('labs');
    if (found === null) {
      this.missing = t('LABS_NO_PART');
      return null;
    }
    const engine = await Engine.start();
    const stored = recallProgress();
    const { language } = words;
    const told = await engine.call('labs', { part: found, document: stored, language });
    this.keepFault = told.fault;
    this.isKept = stored !== null && told.fault === null;
    this.#show(told, language);
    return engine;
  }

  /** Runs what may fail for the engine's sake, and says so in place. */
  async #guarded<T>(run: (engine: Engine) => Promise<T>): Promise<T | null> {
    this.#running += 1;
    this.busy = true;
    try {
      this.#ready ??= this.#start();
      const engine = await this.#ready;
      return engine === null ? null : await run(engine);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      this.failed = error.message;
      return null;
    } finally {
      this.#running -= 1;
      this.busy = this.#running > 0;
    }
  }

  #show({ labs, document, isBegun }: Kept, language: Language): void {
    this.language = language;
    this.lines = labs;
    this.document = document;
    this.isBegun = isBegun;
  }

  async #take(told: Told, engine: Engine): Promise<void> {
    const hasChanged = told.document !== this.document;
    this.#show(told, told.lab.language);
    this.lab = told.lab;
    if (hasChanged && this.isKept) await this.#write(engine);
  }

  /** Writes what is to be kept over what another window may have kept. */
  async #write(engine: Engine): Promise<void> {
    const { document, fault } = await engine.call('labsMerge', { stored: recallProgress() });
    this.keepFault = fault;
    if (fault === null && !keepProgress(document)) this.keepFault = { kind: 'full' };
    this.isKept = this.keepFault === null;
  }

  async showList(): Promise<void> {
    this.missing = null;
    await this.#list();
  }

  async #list(): Promise<void> {
    await this.#guarded(async (engine) => {
      const { language } = words;
      this.#show(await engine.call('labsList', { language }), language);
    });
  }

  async open(which: string): Promise<void> {
    this.missing = null;
    await this.#guarded(async (engine) => {
      const told = await engine.call('lab', { which, language: words.language });
      if (told === null) {
        [this.lab, this.opened] = [null, null];
        this.missing = t('LABS_NONE', { which });
        return;
      }
      this.problem = null;
      await this.#take(told, engine);
      this.#openTerminal(told.lab);
      this.opened = which;
    });
  }

  #openTerminal({ name, task }: LabView): void {
    const known = this.#terminals.get(name);
    if (known !== undefined) {
      this.terminal = known;
      return;
    }
    const terminal = new Terminal();
    const lines = task?.journal ?? [];
    for (const line of lines) terminal.history.add(line);
    const text =
      lines.length === 0 ? t('LABS_TERMINAL_NEW') : t('LABS_TERMINAL_AGAIN', { count: lines.length });
    terminal.entries = withEntry([], { prompt: '', line: '', text: '', problem: `# ${text}`, cut: 0 });
    this.#terminals.set(name, terminal);
    this.terminal = terminal;
  }

  /** The same again in the language of now. */
  async inLanguage(): Promise<void> {
    if (this.opened === null) await this.#list();
    else await this.open(this.opened);
  }

  async #call(name: 'labHint' | 'labGrade' | 'labSolution' | 'labReset'): Promise<void> {
    await this.#guarded(async (engine) => {
      await this.#take(await engine.call(name, { language: words.language }), engine);
    });
  }

  hint(): Promise<void> {
    return this.#call('labHint');
  }

  grade(): Promise<void> {
    return this.#call('labGrade');
  }

  solution(): Promise<void> {
    return this.#call('labSolution');
  }

  async reset(): Promise<void> {
    if (this.lab !== null) this.#terminals.delete(this.lab.name);
    await this.#call('labReset');
    if (this.lab !== null) this.#openTerminal(this.lab);
  }

  async answer(question: string, answer: string): Promise<void> {
    await this.#guarded(async (engine) => {
      const told = await engine.call('labAnswer', { question, answer, language: words.language });
      this.problem = told.problem === null ? null : { question, text: told.problem };
      await this.#take(told, engine);
    });
  }

  /** Types a line; what the terminal is asked itself is done here. */
  async type(line: string): Promise<void> {
    const { terminal, lab } = this;
    if (terminal === null || lab === null) return;
    terminal.history.add(line);
    if (line.trim() === 'clear') {
      terminal.entries = [];
      return;
    }
    const { prompt } = lab;
    if (line.trim() === '') {
      terminal.entries = withEntry(terminal.entries, { prompt, line: '', text: '', problem: '', cut: 0 });
      return;
    }
    await this.#guarded(async (engine) => {
      const told = await engine.call('labType', { line, language: words.language });
      terminal.entries = withEntry(terminal.entries, entryOf(prompt, line, told.typed));
      await this.#take(told, engine);
    });
  }

  watch({ packet, node, when, misconception }: WatchRoute): Promise<WatchView | null> {
    return this.#guarded((engine) =>
      engine.call('labWatch', { packet, node, when, misconception, language: words.language }),
    );
  }

  /** Keeps progress in this browser from now on, or forgets what is kept. */
  async setKept(isKept: boolean): Promise<void> {
    if (!isKept) {
      forgetProgress();
      [this.isKept, this.keepFault] = [false, null];
      return;
    }
    await this.#guarded(async (engine) => {
      if (this.keepFault?.kind === 'damaged') {
        putAside(recallProgress() ?? '');
        forgetProgress();
      }
      await this.#write(engine);
    });
  }

  /** What is kept in this browser, as it is, for who wants to look into it. */
  takeOut(): void {
    save(PROGRESS_FILE, 'application/json', recallProgress() ?? '');
  }

  export(): void {
    save(PROGRESS_FILE, 'application/json', this.document);
  }

  async import(file: File): Promise<void> {
    // A name may hold what reorders or hides text.
    const name = file.name.replaceAll(/\p{C}/gu, '\ufffd');
    const bad = (text: string): Note => ({ text, isBad: true, before: null, file: name });
    if (file.size > MOST_PROGRESS) {
      this.note = bad(t('LABS_IMPORT_LARGE', { file: name }));
      return;
    }
    const text = await file.text();
    await this.#guarded(async (engine) => {
      const told = await engine.call('labsImport', { document: text, language: words.language });
      const { fault, count, before } = told;
      if (fault !== null) {
        this.note = bad(
          fault.kind === 'newer'
            ? t('LABS_IMPORT_NEWER', { file: name, version: fault.version, known: fault.known })
            : t('LABS_IMPORT_DAMAGED', { file: name, place: fault.place }),
        );
        return;
      }
      this.note = { text: t('LABS_IMPORTED', { file: name, count }), isBad: false, before, file: name };
      await this.#afresh(told, engine);
      if (this.isKept) await this.#write(engine);
    });
  }

  /** Shows what there is now, whatever was shown. */
  async #afresh(kept: Kept, engine: Engine): Promise<void> {
    this.#show(kept, words.language);
    this.#terminals.clear();
    const { lab } = this;
    if (lab === null) return;
    const told = await engine.call('lab', { which: lab.name, language: words.language });
    if (told === null) return;
    this.lab = told.lab;
    this.#openTerminal(told.lab);
  }

  /** Takes the last import back. */
  async undoImport(): Promise<void> {
    const { note } = this;
    if (note?.before === undefined || note.before === null) return;
    const document: LabCalls['labsRestore']['takes']['document'] = note.before;
    await this.#guarded(async (engine) => {
      await this.#afresh(await engine.call('labsRestore', { document, language: words.language }), engine);
      // Laid over what is kept, it would not take anything back.
      if (this.isKept && !keepProgress(document)) this.keepFault = { kind: 'full' };
      this.note = {
        text: t('LABS_IMPORT_UNDONE', { file: note.file }),
        isBad: false,
        before: null,
        file: note.file,
      };
    });
  }
}

function entryOf(prompt: string, line: string, { out, err }: TypedView): Omit<Entry, 'id'> {
  const { text, cut } = shortened(out);
  return { prompt, line, text, problem: err.replace(/\n$/, ''), cut };
}

export const labs: Labs = new Labs();
