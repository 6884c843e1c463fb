/** A section to read, and what was found in it. */
import { SectionReport } from '../../src/snapshot/report.js';
import { Diagnostics } from '../../src/source/diagnostic.js';
import { SourceText } from '../../src/source/source.js';

/** Opens a text as one section; `codes` are the findings with their places, `CODE@line:column`. */
export function open(text: string): {
  readonly report: SectionReport;
  readonly codes: () => readonly string[];
} {
  const diagnostics = new Diagnostics();
  const codes = (): readonly string[] =>
    diagnostics.list.map(({ code, span }) => {
      if (span === null) return code;
      const { line, column } = span.source.position(span.start);
      return `${code}@${String(line)}:${String(column)}`;
    });
  return { report: new SectionReport(new SourceText('dump', text), diagnostics), codes };
}
