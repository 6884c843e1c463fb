import { readFileSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Ask, TraceAnswer } from '../shared/protocol.js';
import type { Edit, PathView, WalkView } from '../shared/walk.js';
import { clusterFileIn, readClusterFiles } from './cluster-files.js';
import { EMPTY_PACKET } from '../shared/empty-packet.js';
import { PathSession } from './path-session.js';

interface Text {
  readonly name: string;
  readonly text: string;
}

/** The files of a folder as a drop of it has them. */
function filesOf(folder: string, prefix = ''): readonly Text[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? filesOf(`${folder}/${entry.name}`, `${prefix}${entry.name}/`)
      : [{ name: `${prefix}${entry.name}`, text: readFileSync(`${folder}/${entry.name}`, 'utf8') }],
  );
}

function sessionOf(files: readonly Text[]): PathSession {
  const file = clusterFileIn(files);
  if (file === null) throw new Error('no cluster');
  const read = readClusterFiles(file, files);
  if (read.world === null) throw new Error(JSON.stringify(read.diagnostics.list.map(({ code }) => code)));
  return new PathSession('cluster', read, read.world, 'abc');
}

const askOf = (from: string, to: string): Ask => ({
  packet: { ...EMPTY_PACKET, from, to },
  settled: [],
  pick: null,
  edits: [],
  flow: false,
});

function walkOf(answer: TraceAnswer): WalkView {
  if (answer.kind !== 'walk') throw new Error(JSON.stringify(answer));
  return answer.walk;
}

function pathOf(walk: WalkView, outcome = 0): PathView {
  const found = walk.outcomes[outcome]?.path;
  if (found === undefined) throw new Error('no path');
  return found;
}

const FILES = filesOf('examples/cluster');
let cluster: PathSession;
beforeAll(() => {
  cluster = sessionOf(FILES);
});
const WHOLE = { filter: '', only: null, from: 0, count: 100, language: 'en' } as const;
const service = askOf('pod:pod-1', 'svc:default/web:80');

describe('a way across nodes', () => {
  it('comes with its chances, and with the walk of every node on it', () => {
    const { outcomes } = walkOf(cluster.trace(service, 'en'));
    expect(outcomes.map(({ chance }) => chance)).toEqual(['33.3 %', '33.3 %', '33.3 %']);
    expect(outcomes[2]).toMatchObject({
      word: 'DELIVERED, and the answer comes back',
      rest: '(4 hops there, 4 back)',
      meaning: 'good',
    });
    expect(outcomes[2]?.legs.map(({ name }) => name)).toEqual([
      'worker-1',
      'worker-2',
      'worker-2 (answer)',
      'worker-1 (answer)',
    ]);
    expect(outcomes[2]?.legs[0]?.steps.at(-1)?.state.out).toBe('ens5');
    expect(outcomes[2]?.legs[3]?.steps[0]).toMatchObject({ group: '', place: 'conntrack' });
  });

  it('lies on a map: the sender first, each place once, there and back', () => {
    const path = pathOf(walkOf(cluster.trace(service, 'en')), 2);
    expect(path.places.map(({ label }) => label)).toEqual([
      'pod pod-1',
      'node worker-1',
      'router 192.168.32.1',
      'node worker-2',
      'pod web-c',
      'router 192.168.64.1',
    ]);
    expect(path.hops.map(({ place, back }) => `${back ? '<' : '>'}${String(place)}`)).toEqual([
      ...['>1', '>2', '>3', '>4'],
      ...['<3', '<5', '<1', '<0'],
    ]);
    expect(path.hops.map(({ leg }) => leg)).toEqual([0, -1, 1, -1, 2, -1, 3, -1]);
    expect(path.hops[0]?.changes).toEqual(['dst 192.168.73.44:8080']);
    expect(path.hops[6]?.changes).toEqual(['src 10.100.5.20:80']);
  });

  it('says what the command says', () => {
    const text = new TextDecoder().decode(
      cluster.export({ ask: service, format: 'text', language: 'en' }).bytes,
    );
    const { hops } = pathOf(walkOf(cluster.trace(service, 'en')), 2);
    const flat = text.replaceAll(/\s+/g, ' ');
    for (const { why, through } of hops) {
      expect(flat).toContain(why);
      expect(flat).toContain(through);
    }
  });

  it('has the rules of each node at its own walk', () => {
    const leg = walkOf(cluster.trace(service, 'en')).outcomes[2]?.legs[1];
    const step = leg?.steps.findIndex(({ chain }) => chain?.chain === 'KUBE-POSTROUTING') ?? -1;
    const view = cluster.chain({
      ...{ ask: service, outcome: 2, leg: 1, step, filter: '', only: null, from: 0, count: 9 },
      language: 'en',
    });
    expect(view?.title).toBe('nat KUBE-POSTROUTING');
    expect(view?.rows.some(({ state, edit }) => state === 'matched' && edit?.node === 'worker-2')).toBe(true);
    expect(view?.rows.some(({ place }) => place.startsWith('iptables-save.txt'))).toBe(true);
  });

  it('tells why of a rule where the packet is as it came to that node', () => {
    const why = (leg: number, reference: string): string =>
      cluster.why({ ask: service, outcome: 2, leg, reference, language: 'en' }).replaceAll(/[\s|]+/g, ' ');
    expect(why(0, 'nat/KUBE-SERVICES:1')).toContain('packet has 10.100.5.20');
    // Behind the DNAT of the first node.
    const second = why(1, 'nat/KUBE-SERVICES:1');
    expect(second).toContain('packet has 192.168.73.44');
    expect(second).not.toContain('10.100.5.20:80 SYN');
    expect(why(2, 'nat/KUBE-SERVICES:1')).not.toContain('DID NOT MATCH');
    expect(why(9, 'nat/KUBE-SERVICES:1')).toBe('');
  });

  it('that is lost says where, in both languages', () => {
    const lost = askOf('outside', 'nlb:web-local');
    const all = (['en', 'ko'] as const).map((language) => walkOf(cluster.trace(lost, language)));
    expect(all[0]?.outcomes.length).toBe(all[1]?.outcomes.length);
    expect(pathOf(all[1] ?? walkOf(cluster.trace(lost, 'ko'))).places[0]?.label).toBe('바깥');
    const drop = walkOf(cluster.trace(askOf('pod:pod-1', 'svc:default/empty:80'), 'en'));
    expect(drop.outcomes[0]).toMatchObject({ meaning: 'bad', word: 'REJECTED at node worker-1' });
    expect(pathOf(drop).hops.at(-1)).toMatchObject({ lost: true });
  });

  it('says which end the cluster does not have', () => {
    expect(cluster.trace(askOf('pod:nobody', 'outside'), 'en')).toMatchObject({
      kind: 'form',
      problems: [{ field: 'from', text: 'From: "pod:nobody" is nothing of this cluster' }],
    });
  });

  it('offers the pods, nodes and load balancers of the file, and the services of the nodes', () => {
    const offered = (text: string): readonly string[] => cluster.suggest(text).map(({ value }) => value);
    expect(offered('web')).toEqual(expect.arrayContaining(['pod:web-a', 'nlb:web', 'svc:default/web:80']));
    expect(offered('')).toContain('outside');
  });
});

