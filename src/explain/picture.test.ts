/** The walk as a picture, in both languages that draw one: each is held to a strict grammar of what it may say. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { nodeOf } from '../../test/support/node.js';
import { aResult, aRule, anOutcome, matched } from '../../test/support/result.js';
import type { TraceResult } from '../packet/result.js';
import { trace } from '../packet/trace.js';
import { renderDot } from './dot.js';
import { renderMermaid } from './mermaid.js';

const node = nodeOf('examples/eks-node');
const internet = trace(
  node,
  { proto: 'tcp', src: '192.168.61.33', dst: '203.0.113.9', dport: 443 },
  { reply: true },
);
const nothing = trace(node, {
  proto: 'tcp',
  in: 'ens5',
  src: '192.168.61.33',
  dst: '192.168.45.10',
  dport: 22,
});

/** A rule whose chain and comment try to be syntax, in two outcomes. */
const hostile = ((): TraceResult => {
  const text =
    '"x"]\n end --> |y| %% click n1 "javascript:alert(1)" \\N <b>&amp;#35;;`{}"; } \u001b[2J\u202e';
  const rule = aRule('filter', 'A"];end', 1, { jump: 'end', matches: [['comment', `--comment "${text}"`]] });
  const long = aRule('filter', 'FORWARD', 2, { jump: '가'.repeat(5000) });
  const steps = [matched('FORWARD', rule, 'jump'), matched('FORWARD', long, 'jump')];
  return aResult(
    [
      anOutcome({ probability: 0.25, steps }),
      anOutcome({ probability: null, steps, reply: anOutcome({ steps }) }),
    ],
    { in: 'e"th]1' },
  );
})();

const LABEL = String.raw`"(?:[\p{L}\p{N} .,:/+*=_@-]|#\d+;|<br/>)*"`;
const MERMAID: readonly RegExp[] = [
  /^flowchart TD$/,
  new RegExp(
    String.raw`^ +\w+(?:\(\[${LABEL}\]\)|\[${LABEL}\]|\{\{${LABEL}\}\}|\(${LABEL}\))(?::::(?:good|bad))?$`,
    'u',
  ),
  new RegExp(String.raw`^ {2}subgraph g\d+ \[${LABEL}\]$`, 'u'),
  /^ {2}end$/,
  new RegExp(String.raw`^ {2}\w+ (?:-->|-\.->)(?:\|${LABEL}\|)? \w+$`, 'u'),
  /^ {2}classDef (?:good|bad) stroke:#\w+,stroke-width:3px$/,
];

const QUOTED = String.raw`"(?:[^"\\\p{Cc}\p{Cf}]|\\["\\n])*"`;
const DOT: readonly RegExp[] = [
  /^digraph walk \{$/,
  /^ {2}charset="UTF-8";$/,
  /^ {2}node \[fontname="monospace", fontsize=10\];$/,
  new RegExp(String.raw`^ +\w+ \[label=${QUOTED}, shape=\w+(?:, \w+=(?:\w+|"#\w+"))*\];$`, 'u'),
  /^ {2}subgraph cluster_g\d+ \{$/,
  new RegExp(String.raw`^ {4}label=${QUOTED};$`, 'u'),
  new RegExp(String.raw`^ {2}\w+ -> \w+(?: \[(?:label=${QUOTED})?(?:, )?(?:style=dashed)?\])?;$`, 'u'),
  /^ {0,2}\}$/,
];

/** Ids that are drawn, and those that edges join. */
function idsOf(
  text: string,
  edge: RegExp,
  drawn: RegExp,
): readonly [ReadonlySet<string>, ReadonlySet<string>] {
  const ends = [...text.matchAll(edge)].flatMap(([, from = '', to = '']) => [from, to]);
  return [new Set([...text.matchAll(drawn)].map(([, id = '']) => id)), new Set(ends)];
}

describe.each([
  ['to the internet and back', internet],
  ['a packet that goes nowhere', nothing],
  ['hostile names', hostile],
  ['no outcome', aResult([])],
] as const)('%s', (_name, result) => {
  it.each(['en', 'ko'] as const)('is Mermaid and nothing else (%s)', (language) => {
    const text = renderMermaid(result, { language });
    const odd = text
      .split('\n')
      .slice(0, -1)
      .filter((line) => !MERMAID.some((form) => form.test(line)));
    expect(odd).toEqual([]);
    const [drawn, joined] = idsOf(text, /^ {2}(\w+) -[-.]+>(?:\|.*\|)? (\w+)$/gm, /^ +(n\d+|start)[[({]/gm);
    expect([...joined].filter((id) => !drawn.has(id))).toEqual([]);
    expect(text.match(/^ {2}subgraph /gm)?.length).toBe(text.match(/^ {2}end$/gm)?.length);
  });

  it.each(['en', 'ko'] as const)('is DOT and nothing else (%s)', (language) => {
    const text = renderDot(result, { language });
    const odd = text
      .split('\n')
      .slice(0, -1)
      .filter((line) => !DOT.some((form) => form.test(line)));
    expect(odd).toEqual([]);
  });

  it('is drawn by Graphviz', ({ skip }) => {
    if (spawnSync('dot', ['-V']).status !== 0) skip('Graphviz (dot) is not installed');
    const { status, stdout, stderr } = spawnSync('dot', ['-Tsvg'], {
      input: renderDot(result),
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('</svg>');
  });
});

describe('the picture of a walk', () => {
  it('has the hooks, the chains, the routing decision with rule and table, NAT and the end', () => {
    const text = renderDot(internet);
    for (const word of [
      'label="PREROUTING"',
      'label="POSTROUTING"',
      'label="nat PREROUTING 2/3\\njump AWS-CONNMARK-CHAIN-0',
      'label="route policy rule 1024\\nfwmark 0x80/0x80 -> main\\nout ens5 via 192.168.32.1", shape=hexagon',
      'src -> 192.168.45.10:1024-65535", shape=box, style=rounded',
      'label="ens5\\nSENT", shape=oval, color="#008800"',
      '[label="THE ANSWER", style=dashed]',
    ])
      expect(text).toContain(word);
    expect(renderMermaid(internet)).toContain('{{"route policy rule 1024<br/>fwmark 0x80/0x80 -#62; main');
  });

  it('parts at the packet where there are several outcomes', () => {
    expect(renderMermaid(hostile).match(/^ {2}start -->\|"[^"]*"\| n\d+$/gm)).toEqual([
      '  start -->|"1: 25 #37;"| n1',
      '  start -->|"2: #63;"| n3',
    ]);
  });
});
