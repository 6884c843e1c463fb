/** Reads `sysctl -a` lines (procps sysctl), what `grep . /proc/sys/…` prints, and copied files of /proc/sys. */
import { parse } from '../generated/sysctl.js';
import { procSysPath } from './proc-sys.js';
import type { SectionReport } from './report.js';

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

/** Reads settings; of two lines about one key the last counts, as it would when they are written one after another. */
export function readSysctls(report: SectionReport): ReadonlyMap<string, string> {
  const path = procSysPath(report.source.name);
  if (path !== null) return new Map([[canonicalKey(`/proc/sys/${path}`), report.source.text.trimEnd()]]);
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
