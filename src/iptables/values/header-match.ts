/** Matches that ask for an IPv6 extension header and for what is in it: without the header they say no, `!` or not. */
import { type Ternary, unsure } from '../../chooser/question.js';
import type { Reason } from '../extension.js';
import type { PacketView } from '../view.js';
import { hasHeader } from './extension-header.js';

/** How the header is called in sentences, and its number. */
export interface AskedHeader {
  readonly name: string;
  readonly number: number;
}

/**
 * The answer.
 * @param wanted the options as printed; '' asks for the header alone
 */
export function headerFits(header: AskedHeader, wanted: string, packet: PacketView): Ternary {
  const has = hasHeader(packet, header.number);
  if (has === false || (has === true && wanted === '')) return has;
  const { name } = header;
  return unsure(`${name} header ${wanted}`, 'UNK_HEADER', { name, wanted });
}

/** The reason of a no. */
export function lacksHeader({ name }: AskedHeader): Reason {
  return { code: 'NO_HEADER', option: null, params: { name } };
}
