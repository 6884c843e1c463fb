import { readFileSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Ask, TraceAnswer } from '../shared/protocol.js';
import type { PathView, WalkView } from '../shared/walk.js';
import { clusterFileIn, readClusterFiles } from './cluster-files.js';
import { EMPTY_PACKET } from './node-parts.js';
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
    // What if is asked of one node: nothing here can be changed.
    const steps = outcomes.flatMap(({ legs }) => legs.flatMap((leg) => leg.steps));
    const lines = steps.flatMap(({ route }) => [...(route?.rules ?? []), ...(route?.routes ?? [])]);
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.filter(({ edit }) => edit !== null)).toEqual([]);
    expect(steps.filter(({ settings, open }) => settings.length > 0 || open !== null)).toEqual([]);
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
    expect(view?.rows.some(({ state, edit }) => state === 'matched' && edit === null)).toBe(true);
    expect(view?.rows.some(({ place }) => place.startsWith('iptables-save.txt'))).toBe(true);
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
