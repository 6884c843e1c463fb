/** Numbers that iproute2 prints by name (lib/rt_names.c, lib/inet_proto.c), and back. */
import { protocolNumber } from '../address/protocols.js';
import { SCOPE } from '../routing/model.js';

function numbered(list: string): ReadonlyMap<string, number> {
  return new Map(
    list.split(' ').map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), Number(pair.slice(at + 1))];
    }),
  );
}

/** A protocol by name or number (0 to 255), also as -N prints it; null when it is none of these. */
export function ipprotoNumber(word: string): number | null {
  const text = word.replace(/^ipproto-/, '');
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 255 ? Number(text) : null;
  return protocolNumber(text);
}

const SCOPES: ReadonlyMap<string, number> = new Map<string, number>(Object.entries(SCOPE));
const SCOPE_NAMES: ReadonlyMap<number, string> = new Map([...SCOPES].map(([name, number]) => [number, name]));

/** A route or address scope by name or number (0 to 255); null when it is neither. */
export function scopeNumber(text: string): number | null {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 255 ? Number(text) : null;
  return SCOPES.get(text) ?? null;
}

/** The name of a scope. */
export function scopeName(number: number): string {
  return SCOPE_NAMES.get(number) ?? String(number);
}

/** rt_dsfield: the old TOS names and the DiffServ code points, as values of the whole byte. */
const DSFIELD: ReadonlyMap<string, number> = numbered(
  'default=0 lowdelay=0x10 throughput=0x08 reliability=0x04 mincost=0x02 AF11=0x28 AF12=0x30 ' +
    'AF13=0x38 AF21=0x48 AF22=0x50 AF23=0x58 AF31=0x68 AF32=0x70 AF33=0x78 AF41=0x88 AF42=0x90 ' +
    'AF43=0x98 CS0=0 CS1=0x20 CS2=0x40 CS3=0x60 CS4=0x80 CS5=0xa0 CS6=0xc0 CS7=0xe0 EF=0xb8',
);

/** The TOS byte of `tos`: hexadecimal (with or without 0x, as rtnl_dsfield_a2n reads it) or a name. */
export function dsfieldNumber(text: string): number | null {
  if (/^0x[0-9a-f]{1,2}$/i.test(text)) return Number(text);
  if (/^[0-9a-f]{1,2}$/i.test(text)) return Number.parseInt(text, 16);
  return DSFIELD.get(text) ?? null;
}

/** Reads an unsigned number, decimal or `0x…`, up to `most`; null when the text is none. */
export function unsigned(text: string, most = 0xffffffff): number | null {
  if (!/^(?:\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text)) return null;
  return Number(text) <= most ? Number(text) : null;
}

/** A group number (`/etc/iproute2/group` names 0 "default"); null for a name whose number the dump does not tell. */
export function groupNumber(text: string): number | null {
  return text === 'default' ? 0 : unsigned(text);
}

/** Whether a word is a hardware address (six bytes, or more for InfiniBand). */
export function isMac(text: string): boolean {
  return /^[0-9a-f]{2}(?::[0-9a-f]{2})+$/i.test(text);
}
