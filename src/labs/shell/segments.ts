/** A TCP connection as tcpdump counts it: numbers, windows and options of its segments, as Linux writes them. */
import { Random } from './random.js';

/** Where a segment stands in its connection, and what it carries beside its flags. */
export interface Segment {
  /** Counted from the first of either side, as the tool does for all but a SYN. */
  readonly seq: number;
  readonly ack: number;
  /** What the two sides began with. */
  readonly first: { readonly own: number; readonly other: number };
  readonly window: number;
  readonly options: string | null;
  /** What it says over HTTP. */
  readonly http: string | null;
}

/** What is sent. */
interface Sent {
  readonly flags: readonly string[];
  /** Bytes of data. */
  readonly data: number;
  readonly http: string | null;
  /** Milliseconds of the node's clock. */
  readonly at: number;
  /** The largest packet of the device that it is sent by. */
  readonly mtu: number;
}

/** net.ipv4.tcp_window_scaling with the buffers of a machine of some gigabytes (tcp_select_initial_window). */
const SCALE = 7;
const MOST_WINDOW = 65_535;
const STAMPS = 12;

/** What an Ethernet device and the internet carry. */
export const ETHERNET_MTU = 1500;

interface Side {
  sent: number;
  received: number;
  /** The window that it began with. */
  window: number;
  stamp: number;
  readonly isn: number;
  readonly stampFrom: number;
}

/** FNV-1a, 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}

/** First number and clock of a side are hashes of the ends (net/core/secure_seq.c). */
function sideOf(key: string): Side {
  const random = new Random(hashOf(key));
  return {
    ...{ sent: 0, received: 0, window: 0, stamp: 0 },
    ...{ isn: random.between(1, 0xfffffffe), stampFrom: random.between(1, 0x7fffffff) },
  };
}

export class Segments {
  readonly #there: Side;
  readonly #back: Side;

  /** @param key the connection's ends: of one connection, the same */
  constructor(key: string) {
    this.#there = sideOf(`${key} there`);
    this.#back = sideOf(`${key} back`);
  }

  /** The next one. @param isBack it is the server's */
  next(isBack: boolean, { flags, data, http, at, mtu }: Sent): Segment {
    const [own, other] = isBack ? [this.#back, this.#there] : [this.#there, this.#back];
    const isRefused = flags.includes('RST');
    if (flags.includes('SYN')) {
      const segment = Math.min(mtu, MOST_WINDOW) - 40;
      // Whoever answers knows already that each segment will have its time.
      const unit = isBack ? segment - STAMPS : segment;
      own.window = Math.floor(MOST_WINDOW / unit) * unit;
    }
    own.stamp = (own.stampFrom + Math.floor(at)) >>> 0;
    const made: Segment = {
      ...{ seq: own.sent, ack: other.sent },
      first: { own: isRefused ? 0 : own.isn, other: other.isn },
      window: this.#window(own, flags),
      options: isRefused ? null : optionsOf(own, other, flags, mtu),
      http,
    };
    const counted = flags.includes('SYN') || flags.includes('FIN') ? 1 : 0;
    own.sent += data + counted;
    other.received += data;
    return made;
  }

  /** What is offered shrinks by what has come, and is written in steps (tcp_select_window). */
  #window({ window, received }: Side, flags: readonly string[]): number {
    if (flags.includes('RST')) return 0;
    return flags.includes('SYN') ? window : Math.ceil((window - received) / 2 ** SCALE);
  }
}

/** In the order of tcp_options_write (net/ipv4/tcp_output.c). */
function optionsOf(own: Side, other: Side, flags: readonly string[], mtu: number): string {
  const stamps = `TS val ${String(own.stamp)} ecr ${String(other.stamp)}`;
  if (!flags.includes('SYN')) return `nop,nop,${stamps}`;
  return `mss ${String(Math.min(mtu, MOST_WINDOW) - 40)},sackOK,${stamps},nop,wscale ${String(SCALE)}`;
}

/** A segment: is it on its way back, its flags, and how many bytes it carries. */
export type Turn = readonly [isBack: boolean, flags: readonly string[], bytes: number];

/** What an answer over HTTP is long. */
const ANSWER = 200;

/** A request over an open connection, from the last segment of the handshake to the last FIN. @param payload of the request */
export function turnsOf(payload: number): readonly Turn[] {
  const data: readonly Turn[] = [
    ...([[false, ['PSH', 'ACK'], payload], [true, ['ACK'], 0]] as const),
    ...([[true, ['PSH', 'ACK'], ANSWER], [false, ['ACK'], 0]] as const),
  ]; // prettier-ignore
  return [
    [false, ['ACK'], 0],
    ...(payload === 0 ? [] : data),
    ...([[false, ['FIN', 'ACK'], 0], [true, ['FIN', 'ACK'], 0], [false, ['ACK'], 0]] as const),
  ]; // prettier-ignore
}

/** What a segment of a request says, the path given. */
export function httpOf(path: string | undefined, isBack: boolean): string | null {
  if (path === undefined) return null;
  return isBack ? 'HTTP/1.1 200 OK' : `GET ${path} HTTP/1.1`;
}
