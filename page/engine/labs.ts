/** The labs in the worker: which there are, the one that is worked on, and what is to be kept. */
import { message } from '../../src/explain/messages/index.js';
import { sanitizeLines } from '../../src/explain/sanitize.js';
import { type View, viewOf } from '../../src/explain/view.js';
import type { Grade } from '../../src/labs/grade.js';
import { type Lab, labName } from '../../src/labs/lab.js';
import {
  NO_PROGRESS,
  PROGRESS_VERSION,
  type Progress,
  type ProgressFault,
  type Run,
  newRun,
  readProgress,
  writeProgress,
} from '../../src/labs/progress.js';
import { formLine } from '../../src/labs/report/reveal.js';
import { LabSession } from '../../src/labs/session.js';
import { COMMANDS } from '../../src/labs/shell/shell.js';
import type { ImportFault, Kept, LabCalls, LabsPart, LabView } from '../shared/labs.js';
import type { Language } from '../shared/walk.js';
import { labAt, materialOf } from './labs-files.js';
import { laidOver } from './labs-progress.js';
import { labLines, labView, nameOfHead } from './labs-view.js';
import { WalkTexts, watchView } from './labs-walk.js';

const viewIn = (language: Language): View => viewOf({ language });

function isFault(read: Progress | ProgressFault): read is ProgressFault {
  return 'kind' in read;
}

function faultOf(fault: ProgressFault): ImportFault {
  return fault.kind === 'newer' ? { ...fault, known: PROGRESS_VERSION } : fault;
}

/** The lab that is worked on. */
interface Work {
  readonly session: LabSession;
  readonly language: Language;
  readonly walks: WalkTexts;
  graded: Grade | null;
  solutionIsShown: boolean;
}

type Told = Kept & { readonly lab: LabView };

/** A student at work. */
export class Labs {
  readonly #part: LabsPart;
  /** Labs that were worked on here: of these this window knows more than any other. */
  readonly #touched = new Set<string>();
  #progress: Progress = NO_PROGRESS;
  #work: Work | null = null;

  constructor(part: LabsPart) {
    this.#part = part;
  }

  /** Takes what was kept; what cannot be read is left where it is. */
  begin(document: string | null): ImportFault | null {
    const read = document === null ? NO_PROGRESS : readProgress(document);
    if (isFault(read)) return faultOf(read);
    this.#progress = read;
    return null;
  }

  list(language: Language): Kept {
    const { labs } = this.#progress;
    return {
      labs: labLines(this.#part.heads, this.#progress, language),
      document: writeProgress(this.#progress),
      isBegun: [...labs.values()].some(({ run, best }) => run !== null || best !== null),
    };
  }

  /** Opens a lab where it was left; null where there is none of that name. */
  open(which: string, language: Language): Told | null {
    const head = this.#part.heads.find(
      (one) =>
        (/^\d{1,2}$/.test(which) && Number(which) === one.number) ||
        which === one.slug ||
        which === nameOfHead(one),
    );
    const known = this.#work;
    const lab =
      head === undefined
        ? null
        : known?.session.lab.path === head.path
          ? known.session.lab
          : labAt(this.#part.texts, head.path);
    if (lab === null) return null;
    if (known?.session.lab !== lab || known.language !== language) this.#begin(lab, language);
    return this.#told(language);
  }

  #begin(lab: Lab, language: Language, run: Run | null = null): void {
    const before = this.#work?.session.lab === lab && run === null ? this.#work : null;
    const own = run ?? before?.session.run ?? this.#progress.labs.get(labName(lab))?.run ?? newRun(1);
    const session = new LabSession(lab, materialOf(this.#part.texts, lab), own, language);
    this.#work = {
      session,
      language,
      walks: new WalkTexts(lab, session.start),
      graded: before?.graded ?? null,
      solutionIsShown: before?.solutionIsShown ?? false,
    };
  }

  /** The lab that is open, in that language. */
  #demand(language: Language): Work {
    const work = this.#work;
    if (work === null) throw new Error('no lab is open');
    if (work.language !== language) this.#begin(work.session.lab, language);
    return this.#work ?? work;
  }

  #bestOf(lab: Lab): number | null {
    return this.#progress.labs.get(labName(lab))?.best ?? null;
  }

  /** Keeps the run as it is, with the better score. */
  #keep({ session }: Work, score: number | null = null): void {
    const name = labName(session.lab);
    const best = this.#bestOf(session.lab);
    const top = score === null ? best : Math.max(score, best ?? 0);
    this.#touched.add(name);
    const labs = new Map([...this.#progress.labs, [name, { run: session.run, best: top }] as const]);
    this.#progress = { current: name, labs };
  }

  #told(language: Language): Told {
    const { session, walks, graded, solutionIsShown } = this.#demand(language);
    const best = this.#bestOf(session.lab);
    const lab = labView({ session, walks, best, graded, solutionIsShown }, viewIn(language));
    return { ...this.list(language), lab };
  }

