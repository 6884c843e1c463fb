/** Sentences among listings: what people write, as opposed to what tools print. */

/** A word as in a sentence, with the sign that may follow it. */
const WORD = /^[("'“‘[*_`]*[A-Za-z][a-z]*(?:['’-][a-z]+)*[.,:;!?)"'”’\]*_`]*$/;

/** Letters of scripts that no tool prints. */
const FOREIGN =
  /[\p{Script=Cyrillic}\p{Script=Hangul}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Arabic}]/gu;

/** Is the line a sentence, or a part of one? Judged by its beginning. */
export function isProse(line: string): boolean {
  const text = line.slice(0, 400).trim();
  if ((text.match(FOREIGN)?.length ?? 0) > 3) return true;
  if (/[{}=\\|]|^-\w|\w_\w/.test(text.slice(0, 60))) return false;
  const words = text.replace(/^(?:[-*>]|\d+[.)]|#{1,6})\s+/, '').split(/\s+/);
  return words.length > 3 && words.filter((word) => WORD.test(word)).length >= words.length * 0.7;
}

/** Pieces of other outputs that no listing of lines can have: JSON, YAML lists, `ip netns`. */
const FOREIGN_PIECE = /^(?:["[\]{}][^=]{0,300}|- ["\w][\w."/:-]{0,100}|\S{1,60} \(id: \d+\))$/;

/** A line of a script: tools by their whole paths, as no listing begins with them. */
const SCRIPT = /^(?:sudo )?(?:\/usr)?(?:\/local)?\/s?bin\/[\w.-]{1,60}(?: |$)/;

/** Is the line of something else than a listing that stands around it? */
export function isElse(line: string): boolean {
  return (
    isProse(line) ||
    SCRIPT.test(line.slice(0, 200).trim()) ||
    (!line.includes(' -j ') && FOREIGN_PIECE.test(line.slice(0, 400).trim()))
  );
}

/** `source: …`: a line of notes. */
const NOTE = /^\s*[A-Za-z][\w ()/-]{1,50}: \S/;

/** Is it a text for people as a whole? */
export function isProseText(text: string): boolean {
  const lines = text
    .slice(0, 65_536)
    .split('\n', 400)
    .filter((line) => line.trim() !== '');
  const prose = lines.filter((line) => isProse(line) || NOTE.test(line)).length;
  return prose > 0 && prose >= Math.min(lines.length * 0.2, 3);
}
