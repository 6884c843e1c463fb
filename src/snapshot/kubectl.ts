/** What kubectl lists, in whatever form: recognising it, and reading the names in it. */
import type { KubeItems, KubeObject, NameFinding } from '../names/model.js';
import { objectsOf } from '../names/objects.js';
import { readKubeJson } from '../names/json.js';
import { isTableHead, readTables } from '../names/text.js';
import type { Kind } from './command.js';
import { parseJson } from './json/value.js';
import type { SectionReport } from './report.js';
import type { Section } from './sections.js';

/** Reads YAML. Its parser is handed over by who needs it, so that nobody else loads it. */
export type YamlReader = (text: string) => KubeItems;

/** Resources that have addresses, by every name that kubectl takes. */
const RESOURCE =
  /^(?:po|pods?|svc|services?|no|nodes?|ep|endpoints?|endpointslices?|all)(?:\.(?:v1|discovery\.k8s\.io))*(?:\/\S+)?$/;

/** Whether the words of a command list what natwalk takes names from: `kubectl get pod,svc -A -o wide`. */
export function isKubectlGet([tool = '', ...words]: readonly string[]): boolean {
  if (!/^(?:\S{0,60}\/)?(?:kubectl|oc|k|kubecolor)$/.test(tool)) return false;
  const at = words.indexOf('get');
  return at >= 0 && words.slice(at + 1).some((word) => word.split(',').some((one) => RESOURCE.test(one)));
}

/** `apiVersion: v1` begins every object of YAML that kubectl prints; `- apiVersion` an item of a bare list. */
const YAML = /^(?:- )?apiVersion: \S/;

/** Whether a line can only be kubectl's: the head of a table, or the beginning of an object in YAML. */
export function isKubectlLine(line: string): boolean {
  return YAML.test(line) || isTableHead(line);
}

/**
 * Whether a line goes on with the rows of a table, whatever else it looks like: names are free, and a pod of the namespace
 * `default` looks like a route.
 * @param above the line before it
 */
export function isTableRow(line: string, above: string | undefined): boolean {
  return above !== undefined && above.trim() !== '' && /^\S.*\S {2,}\S/.test(line);
}

/** Objects of Kubernetes say their version and kind first. */
export function isKubernetesJson(text: string): boolean {
  const head = text.slice(0, 4000);
  return (
    /^[\s[]{0,100}\{\s{0,100}"(?:apiVersion|kind|items|metadata)"\s{0,9}:/.test(head) &&
    head.includes('"apiVersion"')
  );
}

/** What kubectl lists is of the whole cluster, wherever it was typed. */
export function isClusterWide(kind: Kind | null): boolean {
  return kind === 'kubectl get';
}

/** Whether any of the texts has YAML of Kubernetes in it. */
export function hasYaml(texts: readonly string[]): boolean {
  return texts.some(
    (text) => text.includes('apiVersion: ') && /(?:^|\n)\s{0,20}(?:- )?apiVersion: \S/.test(text),
  );
}

/** `-n kube-system`, `--namespace=kube-system`. */
function namespaceOf({ command }: Section): string | null {
  return /\s(?:-n|--namespace)[= ]?([a-z0-9-]{1,63})(?=\s|$)/.exec(command?.text ?? '')?.[1] ?? null;
}

/** The part of a text that is YAML: from its first object on. */
function yamlStart(text: string): number | null {
  const found = /^(?:- )?(?:apiVersion|kind|items|metadata):/m.exec(text);
  return found !== null && /^(?:- )?apiVersion: \S/m.test(text) ? found.index : null;
}

function tell(findings: readonly NameFinding[], shift: number, report: SectionReport): void {
  for (const { code, start, end, params } of findings) report.warn(code, start + shift, end + shift, params);
}

/** Damage within an object, at the place where it stops being JSON. */
function exactly(finding: NameFinding, text: string): NameFinding {
  if (finding.code !== 'NAMES_JSON') return finding;
  const fault = parseJson(text, finding.start, finding.end);
  return 'kind' in fault ? finding : { ...finding, start: fault.at, end: fault.at + 1 };
}

function itemObjects({ items }: KubeItems, shift: number, report: SectionReport): readonly KubeObject[] {
  const objects: KubeObject[] = [];
  for (const { value, start, end } of items)
    objects.push(...objectsOf(value, report.span(start + shift, end + shift)));
  return objects;
}

/**
 * Reads tables, JSON or YAML of kubectl. What cannot be read is a finding and loses nothing else.
 * @param yaml null: YAML is named as not used
 */
export function readKubectl(
  section: Section,
  yaml: YamlReader | null,
  report: SectionReport,
): readonly KubeObject[] {
  const { text } = section.source;
  if (/^\s*[[{]/.test(text.slice(0, 300))) {
    const read = readKubeJson(text);
    const objects = itemObjects(read, 0, report);
    tell(
      read.findings.map((finding) => exactly(finding, text)),
      0,
      report,
    );
    return objects;
  }
  const start = yamlStart(text);
  if (start === null) {
    const { objects, findings } = readTables(section.source, namespaceOf(section));
    tell(findings, 0, report);
    return objects;
  }
  if (yaml === null) {
    report.warn('READ_NOT_USED', start, start, { kind: 'YAML' });
    return [];
  }
  const read = yaml(text.slice(start));
  const objects = itemObjects(read, start, report);
  tell(read.findings, start, report);
  return objects;
}