describe('what if on a way across nodes', () => {
  const edited = (edits: readonly Edit[]): WalkView => walkOf(cluster.trace({ ...service, edits }, 'en'));

  /** The line of a node's routing that decided. */
  function decided(leg: number): Edit {
    const steps = walkOf(cluster.trace(service, 'en')).outcomes[2]?.legs[leg]?.steps ?? [];
    const lines = steps.flatMap(({ route }) => [...(route?.routes ?? []), ...(route?.rules ?? [])]);
    const line = lines.find(({ state }) => state === 'decided');
    if (line === undefined || line.edit === null) throw new Error('nothing decided');
    return { target: line.edit, text: null, was: line.line };
  }

  it('changes the node that is meant, and names what is otherwise', () => {
    const edit = decided(1);
    expect(edit.target).toMatchObject({ kind: 'route', node: 'worker-2' });
    const walk = edited([edit]);
    expect(walk.outcomes.map(({ meaning }) => meaning)).toContain('bad');
    expect(walk.changed).toMatchObject({ same: false, edits: [`worker-2: without ${edit.was}`] });
    expect(walk.changed?.texts[0]).toMatch(
      /^verdict: 66\.7 % DELIVERED, .*; 33\.3 % DROPPED at VPC instead of DELIVERED, and the answer/,
    );
    // The other node's line of the same place is another line.
    const other = edited([{ ...edit, target: { ...edit.target, node: 'worker-1' } }]);
    expect(other.changed?.texts.join()).not.toBe(walk.changed?.texts.join());
    expect(edited([{ ...edit, target: { ...edit.target, node: 'nobody' } }]).changed?.same).toBe(true);
    expect(walkOf(cluster.trace(service, 'en')).changed).toBeNull();
  });

  it('walks by a rule that is rewritten, and shows it as changed', () => {
    const at = { ask: service, outcome: 2, leg: 1, filter: '', only: null, from: 0, count: 9 } as const;
    const legs = walkOf(cluster.trace(service, 'en')).outcomes[2]?.legs;
    const step = legs?.[1]?.steps.findIndex(({ chain }) => chain?.chain === 'KUBE-POSTROUTING') ?? -1;
    const row = cluster.chain({ ...at, step, language: 'en' })?.rows.find(({ state }) => state === 'matched');
    if (row === undefined || row.edit === null) throw new Error('no rule');
    const edit = { target: row.edit, text: '-A KUBE-POSTROUTING -j DROP', was: row.text };
    const ask = { ...service, edits: [edit] };
    const walk = edited([edit]);
    expect(walk.changed?.same).toBe(false);
    const rows = cluster.chain({ ...at, ask, step, language: 'en' })?.rows ?? [];
    expect(rows.filter((one) => one.edited)).toMatchObject([
      { text: '-A KUBE-POSTROUTING -j DROP', edit: { node: 'worker-2' } },
    ]);
  });

  it('says which line cannot be used', () => {
    const bad = { ...decided(1), text: 'no route at all' };
    const answer = cluster.trace({ ...service, edits: [decided(0), bad] }, 'en');
    expect(answer).toMatchObject({ kind: 'edit', edit: 1 });
  });
});