  answer({ question: id, answer, language }: LabCalls['labAnswer']['takes']): LabCalls['labAnswer']['gives'] {
    const work = this.#demand(language);
    const found = work.session.questions.find(({ question }) => question.id === id);
    if (found === undefined) throw new Error(`no question ${id}`);
    const judged = work.session.answer(found.question, answer);
    if (judged.kind === 'form')
      return { ...this.#told(language), problem: formLine(found.question, judged.code, viewIn(language)) };
    work.graded = null;
    this.#keep(work);
    return { ...this.#told(language), problem: null };
  }

  hint(language: Language): Told {
    const work = this.#demand(language);
    if (work.session.hint() !== null) {
      work.graded = null;
      this.#keep(work);
    }
    return this.#told(language);
  }

  type({ line, language }: LabCalls['labType']['takes']): LabCalls['labType']['gives'] {
    const work = this.#demand(language);
    const { session } = work;
    if (line.trim() === 'help') {
      const out = `${message('LAB_HELP_NODE', { commands: COMMANDS.join(' ') }, language)}\n`;
      const typed = { out, err: '', prompt: session.shell.prompt, isQuiet: true };
      return { ...this.#told(language), typed };
    }
    const { out, err, isQuiet } = session.type(line);
    if (!isQuiet) {
      work.graded = null;
      this.#keep(work);
    }
    const shown = (text: string): string => text.split('\t').map(sanitizeLines).join('\t');
    const typed = { out: shown(out), err: shown(err), prompt: session.shell.prompt, isQuiet };
    return { ...this.#told(language), typed };
  }

  grade(language: Language): Told {
    const work = this.#demand(language);
    work.graded = work.session.grade();
    this.#keep(work, work.graded.score);
    return this.#told(language);
  }

  /** Shows the solution: all hints count as used, as they do for the command. */
  solution(language: Language): Told {
    const work = this.#demand(language);
    while (work.session.hint() !== null);
    work.solutionIsShown = true;
    work.graded = null;
    this.#keep(work);
    return this.#told(language);
  }

  /** Begins anew with the next seed; the best score stays. */
  reset(language: Language): Told {
    const { session } = this.#demand(language);
    const { lab } = session;
    const score = session.run.answers.size + session.run.journal.length === 0 ? null : session.grade().score;
    this.#begin(lab, language, newRun((session.run.seed + 1) % 1_000_000_000));
    this.#keep(this.#demand(language), score);
    return this.#told(language);
  }

  watch({
    packet: name,
    node,
    when,
    misconception,
    language,
  }: LabCalls['labWatch']['takes']): LabCalls['labWatch']['gives'] {
    const { session } = this.#demand(language);
    const { lab, start, now, shell } = session;
    const packet = lab.packets.get(name);
    if (packet === undefined) return null;
    const stop = lab.misconceptions.get(misconception ?? '')?.stop ?? null;
    const ground = when === 'start' ? start : now;
    const { machines } = shell;
    const hosts = { machines, hostOf: (one: string) => shell.hostOf(one) };
    return watchView(lab, { packet, node, when, stop }, hosts, ground, viewIn(language));
  }

  import({ document, language }: LabCalls['labsImport']['takes']): LabCalls['labsImport']['gives'] {
    const before = writeProgress(this.#progress);
    const read = readProgress(document);
    if (isFault(read)) return { ...this.list(language), fault: faultOf(read), count: 0, before };
    this.#progress = laidOver(read, this.#progress);
    for (const name of read.labs.keys()) this.#touched.add(name);
    this.#work = null;
    return { ...this.list(language), fault: null, count: read.labs.size, before };
  }

  restore({ document, language }: LabCalls['labsRestore']['takes']): Kept {
    const read = readProgress(document);
    if (!isFault(read)) this.#progress = read;
    this.#work = null;
    return this.list(language);
  }

  merge({ stored }: LabCalls['labsMerge']['takes']): LabCalls['labsMerge']['gives'] {
    const own = writeProgress(this.#progress);
    if (stored === null) return { document: own, fault: null };
    const read = readProgress(stored);
    if (isFault(read)) return { document: own, fault: faultOf(read) };
    this.#progress = laidOver(this.#progress, read, this.#touched);
    return { document: writeProgress(this.#progress), fault: null };
  }
}
