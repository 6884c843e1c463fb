/**
 * The part of the address behind `#`, which a browser does not send. `#v1.DATA~O.L.S` holds a shared walk, `#q1.DATA~O.L.S` a
 * question about the node at hand; O, L and S say which outcome, whose way, which step. Behind them may stand which example
 * a question is about: `~cluster`.
 */
import type { Ask } from '../../shared/protocol.js';
import { SLICE_VERSION, type Slice } from '../../shared/slice.js';
import { compact, expand } from './compact.js';
import { fromBase64, toBase64 } from './base64.js';
import { type Sample, isSample } from './sample-names.js';
import { isAsk, isSlice } from './well-formed.js';

/** Where in a walk. */
export interface Place {
  readonly outcome: number;
  readonly leg: number;
  readonly step: number;
}

/** The example that a question is about; null for the node at hand. */
export type About = Sample | null;

/** What a link comes to. */
export type Link =
  | { readonly kind: 'none' }
  | { readonly kind: 'walk'; readonly slice: Slice; readonly place: Place }
  | { readonly kind: 'question'; readonly ask: Ask; readonly place: Place; readonly sample: About }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'cut' };

/** What is unpacked of a link, at most: links are made by anybody. */
const MOST = 8 * 1024 * 1024;

async function pass(
  bytes: Uint8Array<ArrayBuffer>,
  through: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const stream: ReadableStream<Uint8Array<ArrayBuffer>> = new Blob([bytes]).stream().pipeThrough(through);
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > MOST) throw new RangeError('too large');
    pieces.push(next.value);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/** A value as the text of a link. */
export async function pack(value: Slice): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(compact(value)));
  return toBase64(await pass(bytes, new CompressionStream('deflate-raw')));
}

/** @throws Error for what is damaged */
async function unpacked(data: string): Promise<unknown> {
  const bytes = fromBase64(data);
  if (bytes === null) throw new RangeError('not base64url');
  const text = new TextDecoder('utf-8', { fatal: true }).decode(
    await pass(bytes, new DecompressionStream('deflate-raw')),
  );
  return JSON.parse(text) as unknown;
}

export function placeText({ outcome, leg, step }: Place): string {
  return `~${String(outcome)}.${String(leg)}.${String(step)}`;
}

function placeOf(text: string): Place {
  const [, outcome, leg, step] = /^(\d{1,4})\.(\d{1,4})\.(\d{1,5})$/.exec(text) ?? [];
  return { outcome: Number(outcome ?? 0), leg: Number(leg ?? 0), step: Number(step ?? 0) };
}

/** The question as the text of a link: short enough to be read. */
export function questionText(ask: Ask): string {
  return `q1.${toBase64(new TextEncoder().encode(JSON.stringify(ask)))}`;
}

/** Reads what stands behind `#`. */
export async function readLink(hash: string): Promise<Link> {
  const [, kind = '', version = '', data = '', where = ''] =
    /^#([vq])(\d{1,4})\.([^~]*)(?:~(.*))?$/.exec(hash) ?? [];
  if (kind === '') return /^#[vq]/.test(hash) ? { kind: 'cut' } : { kind: 'none' };
  if (Number(version) > SLICE_VERSION) return { kind: 'newer', version: Number(version) };
  const [at = '', named = ''] = where.split('~');
  const place = placeOf(at);
  try {
    if (kind === 'q') {
      const bytes = fromBase64(data);
      const value: unknown = bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes));
      const sample = isSample(named) ? named : null;
      return isAsk(value) ? { kind: 'question', ask: value, place, sample } : { kind: 'cut' };
    }
    const value = expand((await unpacked(data)) as Slice);
    return isSlice(value) ? { kind: 'walk', slice: value, place } : { kind: 'cut' };
  } catch {
    return { kind: 'cut' };
  }
}
