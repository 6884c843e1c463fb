/** Long YAML of kubectl: read an object at a time, with the same objects as at once. */
import { describe, expect, it } from 'vitest';
import { objectsOf } from './objects.js';
import { yamlParts } from './yaml-parts.js';
import { readKubeYaml } from './yaml.js';

const LONG = 'x'.repeat(4000);

/** A pod as kubectl prints it, with much that no name is read from. */
function pod(place: number, rest = ''): string {
  const ip = `10.1.${String(place >> 8)}.${String(place & 255)}`;
  return `apiVersion: v1
kind: Pod
metadata:
  annotations:
    note: |
      - apiVersion: v1
      ---
      items:
      ${LONG}
  labels:
    app: web
  name: web-${String(place)}
  namespace: shop
spec:
  containers:
  - args:
    - ${LONG}
    name: app
  nodeName: node-a
status:
  conditions:
  - status: "True"

    type: Ready
  phase: Running
  podIP: ${ip}
  podIPs:
  - ip: ${ip}
${rest}`;
}

/** As an item of a list whose items stand at an indent. */
function item(text: string, indent: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line, at) => (line === '' ? '' : `${indent}${at === 0 ? '- ' : '  '}${line}`))
    .join('\n');
}

const PODS = Array.from({ length: 300 }, (_, at) => pod(at));

/** Every pod's name and address, and the codes of what was found. */
function read(text: string): { readonly pods: readonly string[]; readonly codes: readonly string[] } {
  const { items, findings } = readKubeYaml(text);
  const pods = [...items].flatMap(({ value, start, end }) =>
    objectsOf(value, null).flatMap((one) =>
      one.kind === 'pod'
        ? [
            `${one.name} ${String(one.node)} ${one.addresses.join()} ${String(text.slice(start, end).includes(`name: ${one.name}\n`))}`,
          ]
        : [],
    ),
  );
  return { pods, codes: findings.map(({ code }) => code) };
}

const EXPECTED = PODS.map((_, at) => `web-${String(at)} node-a ${String(0x0a010000 + at)} true`);

describe('a long YAML text', () => {
  it.each([
    [
      'a list',
      `apiVersion: v1\nitems:\n${PODS.map((one) => item(one, '')).join('\n')}\nkind: List\nmetadata:\n  resourceVersion: ""\n`,
    ],
    ['a list with an indent', `kind: List\nitems:\n${PODS.map((one) => item(one, '  ')).join('\n')}\n`],
    [
      'an API list',
      `kind: PodList\nitems:\n${PODS.map((one) => item(one.replace(/^.*\n.*\n/, ''), '')).join('\n')}\n`,
    ],
    ['a bare list', `${PODS.map((one) => item(one, '')).join('\n')}\n`],
    ['documents', PODS.join('---\n')],
    ['lines of Windows', `items:\n${PODS.map((one) => item(one, '')).join('\n')}\n`.replaceAll('\n', '\r\n')],
  ])('%s gives every object, and where it stands', (_title, text) => {
    expect(text.length).toBeGreaterThan(2 << 20);
    const { pods, codes } = read(text.replaceAll('\r\n', '\n'));
    expect([pods, codes]).toEqual([EXPECTED, []]);
    expect([...yamlParts(text)]).toHaveLength(PODS.length);
  });

  it('loses the object with a fault alone', () => {
    const faulty = PODS.map((one, at) => item(at === 7 ? one.replace('app: web', 'app: [web') : one, ''));
    const { pods, codes } = read(`items:\n${faulty.join('\n')}\n`);
    expect(pods).toEqual(EXPECTED.filter((_, at) => at !== 7));
    expect(new Set(codes)).toEqual(new Set(['NAMES_YAML']));
  });

  it('leaves out what no name is read from before it is parsed', () => {
    const [part] = yamlParts(`items:\n${item(pod(1), '')}\n`);
    expect(part?.text).not.toContain('xxxx');
    expect(part?.text).toContain('podIP: 10.1.0.1');
  });

  it('names a single object that is too long', () => {
    const { pods, codes } = read(
      `items:\n${item(pod(1), '')}\n- kind: Node\n  a: "${'x'.repeat(5 << 20)}"\n`,
    );
    expect([pods.length, codes]).toEqual([1, ['NAMES_YAML_LARGE']]);
  });
});
