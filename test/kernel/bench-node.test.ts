/** The real tools take the large node as it is written, and print it back. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveOf } from '../../bench/kube-proxy.js';
import { type Cluster, clusterOf } from '../../bench/node/cluster.js';
import { addressesOf, routesOf, rulesOf, setupOf } from '../../bench/node/network.js';
import { scratchFolder } from './adapter/scratch.js';

const cluster: Cluster = clusterOf({ services: 100 });
const folder = scratchFolder('bench');
const file = join(folder, 'save');

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, saveOf(cluster));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a script in a network namespace of its own. */
function inNamespace(script: string): string {
  return execFileSync('unshare', ['--net', 'bash', '-c', script], { encoding: 'utf8', maxBuffer: 1e8 });
}

const rulesIn = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => /^[-:*]/.test(line))
    .sort();

describe.each(['legacy', 'nft'])('iptables-%s', (variant) => {
  it('accepts the save', () => {
    const tool = `iptables-${variant}-restore`;
    const { status, stderr } = spawnSync('unshare', ['--net', tool, '--test', file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('prints the same lines back', () => {
    const printed = inNamespace(`iptables-${variant}-restore ${file} && iptables-${variant}-save`);
    expect(rulesIn(printed)).toEqual(rulesIn(saveOf(cluster)));
  });
});

it('ip makes the same policy rules, and no route fewer', () => {
  const devices = [...cluster.enis, ...cluster.pods].map(({ device }) => device);
  const make = devices.map((device) => `ip tuntap add ${device} mode tun`).join('\n');
  const printed = inNamespace(`${make}\n${setupOf(cluster)}\nip rule; echo; ip route show table all`);
  const [rules = '', routes = ''] = printed.split('\n\n');
  expect(`${rules}\n`).toBe(rulesOf(cluster));
  const plain = (text: string): ReadonlySet<string> =>
    new Set(
      text
        .replaceAll(/ onlink| linkdown/g, '')
        .split('\n')
        .map((line) => line.trim()),
    );
  const made = plain(routes);
  expect([...plain(routesOf(cluster))].filter((route) => route !== '' && !made.has(route))).toEqual([]);
  expect(addressesOf(cluster)).toContain(cluster.enis[0]?.address);
});
