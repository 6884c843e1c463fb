/** Reads `sysctl -a` lines (procps sysctl), what `grep . /proc/sys/…` prints, and copied files of /proc/sys. */
import { parse } from '../generated/sysctl.js';
import { procSysPath } from './proc-sys.js';
import { type SectionReport, isToolError, shown } from './report.js';

interface SettingLine {
  readonly start: number;
  readonly end: number;
  readonly key: string;
  readonly value: string;
}

/**
 * The one form of a setting's name: as `sysctl -a` prints it, parts joined by dots and a dot of a device name as `/`
 * (`net.ipv4.conf.eth0/100.rp_filter`). Takes the path form too (`net/ipv4/conf/eth0.100/rp_filter`), by the
 * separator that comes first, as procps does; and `/proc/sys/` in front.
 */
export function canonicalKey(key: string): string {
  const name = key.replace(/^\/?proc\/sys\//, '');
  const dot = name.indexOf('.');
  const slash = name.indexOf('/');
  if (slash < 0 || (dot >= 0 && dot < slash)) return name;
  return [...name].map((char) => (char === '/' ? '.' : char === '.' ? '/' : char)).join('');
}

/** Values alone, as `cat` and `sysctl -n` print them: the command names the settings, one for each line. */
function readValues(names: readonly string[], report: SectionReport): ReadonlyMap<string, string> {
  const { text } = report.source;
  const lines: { readonly start: number; readonly end: number }[] = [];
  for (let start = 0; start < text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const line = text.slice(start, end);
    if (isToolError(line)) report.toolError(line, start, end);
    else if (line.trim() !== '') lines.push({ start, end });
    start = end + 1;
  }
  if (names.some((name) => /[*?[{$]/.test(name))) {
    const [{ start, end } = { start: 0, end: 0 }] = lines;
    report.error('READ_VALUES_ALONE', start, end, { names: shown(names.join(' ')) });
    return new Map();
  }
  const isClear = lines.length >= names.length && report.toolErrors.length === 0;
  // What stands below the values is something else. Without one of them nobody knows which the others are.
  for (const { start, end } of isClear ? lines.slice(names.length) : lines) report.other(start, end);
  if (!isClear) return new Map();
  return new Map(
    names.map((name, at) => {
      const { start = 0, end = 0 } = lines[at] ?? {};
      return [canonicalKey(name), text.slice(start, end).trim()];
    }),
  );
}

/** Does each line name what it is of? */
function namesSettings(text: string): boolean {
  return /^[ \t]*(?:(?:==> )?\/proc\/sys\/\S+|[^\s=#;][^\s=]*[ \t]*=)/m.test(text);
}

/**
 * Reads settings; of two lines about one key the last counts, as it would when they are written one after another.
 * @param names the settings that the command prints the values of, where it prints no names
 */
export function readSysctls(
  report: SectionReport,
  names: readonly string[] = [],
): ReadonlyMap<string, string> {
  const path = procSysPath(report.source.name);
  if (path !== null) return new Map([[canonicalKey(`/proc/sys/${path}`), report.source.text.trimEnd()]]);
  if (names.length > 0 && !namesSettings(report.source.text)) return readValues(names, report);
  const settings = new Map<string, string>();
  parse(report.source.text, {
    sink: {
      setting: ({ key, value }: SettingLine) => settings.set(canonicalKey(key), value.trimEnd()),
      other: (start: number, end: number) => {
        // Comments of sysctl.conf, which is written in the same form, also begin with a semicolon.
        if (!report.source.text.startsWith(';', start)) report.other(start, end);
      },
    },
  });
  return settings;
}