describe('a cluster file', () => {
  it('finds its nodes wherever their folders were dropped', () => {
    const moved = FILES.map(({ name, text }) => ({
      name: name.startsWith('worker-') ? `elsewhere/${name}` : `files/${name}`,
      text,
    }));
    expect(sessionOf(moved).loaded('en')).toMatchObject({ isCluster: true, errors: 0 });
  });

  it('whose node is not there says so with the place in it', () => {
    const some = FILES.filter(({ name }) => !name.startsWith('worker-2'));
    const file = clusterFileIn(some);
    const read = file === null ? null : readClusterFiles(file, some);
    expect(read?.world).toBeNull();
    expect(read?.diagnostics.list).toMatchObject([
      { code: 'CLUSTER_NODE_PATH', params: { path: 'worker-2' } },
    ]);
  });

  it('is no other YAML', () => {
    expect(clusterFileIn([{ name: 'nodes.yaml', text: 'apiVersion: v1\nitems:\n- nodes: 1\n' }])).toBeNull();
    expect(clusterFileIn([{ name: 'save.txt', text: 'nodes:\n' }])).toBeNull();
  });
});

describe('what is settled of a way across nodes', () => {
  it('is an endpoint: the way to it alone is left', () => {
    const { outcomes } = walkOf(cluster.trace(service, 'en'));
    expect(outcomes.map(({ pick }) => pick)).toEqual([
      '192.168.33.90:8080',
      '192.168.50.7:8080',
      '192.168.73.44:8080',
    ]);
    const picked = walkOf(cluster.trace({ ...service, pick: '192.168.73.44:8080' }, 'en'));
    expect(picked.outcomes).toHaveLength(1);
    expect(picked.outcomes[0]?.path?.hops[0]?.changes).toEqual(['dst 192.168.73.44:8080']);
    expect(picked.outcomes[0]?.path?.reasons).toEqual([
      'rests on node worker-1: the endpoint is 192.168.73.44:8080',
    ]);
    expect(picked.notes).toEqual([]);
    const ask = { ...service, pick: '192.168.73.44:8080' };
    const rows = cluster.chain({ ...WHOLE, ask, outcome: 0, leg: 0, step: 4 });
    expect(rows?.total).toBeGreaterThan(0);
    const vain = walkOf(cluster.trace({ ...service, pick: '10.9.9.9:80' }, 'en'));
    expect(vain.outcomes).toHaveLength(3);
    expect(vain.notes.join()).toContain('10.9.9.9:80');
  });

  it('is a rule of one of the nodes: yes and no part the ways', () => {
    const files = FILES.map(({ name, text }) => ({
      name,
      text: name.includes('worker-2/iptables-save')
        ? text.replace(/(\*filter\n(?::.*\n)+)/, '$1-A FORWARD -m set --match-set blocked src -j DROP\n')
        : text,
    }));
    const open = sessionOf(files);
    const ask = { ...service, pick: '192.168.73.44:8080' };
    const { outcomes } = walkOf(open.trace(ask, 'en'));
    const rules = outcomes.flatMap((one) => one.open);
    expect(rules[0]?.reference).toBe('worker-2 filter/FORWARD:1');
    const endOf = (answer: string): readonly string[] =>
      walkOf(open.trace({ ...ask, settled: [`worker-2 filter/FORWARD:1=${answer}`] }, 'en')).outcomes.map(
        ({ word }) => word,
      );
    expect(endOf('no')).toEqual(['DELIVERED, and the answer comes back']);
    expect(endOf('yes').join()).not.toContain('DELIVERED');
    // Of a node that is not there, or a rule that is not: said beside the form.
    for (const settled of [
      'nobody filter/FORWARD:1=yes',
      'worker-2 filter/NONE:1=yes',
      '__proto__ x:1=no',
      '',
    ])
      expect(open.trace({ ...ask, settled: [settled] }, 'ko').kind).toBe('form');
    const idle = walkOf(open.trace({ ...ask, settled: ['worker-1 filter/FORWARD:1=yes'] }, 'en'));
    expect(idle.notes.join()).toContain('filter/FORWARD:1');
  });
});
