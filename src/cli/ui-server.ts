/**
 * Serves the page to this machine's own browser, and to nothing else: it listens on 127.0.0.1, every address has a token
 * in it that only the one who started it is told, and requests that another page or another name led here are refused.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SnapshotFile } from '../snapshot/places.js';
import type { PageFiles } from './ui-page.js';

/** What the page is to show. */
export interface ServedNode {
  readonly name: string;
  readonly files: readonly SnapshotFile[];
  /** Which of several nodes; null leaves that to the reader. */
  readonly which: string | null;
}

/** A page that is being served. */
export interface Serving {
  readonly url: string;
  /** Ends it; connections that are open are cut. */
  stop(): Promise<void>;
}

/** Thrown where the port cannot be had; `reason` is the system's word (EADDRINUSE, EACCES). */
export class PortError extends Error {
  override readonly name = 'PortError';
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

const HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

const SCRIPT = 'text/javascript; charset=utf-8';

/** The policy that the page has within itself; as a header it can also say who may frame it. */
function policyOf(html: string): string {
  const [, own = "default-src 'none'"] =
    /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  return `${own.replace(' file:', '')}; frame-ancestors 'none'`;
}

/** Was the request led here by the page itself, or typed? A name that leads to 127.0.0.1 may be anybody's. */
function isOwn({ headers }: IncomingMessage, port: number): boolean {
  // Browsers leave the port out that is usual for http (RFC 9110, section 7.2).
  const hosts = ['127.0.0.1', 'localhost'].flatMap((name) => [
    `${name}:${String(port)}`,
    ...(port === 80 ? [name] : []),
  ]);
  if (headers.host === undefined || !hosts.includes(headers.host)) return false;
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return false;
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return true;
  // A link in a chat leads here as well as typing does; it has to know the token.
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

function isToken(given: string, token: string): boolean {
  const [one, two] = [Buffer.from(given), Buffer.from(token)];
  return one.length === two.length && timingSafeEqual(one, two);
}

interface Answer {
  readonly type: string;
  readonly body: string | Buffer;
}

/** What is at each address behind the token. */
function answersFor(page: PageFiles, node: ServedNode | null): ReadonlyMap<string, () => Answer> {
  const html = (page.get('index.html') ?? Buffer.alloc(0)).toString();
  const shown = node === null ? html : html.replace('<html lang="en"', '<html lang="en" data-node="served"');
  const index = (): Answer => ({ type: 'text/html; charset=utf-8', body: shown });
  const answers = new Map([
    ['', index],
    ['index.html', index],
  ]);
  for (const [name, body] of page)
    if (name.endsWith('.js')) answers.set(name, () => ({ type: SCRIPT, body }));
  if (node !== null)
    answers.set('node.js', () => ({ type: SCRIPT, body: `natwalkPart('node', ${JSON.stringify(node)});\n` }));
  return answers;
}

function send(
  response: ServerResponse,
  status: number,
  answer: Answer,
  policy: string,
  isHead: boolean,
): void {
  const body = Buffer.from(answer.body);
  response.writeHead(status, {
    ...HEADERS,
    'Content-Security-Policy': policy,
    'Content-Type': answer.type,
    'Content-Length': body.length,
  });
  response.end(isHead ? undefined : body);
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new PortError(error.code ?? error.message)),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/**
 * Begins to serve.
 * @param port 0 for any that is free
 * @throws PortError
 */
export async function serve(page: PageFiles, node: ServedNode | null, port: number): Promise<Serving> {
  const token = randomBytes(24).toString('base64url');
  const answers = answersFor(page, node);
  const policy = policyOf((page.get('index.html') ?? Buffer.alloc(0)).toString());
  let own = port;
  const server = createServer((request, response) => {
    const isHead = request.method === 'HEAD';
    const refuse = (status: number, text: string): void =>
      send(
        response,
        status,
        { type: 'text/plain; charset=utf-8', body: `${text}\n` },
        "default-src 'none'",
        isHead,
      );
    if (!isOwn(request, own)) {
      refuse(403, 'This page is for the one who started it.');
      return;
    }
    if (request.method !== 'GET' && !isHead) {
      response.setHeader('Allow', 'GET, HEAD');
      refuse(405, 'There is nothing to send here.');
      return;
    }
    const [path = ''] = (request.url ?? '').split(/[?#]/);
    const [, given = '', ...rest] = path.split('/');
    const answer = isToken(given, token) ? answers.get(rest.join('/')) : undefined;
    // Without the slash the page's own scripts would be looked for elsewhere.
    if (answer === undefined || rest.length === 0) refuse(404, 'There is no such page.');
    else send(response, 200, answer(), policy, isHead);
  });
  server.headersTimeout = 10_000;
  own = await listen(server, port);
  return {
    url: `http://127.0.0.1:${String(own)}/${token}/`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
