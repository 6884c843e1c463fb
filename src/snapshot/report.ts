/** Findings of one reader over one stretch of text: places are offsets, and floods are cut off. */
import type { Diagnostics, Params } from '../source/diagnostic.js';
import type { SourceText, Span } from '../source/source.js';
import { isElse } from './prose.js';
import type { Item, Word } from './word.js';

/** More findings than this about one section say nothing new. */
const MOST = 50;

/** Words of a message are cut to this length, so that a line of a megabyte does not fill the screen. */
const LONGEST = 80;

/** A word as a message parameter. */
export function shown(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Lines that belong to no dump and mean nothing: rulers, fences, comments, elapsed prompts. */
function isOrnament(line: string): boolean {
  return /^(?:#|`{3}|-{3}|={3}|\*{3}|~{3}|[$%>]\s*$)/.test(line);
}

/** What a tool says instead of a listing (iproute2, iptables, a shell), by its beginning. */
const TOOL_ERRORS =
  /^(?:Error: |Dump terminated|RTNETLINK answers|Cannot open |Cannot find device|Device "|Command "|Usage: |Object "|-?(?:ba|da|a|z)?sh: |bash: |sudo: |Sorry, (?:try again|user )|Operation not permitted|Permission denied|ip: |ipset v|sysctl: |cat: |nft: |modprobe: |(?:internal|netlink|mnl\.c)\b.{0,40}: Error|Fatal: |Another app is currently holding|(?:ip6?|x)tables[\w-]{0,20}(?: v[\d.]{1,12}(?: \([\w ]{1,20}\))?)?: |.{1,40}: (?:command )?not found)/;

/** Whether the line is a tool's error text rather than a part of a listing. */
export function isToolError(line: string): boolean {
  return TOOL_ERRORS.test(line.slice(0, 200));
}

/** Collects what a reader finds in one section. */
export class SectionReport {
  readonly source: SourceText;
  /** Lines or words that could not be read: the listing is then not complete. */
  damaged = 0;
  /** The text ends within a line. */
  cut = false;
  /** `...` stands for lines that somebody left out. */
  elided = false;
  /** Error texts of the tool itself. */
  readonly toolErrors: string[] = [];
  readonly #diagnostics: Diagnostics;
  #count = 0;
  /** Sentences between the lines are told once. */
  #hasRemark = false;

  constructor(source: SourceText, diagnostics: Diagnostics) {
    this.source = source;
    this.#diagnostics = diagnostics;
  }

  /** Something stands here besides the lines that were read: without any of those, the command did not answer. */
  get failed(): boolean {
    return this.toolErrors.length > 0 || this.damaged > 0 || this.#hasRemark;
  }

  span(start: number, end: number): Span {
    return { source: this.source, start, end };
  }

  /** Something that is left out: the listing has a hole. */
  error(code: string, start: number, end: number, params: Params = {}): void {
    this.damaged += 1;
    this.#add('error', code, start, end, params);
  }

  warn(code: string, start: number, end: number, params: Params = {}): void {
    this.#add('warning', code, start, end, params);
  }

  /** A value that is not one. */
  badValue(item: Item, value: Word | null = item.value): void {
    const place = value ?? { text: item.word, at: item.at };
    if (item.value === null)
      this.error('READ_VALUE_MISSING', item.at, item.at + item.word.length, { word: shown(item.word) });
    else
      this.error('READ_VALUE', place.at, place.at + place.text.length, {
        word: shown(item.word),
        value: shown(place.text),
      });
  }

  /** A word that the format does not have. */
  unknownWord(item: Item): void {
    this.error('READ_WORD', item.at, item.at + item.word.length, { word: shown(item.word) });
  }

  /** A line that does not belong to the format: an ornament, an ellipsis, an error text, or damage. */
  other(start: number, end: number): void {
    const line = this.source.text.slice(start, Math.min(end, start + 2000)).trim();
    if (line === '' || isOrnament(line)) return;
    const isGap = line === '--' && !this.#isBehindEnd(start);
    if (line === '--' && !isGap) return;
    if (
      isGap ||
      /^[.…]{1,10}(?: \(.{0,40}\))?$/.test(line) ||
      /^[<[({]\s?(?:snip|cut|output|\.\.\.|…)/i.test(line)
    ) {
      if (!this.elided) this.warn('READ_ELIDED', start, end);
      this.elided = true;
      return;
    }
    if (isToolError(line)) {
      this.toolError(line, start, end);
      return;
    }
    if (isElse(line)) {
      if (!this.#hasRemark) this.warn('READ_REMARK_LINE', start, end, { line: shown(line) });
      this.#hasRemark = true;
      return;
    }
    if (end === this.source.text.length && this.source.text.length > 0) this.cutLine(start, end);
    else this.#add('error', 'READ_LINE', start, end, { line: shown(line) });
  }

  /** What the tool says instead of a listing, or of the rest of one. */
  toolError(line: string, start: number, end: number): void {
    this.toolErrors.push(line);
    if (!line.startsWith('Dump terminated')) this.warn('READ_TOOL_ERROR', start, end, { text: shown(line) });
  }

  /** A line that the text ends in: it is left out. */
  cutLine(start: number, end: number): void {
    this.cut = true;
    this.error('READ_CUT', start, end, { line: shown(this.source.text.slice(start, end).trim()) });
  }

  /** Has the table that stands before the place its end? What `grep -A` prints between two places of a listing is a gap. */
  #isBehindEnd(place: number): boolean {
    const before = this.source.text.slice(Math.max(0, place - 200), place).trimEnd();
    return /(?:^|\n)(?:COMMIT|# Completed .*)$/.test(before);
  }

  #add(severity: 'error' | 'warning', code: string, start: number, end: number, params: Params): void {
    this.#count += 1;
    if (this.#count > MOST + 1) return;
    const span = this.span(start, end);
    if (this.#count === MOST + 1) this.#diagnostics.warn('READ_MORE', span, { most: MOST });
    else if (severity === 'error') this.#diagnostics.error(code, span, params);
    else this.#diagnostics.warn(code, span, params);
  }
}
