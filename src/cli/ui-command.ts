/** `natwalk ui`: the page, for the browser of this machine. */
import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { message } from '../explain/messages/index.js';
import { readSnapshot } from '../snapshot/files.js';
import type { Io } from './io.js';
import { languageOf } from './language.js';
import { readNodePath } from './node-path.js';
import type { CommonOptions } from './output.js';
import { demandFiles, tellFindings } from './read-node.js';
import { STATUS } from './status.js';
import { isClusterFile, withNodes } from './ui-cluster.js';
import { type PageFiles, findPage } from './ui-page.js';
import { PortError, type ServedNode, type Serving, serve } from './ui-server.js';
import { misuse } from './usage.js';

/** Options of `ui` as Commander hands them over. */
export interface UiCommandOptions extends CommonOptions {
  readonly port?: string;
  readonly lab?: string;
  readonly open: boolean;
}

function readPort(text: string | undefined): number {
  if (text === undefined) return 0;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port >= 1 && port <= 65535))
    throw misuse('USAGE_NUMBER', '--port', { option: '--port', text, low: 1, high: 65535 });
  return port;
}

interface LabHead {
  readonly number: number;
  readonly slug: string;
}

/** The part of the page's address that opens a lab, by its number or its name; none where none is asked for. @throws UsageError */
function labAddress(page: PageFiles, text: string | undefined): string {
  if (text === undefined) return '';
  const [, part = '{"heads":[]}'] =
    /^natwalkPart\('labs', (.*)\);\n$/s.exec(String(page.get('labs.js') ?? '')) ?? [];
  const { heads } = JSON.parse(part) as { readonly heads: readonly LabHead[] };
  const nameOf = ({ number, slug }: LabHead): string => `${String(number).padStart(2, '0')}-${slug}`;
  const found = heads.find(
    (head) =>
      text === head.slug || text === nameOf(head) || (/^\d+$/.test(text) && Number(text) === head.number),
  );
  if (found === undefined)
    throw misuse('USAGE_LAB_NAME', '--lab', { text, names: heads.map(nameOf).join(', ') });
  return `#lab=${String(found.number)}`;
}

async function readServed(typed: string, io: Io, options: CommonOptions): Promise<ServedNode> {
  const { path, node } = await readNodePath(typed);
  const snapshot = await readSnapshot(path, io.stdin());
  await tellFindings(snapshot.diagnostics.list, io, options);
  demandFiles(snapshot, path);
  const [file] = snapshot.files;
  const isCluster = path !== '-' && isClusterFile(snapshot.files) && file !== undefined;
  const files = isCluster ? await withNodes(path, file, io) : snapshot.files;
  return { name: path === '-' ? 'stdin' : basename(path), files, which: node };
}

async function begin(page: PageFiles, node: ServedNode | null, port: number): Promise<Serving> {
  try {
    return await serve(page, node, port);
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    throw misuse('UI_PORT_TAKEN', '--port', { port, reason: error.reason });
  }
}

/** Programs that show an address in the user's browser. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'open', win32: 'explorer' };

function openBrowser(url: string): void {
  const opener = spawn(OPENERS[process.platform] ?? 'xdg-open', [url], { detached: true, stdio: 'ignore' });
  // The address stands on the terminal in any case.
  opener.on('error', () => undefined);
  opener.unref();
}

/** Resolves when the command is to end: by Ctrl-C, or by the signal of who runs it. */
async function ended({ signal }: Io): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal?.aborted === true) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
    if (signal !== undefined) return;
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve());
  });
}

/** Runs the command until it is ended. @throws UsageError for a snapshot that cannot be read, or a port that is taken */
export async function uiCommand(
  typed: string | undefined,
  options: UiCommandOptions,
  io: Io,
): Promise<number> {
  const language = languageOf(io, options);
  const port = readPort(options.port);
  const page = await findPage();
  if (page === null) throw misuse('UI_NO_PAGE', null);
  const place = labAddress(page, options.lab);
  const node = typed === undefined ? null : await readServed(typed, io, options);
  const serving = await begin(page, node, port);
  try {
    const end = ended(io);
    const url = `${serving.url}${place}`;
    await io.stdout.write(`${message('UI_SERVING', { url }, language)}\n`);
    await io.stderr.write(`${message('UI_END', {}, language)}\n`);
    if (options.open && io.stdout.isTerminal) openBrowser(url);
    await end;
  } finally {
    await serving.stop();
  }
  return STATUS.done;
}
