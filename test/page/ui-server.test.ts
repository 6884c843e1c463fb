/** `natwalk ui` asked by real requests: who is answered, who is not, and with what. */
import { type IncomingHttpHeaders, request } from 'node:http';
import { createConnection, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PageFiles } from '../../src/cli/ui-page.js';
import { PortError, type ServedNode, type Serving, serve } from '../../src/cli/ui-server.js';

const HTML =
  '<!doctype html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; script-src \'self\' file:" /></head></html>';
const PAGE: PageFiles = new Map([
  ['index.html', Buffer.from(HTML)],
  ['engine.js', Buffer.from('engine')],
  ['sample.js', Buffer.from('sample')],
]);
const NODE: ServedNode = { name: 'n', files: [{ name: 'a', text: '</script>\u2028' }], which: null };

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function get(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}

let serving: Serving;
beforeEach(async () => {
  serving = await serve(PAGE, NODE, 0);
});
afterEach(async () => {
  await serving.stop();
});

describe('the page of natwalk ui', () => {
  it('is there for who knows the address, with its scripts and the node', async () => {
    expect(serving.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
    const page = await get(serving.url);
    expect(page).toMatchObject({ status: 200 });
    expect(page.body).toContain('data-node="served"');
    expect((await get(`${serving.url}engine.js`)).body).toBe('engine');
    const node = await get(`${serving.url}node.js`);
    expect(node.headers['content-type']).toMatch(/^text\/javascript/);
    expect(JSON.parse(/^natwalkPart\('node', (.*)\);\n$/s.exec(node.body)?.[1] ?? '')).toEqual(NODE);
  });

  it('says that it shows no node where none was given', async () => {
    const other = await serve(PAGE, null, 0);
    expect((await get(other.url)).body).not.toContain('data-node');
    expect((await get(`${other.url}node.js`)).status).toBe(404);
    await other.stop();
  });

  it('has a token of its own each time', async () => {
    const other = await serve(PAGE, null, 0);
    expect(new URL(other.url).pathname).not.toBe(new URL(serving.url).pathname);
    await other.stop();
  });

  it('is not there without the token, nor is anything else', async () => {
    const { origin, pathname } = new URL(serving.url);
    const wrong = `/${'A'.repeat(32)}/`;
    for (const path of [
      ...['/', '/index.html', '/node.js', wrong, `${wrong}node.js`, pathname.slice(0, -1)],
      ...[`${pathname}../etc/passwd`, `${pathname}%2e%2e/x`, `${pathname}engine.js/`, `${pathname}__proto__`],
    ])
      expect(await get(origin + path), path).toMatchObject({ status: 404, body: 'There is no such page.\n' });
  });

  it('is refused to other names for this machine: their owner could read it', async () => {
    const { port } = new URL(serving.url);
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:1`, `[::1]:${port}`])
      expect(await get(serving.url, { host }), host).toMatchObject({ status: 403 });
    expect(await get(serving.url, { host: `localhost:${port}` })).toMatchObject({ status: 200 });
  });

  it('is there by its name alone on the port that browsers leave out', async ({ skip }) => {
    const usual = await serve(PAGE, null, 80).catch((error: unknown) => {
      if (error instanceof PortError) return null;
      throw error;
    });
    if (usual === null) return skip('port 80 cannot be had here');
    const host = '127.0.0.1';
    expect(await get(usual.url, { host })).toMatchObject({ status: 200 });
    expect(await get(usual.url, { host, origin: `http://${host}` })).toMatchObject({ status: 200 });
    expect(await get(usual.url, { host: 'evil.example' })).toMatchObject({ status: 403 });
    await usual.stop();
  });

  it('is refused to other pages', async () => {
    const { origin } = new URL(serving.url);
    for (const other of ['https://evil.example', 'null', 'http://127.0.0.1', `${origin}.evil.example`])
      expect(await get(serving.url, { origin: other }), other).toMatchObject({ status: 403 });
    expect(await get(serving.url, { origin })).toMatchObject({ status: 200 });
    const script = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
      'sec-fetch-dest': 'script',
    };
    expect(await get(`${serving.url}node.js`, script)).toMatchObject({ status: 403 });
    expect(await get(`${serving.url}node.js`, { ...script, 'sec-fetch-site': 'same-site' })).toMatchObject({
      status: 403,
    });
    const frame = { ...script, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' };
    expect(await get(serving.url, frame)).toMatchObject({ status: 403 });
    expect(await get(serving.url, { ...frame, 'sec-fetch-dest': 'document' })).toMatchObject({ status: 200 });
  });

  it('takes nothing', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect(await get(serving.url, {}, method)).toMatchObject({ status: 405 });
    expect(await get(serving.url, {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it('comes with headers that let it do nothing else', async () => {
    for (const path of ['', 'engine.js', 'node.js', 'nothing']) {
      const { headers } = await get(serving.url + path);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    const { headers } = await get(serving.url);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
    );
  });

  it('listens on 127.0.0.1 alone, and not any more when it was stopped', async () => {
    const { port } = new URL(serving.url);
    const reaches = async (host: string): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = createConnection({ host, port: Number(port) }, () => {
          socket.destroy();
          resolve(true);
        });
        socket.on('error', () => resolve(false));
      });
    expect(await reaches('127.0.0.1')).toBe(true);
    expect(await reaches('127.0.0.2')).toBe(false);
    expect(await reaches('::1')).toBe(false);
    const open = createConnection({ host: '127.0.0.1', port: Number(port) });
    await new Promise((resolve) => open.once('connect', resolve));
    const cut = new Promise((resolve) => open.once('close', resolve));
    await serving.stop();
    await cut;
    expect(await reaches('127.0.0.1')).toBe(false);
    serving = await serve(PAGE, null, 0);
  });

  it('says which port cannot be had', async () => {
    const taken = createServer();
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as { port: number }).port));
    });
    await expect(serve(PAGE, null, port)).rejects.toThrow(PortError);
    await new Promise((resolve) => taken.close(resolve));
  });
});
