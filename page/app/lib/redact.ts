/**
 * Hides addresses, names and comments of a walk. One address becomes the same other one everywhere, and addresses that share
 * leading bits still share as many, so that a rule's network still covers what it covered.
 */

/** Networks that say nothing of anybody: loopback, link-local, multicast, and the two ends of everything. */
const OPEN = /^(?:0\.0\.0\.0|127\.|169\.254\.|22[4-9]\.|23\d\.|255\.255\.255\.255)/;

/** Numbers from 0 to 255 that nobody can guess. */
export type Draw = () => number;

const drawByte: Draw = () => crypto.getRandomValues(new Uint8Array(1))[0] ?? 0;

/** Makes one address of another. */
export class Disguise {
  readonly #draw: Draw;
  /** What is laid over an octet, by the octets before it. */
  readonly #masks = new Map<string, number>();
  readonly #networks6 = new Map<string, number>();
  readonly #hosts6 = new Map<string, number>();
  readonly #words = new Map<string, string>();

  constructor(draw: Draw = drawByte) {
    this.#draw = draw;
  }

  #mask(before: string): number {
    const known = this.#masks.get(before);
    if (known !== undefined) return known;
    const made = this.#draw();
    this.#masks.set(before, made);
    return made;
  }

  /** An IPv4 address; with a prefix length its bits behind that are 0 again. All of them lie in 10.0.0.0/8. */
  address4(text: string, length: number | null): string {
    if (OPEN.test(text) || length === 0) return text;
    const octets = text.split('.').map(Number);
    const made = octets.map((octet, index) => {
      if (index === 0) return 10;
      // The first two octets become one: what was in two networks must not fall into one.
      const before = octets.slice(0, index).join('.');
      return octet ^ this.#mask(index === 1 ? `net ${before}` : before);
    });
    if (length === null) return made.join('.');
    return made
      .map((octet, index) => {
        const left = Math.max(0, Math.min(8, length - index * 8));
        return octet & (0xff << (8 - left)) & 0xff;
      })
      .join('.');
  }

  /** An IPv6 address: its network of 64 bits and what is behind are each counted through. */
  address6(text: string): string {
    if (/^(?:::1?|f[ef]\w\w:.*)$/i.test(text)) return text;
    const [head = '', tail = ''] = text.split('::');
    const groups = head.split(':');
    const network = groups.slice(0, 4).join(':');
    const rest = [...groups.slice(4), tail].join(':');
    const number = (known: Map<string, number>, key: string): string => {
      const place = known.get(key) ?? known.size + 1;
      known.set(key, place);
      return place.toString(16);
    };
    const host = rest.replaceAll(':', '') === '' ? '' : number(this.#hosts6, rest);
    return `2001:db8:${number(this.#networks6, network)}::${host}`;
  }

  /** A name, counted through. */
  word(text: string, kind: string): string {
    const known = this.#words.get(text) ?? `${kind}${String(this.#words.size + 1)}`;
    this.#words.set(text, known);
    return known;
  }
}

const IPV4 = /(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?(?![\d.])/g;
const IPV6 =
  /(?<![\w:.])((?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4})*:{0,2}|(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4})*)?)(?![\w:])/gi;
/** Devices and chains whose names come from those of pods and services. */
const DERIVED =
  /\b(eni|cali|veth|lxc|gke|azv)([0-9a-f]{6,})\b|\b(KUBE-(?:SVC|SEP|EXT|FW|XLB|SVL|POD-FW|NWPLCY)-|cali-[a-z]+-)([\w-]{6,})/g;

/** Words that say what a thing is, not which. */
const PLAIN = new Set([
  'endpoint',
  'of',
  'service',
  'pod',
  'node',
  'port',
  'svc',
  'no',
  'such',
  'load',
  'balancer',
  'default',
  'external',
  'address',
  'the',
  'pods',
  'its',
  'a',
  'an',
  'and',
  'or',
]);

/** Hides what a text tells of somebody. */
export function hideText(text: string, names: readonly string[], disguise: Disguise): string {
  let hidden = text
    .replace(/--comment (?:"(?:[^"\\]|\\.)*"|\S+)/g, '--comment "..."')
    .replace(/"(?:[^"\\]|\\.)*"/g, '"..."')
    .replace(DERIVED, (_whole, device?: string, hash?: string, chain?: string, rest?: string) =>
      device === undefined
        ? `${chain ?? ''}${disguise.word(rest ?? '', 'X')}`
        : disguise.word(`${device}${hash ?? ''}`, device),
    );
  for (const name of names)
    hidden = hidden.replaceAll(
      new RegExp(`(?<![\\w.-])${name.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}(?![\\w-])`, 'g'),
      () => disguise.word(name, 'name'),
    );
  return hidden
    .replace(IPV6, (whole) => disguise.address6(whole))
    .replace(IPV4, (_whole, address: string, length?: string) => {
      const bits = length === undefined ? null : Number(length);
      return `${disguise.address4(address, bits)}${length === undefined ? '' : `/${length}`}`;
    });
}

/** The same value with every text in it hidden. */
export function hideAll(value: unknown, names: readonly string[], disguise: Disguise): unknown {
  const wanted = names
    .filter((name) => name.length > 1 && !PLAIN.has(name) && !/^[\d.:]+$/.test(name))
    .toSorted((a, b) => b.length - a.length);
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return hideText(one, wanted, disguise);
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(value);
}
