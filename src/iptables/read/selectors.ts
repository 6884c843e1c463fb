/** Values of the header options: addresses, devices, protocols (libxtables/xtables.c, iptables/xshared.c). */
import { type Family, familyOf, parseAddress } from '../../address/address.js';
import { type Prefix, everything, parsePrefix, prefixOf } from '../../address/prefix.js';
import { BadValue } from '../extension.js';
import type { HostName } from '../model.js';
import { protocolNumber } from '../../address/protocols.js';
import { byteLength } from '../values/bytes.js';
import { parseNumber } from '../values/number.js';

/** IFNAMSIZ without the final NUL. */
const LONGEST_DEVICE = 15;
/** More addresses in one option than this are refused, so that two lists cannot multiply without end. */
const MOST_ADDRESSES = 1000;

const HOST_NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})(?:\/[0-9.]{1,15})?$/;

/**
 * Completes what iptables accepts beyond a dotted quad: fewer octets (`10.1` is 10.1.0.0), and a leading zero, which
 * makes an octet octal. @returns null when it is not an IPv4 address even so
 */
function loose4(text: string): number | null {
  const parts = text.split('.');
  if (parts.length > 4) return null;
  let value = 0;
  for (let at = 0; at < 4; at += 1) {
    const part = parts[at] ?? '0';
    if (!/^[0-9]{1,4}$/.test(part)) return null;
    const octet = parseNumber(part);
    if (octet === null || Number.isNaN(octet) || octet > 255 || (part.startsWith('0') && /[89]/.test(part)))
      return null;
    value = (value << 8) | octet;
  }
  return value;
}

function prefix(text: string, family: Family): Prefix | null {
  const read = family === 6 || !/(?:^|\.)0[0-9]/.test(text) ? parsePrefix(text) : null;
  if (read !== null) return familyOf(read.address) === family ? read : null;
  if (family === 6) return null;
  const slash = text.indexOf('/');
  const address = loose4(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  if (slash < 0) return prefixOf(address, 32);
  const masked = parsePrefix(`0.0.0.0${text.slice(slash)}`);
  const mask = masked?.mask;
  return masked === null || typeof mask !== 'number' ? null : { ...masked, address: address & mask };
}

/** Reads one word of `-s` or `-d`: a comma list of addresses, networks and host names. */
export function parseAddresses(word: string, family: Family): readonly (Prefix | HostName)[] | BadValue {
  const parts = word.split(',', MOST_ADDRESSES + 1);
  if (parts.length > MOST_ADDRESSES) return new BadValue('RULE_ADDRESS_LIST', { most: MOST_ADDRESSES });
  const list: (Prefix | HostName)[] = [];
  for (const part of parts.map((one) => one.trim())) {
    const read = prefix(part, family);
    if (read !== null) list.push(read);
    else if (HOST_NAME.test(part) && /[A-Za-z_]/.test(part)) list.push({ hostName: part });
    else return addressProblem(part, family);
  }
  return list;
}

function addressProblem(text: string, family: Family): BadValue {
  const slash = text.indexOf('/');
  const bare = slash < 0 ? text : text.slice(0, slash);
  const other = parseAddress(bare);
  if (other !== null && familyOf(other) !== family)
    return new BadValue('RULE_OTHER_FAMILY', { text, family });
  if (other !== null) return new BadValue('RULE_MASK', { text: text.slice(slash) });
  return new BadValue('RULE_ADDRESS', { text });
}

/** Whether a selector holds every address of its family: such a one is not printed. */
export function isEverything(selector: Prefix | HostName, family: Family): boolean {
  return 'mask' in selector && selector.mask === everything(family).mask;
}

/** Reads the name after `-i` or `-o`; a trailing `+` is a prefix match. */
export function parseDevice(word: string): string | BadValue {
  return word !== '' && byteLength(word) <= LONGEST_DEVICE
    ? word
    : new BadValue('RULE_DEVICE', { text: word, most: LONGEST_DEVICE });
}

/** Reads the word after `-p`: a name in any case, or a number up to 255. */
export function parseProtocol(word: string): number | BadValue {
  const value = parseNumber(word) ?? protocolNumber(word);
  return value !== null && value <= 255 ? value : new BadValue('RULE_PROTOCOL', { text: word });
}
