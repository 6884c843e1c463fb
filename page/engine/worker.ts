/** The engine's side of the page: reads requests, one after another, and answers each. */
import type { CallName, Calls, Progress, Reply, Request } from '../shared/protocol.js';
import { clean } from './clean.js';
import { clusterFileIn, readClusterFiles } from './cluster-files.js';
import { LAB_CALLS } from './labs-calls.js';
import { PathSession, loadedOf } from './path-session.js';
import { Session } from './session.js';
import { unpack } from './unpack.js';

/** What a worker has of the outside. */
interface Port {
  postMessage(reply: Reply): void;
  onmessage: ((event: { readonly data: Request }) => void) | null;
}

const port = globalThis as unknown as Port;
let session: Session | PathSession | null = null;

function progress(told: Progress): void {
  port.postMessage({ progress: told });
}

/** Of all texts, in their order; '' where the browser does not hash. */
async function digestOf(files: readonly { readonly text: string }[]): Promise<string> {
  if (!globalThis.isSecureContext) return '';
  const bytes = new TextEncoder().encode(files.map(({ text }) => text).join('\0'));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function load({ name, files, which, language }: Calls['load']['takes']): Promise<unknown> {
  const snapshot = await unpack(files, (done) => progress({ stage: 'unpack', done, all: files.length }));
  progress({ stage: 'read', done: 0, all: null });
  const digest = await digestOf(snapshot.files);
  const cluster = clusterFileIn(snapshot.files);
  const read = cluster === null ? null : readClusterFiles(cluster, snapshot.files);
  if (read !== null && read.world === null)
    return { ...loadedOf(name, read.diagnostics.list, language, digest), isEmpty: true };
  const made =
    read !== null && read.world !== null
      ? new PathSession(name, read, read.world, digest)
      : new Session(name, snapshot, which, digest);
  const loaded = made.loaded(language);
  // What was there stays where nothing of the new could be read.
  if (!loaded.isEmpty || session === null) session = made;
  return loaded;
}

function demand(): Session | PathSession {
  if (session === null) throw new Error('no node');
  return session;
}

const CALLS: { readonly [Name in CallName]: (takes: Calls[Name]['takes']) => unknown } = {
  load,
  reload({ which, language }) {
    const own = demand();
    own.choose(which);
    return own.loaded(language);
  },
  trace: ({ ask, language }) => demand().trace(ask, language),
  chain: (takes) => demand().chain(takes),
  why: (takes) => demand().why(takes),
  slice: (takes) => demand().slice(takes),
  suggest: ({ text }) => demand().suggest(text),
  export: (takes) => demand().export(takes),
  ...LAB_CALLS,
};

/** What is made visible where it is made: it has lines, or is a file that stays as it is. */
const isMadeSafe = (call: CallName): boolean => call === 'why' || Object.hasOwn(LAB_CALLS, call);

async function answer({ id, call, takes }: Request): Promise<void> {
  try {
    const run = CALLS[call] as (takes: unknown) => unknown;
    port.postMessage({ id, gives: isMadeSafe(call) ? await run(takes) : clean(await run(takes)) });
  } catch (error) {
    port.postMessage({ id, failed: error instanceof Error ? error.message : String(error) });
  }
}

// One after another: a question about a node waits until it is loaded.
let queue: Promise<void> = Promise.resolve();
port.onmessage = ({ data }) => {
  queue = queue.then(() => answer(data));
};
