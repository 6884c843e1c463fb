/** Security parameter indexes of -m esp and -m ah. */
import { type Ternary, invertIf, unsure } from '../../chooser/question.js';
import type { Given, ValueType } from '../extension.js';
import { type NumberSpan, looseSpan } from './number.js';

const MAX = 0xffffffff;

/** `SPI` or `A:B`, 32 bits, decimal. */
export const spiSpan: ValueType<NumberSpan> = looseSpan(0, MAX);

const isEverything = ({ from, to }: NumberSpan): boolean => from === 0 && to === MAX;

/** The option's words; nothing when the span covers every SPI, inverted or not. */
export function printSpi(flag: string, given: Given<NumberSpan> | undefined): string {
  if (given === undefined || isEverything(given.value)) return '';
  return `${given.inverted ? '! ' : ''}${flag} ${spiSpan.print(given.value, 4)}`;
}

/** A packet is described without its SPI: only the whole span and an empty one are settled. */
export function spiIs(given: Given<NumberSpan> | undefined): Ternary {
  if (given === undefined) return true;
  const { from, to } = given.value;
  if (isEverything(given.value) || from > to) return from <= to !== given.inverted;
  return invertIf(given.inverted, unsure(`spi in ${String(from)}-${String(to)}`, 'UNK_SPI', { from, to }));
}
