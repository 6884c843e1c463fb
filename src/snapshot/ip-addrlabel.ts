/** Reads and prints `ip addrlabel` (iproute2 ip/ipaddrlabel.c print_addrlabel), text and JSON. */
import { formatPrefix, parsePrefix } from '../address/prefix.js';
import { inKernelOrder } from '../routing/label.js';
import type { AddressLabel } from '../routing/model.js';
import { isJson, jsonObjects, strange } from './json/listing.js';
import { type JsonObject, member, textAt, wordOf } from './json/value.js';
import { type TextLine, textLines } from './lines.js';
import { type SectionReport, shown } from './report.js';
import type { Word } from './word.js';

/** A label has 32 bits; the last value is that of addresses without one. */
const HIGHEST = 0xffffffff;

interface Fields {
  /** `::1/128`. */
  readonly prefix: Word;
  readonly device: string | null;
  readonly label: Word;
}

function entryOf({ prefix, device, label }: Fields, report: SectionReport): AddressLabel | null {
  const bad = (word: string, { text, at }: Word): null => {
    report.error('READ_VALUE', at, at + text.length, { word, value: shown(text) });
    return null;
  };
  const found = /^[0-9a-f:.]+\/\d{1,3}$/i.test(prefix.text) ? parsePrefix(prefix.text) : null;
  if (typeof found?.address !== 'bigint') return bad('prefix', prefix);
  const value = /^(?:\d{1,10}|0x[0-9a-f]{1,8})$/i.test(label.text) ? Number(label.text) : HIGHEST + 1;
  return value > HIGHEST ? bad('label', label) : { prefix: found, device, label: value };
}

function readLine(line: TextLine, report: SectionReport): AddressLabel | null {
  const [first, prefix, third, device] = line.words;
  const ofDevice = third?.text === 'dev';
  const [word, label, odd] = line.words.slice(ofDevice ? 4 : 2);
  if (first?.text !== 'prefix') {
    report.other(line.start, line.end);
    return null;
  }
  if (word?.text !== 'label' || prefix === undefined || label === undefined) {
    const { source } = report;
    report.error('READ_LINE', line.start, line.end, { line: shown(source.text.slice(line.start, line.end)) });
    return null;
  }
  if (odd !== undefined) {
    report.error('READ_WORD', odd.at, odd.at + odd.text.length, { word: shown(odd.text) });
    return null;
  }
  return entryOf({ prefix, device: ofDevice ? (device?.text ?? null) : null, label }, report);
}

function readObject(object: JsonObject, report: SectionReport): AddressLabel | null {
  const address = wordOf(member(object, 'address'));
  const length = textAt(object, 'prefixlen');
  const label = wordOf(member(object, 'label'));
  if (address === null || length === null || label === null) {
    strange(report, object);
    return null;
  }
  const prefix = { text: `${address.text}/${length}`, at: address.at };
  return entryOf({ prefix, device: textAt(object, 'ifname'), label }, report);
}

/** Reads a listing, in the kernel's order. A line that cannot be read is an error: the others are then not all. */
export function readLabels(report: SectionReport): readonly AddressLabel[] {
  const entries = isJson(report.source.text)
    ? jsonObjects(report).flatMap((object) => readObject(object, report) ?? [])
    : textLines(report.source.text).flatMap((line) => readLine(line, report) ?? []);
  return inKernelOrder(entries);
}

/** The lines of `ip addrlabel`. */
export function printLabels(labels: readonly AddressLabel[]): readonly string[] {
  return labels.map(({ prefix, device, label }) =>
    [
      'prefix',
      formatPrefix(prefix),
      ...(device === null ? [] : ['dev', device]),
      'label',
      String(label),
    ].join(' '),
  );
}
