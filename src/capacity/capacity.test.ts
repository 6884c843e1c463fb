/** How many pods fit, by instance type and setting, and where they are. */
import { describe, expect, it } from 'vitest';
import { capacityOf, landingOf } from './capacity.js';
import { instanceType, typeNames } from './types.js';

const PLAIN = { prefixDelegation: false, customNetworking: false };

function capacity(name: string, options: Partial<typeof PLAIN> = {}): ReturnType<typeof capacityOf> {
  const type = instanceType(name);
  if (type === null) throw new Error(name);
  return capacityOf(type, { ...PLAIN, ...options });
}

describe('maxPods', () => {
  it.each([
    ['t3.nano', 4],
    ['t3.micro', 4],
    ['t3.small', 11],
    ['t3.medium', 17],
    ['t3.large', 35],
    ['t3.xlarge', 58],
    ['t3.2xlarge', 58],
    ['c5.large', 29],
    ['c5.xlarge', 58],
    ['c5.9xlarge', 234],
    ['c5.18xlarge', 737],
    ['c5.metal', 737],
    ['m4.large', 20],
  ])('of %s is %d', (name, pods) => {
    expect(capacity(name)).toMatchObject({ maxPods: pods, most: pods, ceiling: null });
  });

  it.each([
    ['t3.nano', 34, 34, 110],
    ['t3.medium', 110, 242, 110],
    ['c5.large', 110, 434, 110],
    ['c5.9xlarge', 250, 3714, 250],
    ['m5.8xlarge', 250, 3714, 250],
    ['c5.4xlarge', 110, 3714, 110],
  ])('of %s with prefixes is %d of %d', (name, pods, most, ceiling) => {
    expect(capacity(name, { prefixDelegation: true })).toMatchObject({ maxPods: pods, most, ceiling });
  });

  it.each([
    ['t3.medium', false, 12],
    ['t3.medium', true, 110],
    ['t3.nano', true, 18],
  ])('of %s with custom networking (prefixes: %s) is %d', (name, prefixDelegation, pods) => {
    expect(capacity(name, { customNetworking: true, prefixDelegation }).maxPods).toBe(pods);
  });
});

describe('a pod', () => {
  it.each([
    [1, 0, 'main', 1],
    [5, 0, 'main', 5],
    [6, 1, '2', 1],
    [10, 1, '2', 5],
    [12, 2, '3', 2],
    [15, 2, '3', 5],
  ])('number %d of a t3.medium is on interface %d, table %s, slot %d', (pod, device, table, slot) => {
    expect(landingOf(capacity('t3.medium'), pod)).toMatchObject({
      kind: 'eni',
      eni: { device, table },
      slot,
    });
  });

  it('beyond the addresses is pending', () => {
    expect(landingOf(capacity('t3.medium'), 16)).toEqual({ kind: 'pending', by: 'addresses' });
  });

  it('beyond what kubelet takes is pending, though there are addresses', () => {
    const prefixes = capacity('t3.medium', { prefixDelegation: true });
    expect(landingOf(prefixes, 108)).toMatchObject({ kind: 'eni', eni: { device: 1 }, slot: 2 });
    expect(landingOf(prefixes, 109)).toEqual({ kind: 'pending', by: 'ceiling' });
  });

  it('is never on the primary interface with custom networking', () => {
    const custom = capacity('t3.medium', { customNetworking: true });
    expect(landingOf(custom, 1)).toMatchObject({ eni: { device: 1, table: '2' } });
  });
});

describe('the table', () => {
  it('holds whole numbers for every type', () => {
    for (const name of typeNames()) {
      const type = instanceType(name);
      for (const value of [type?.vcpus, type?.enis, type?.addresses])
        expect(Number.isInteger(value) && Number(value) > 0, name).toBe(true);
    }
  });

  it('knows no type that is not in it', () => {
    expect(['__proto__', 'constructor', 't3', 't3.huge', ''].map(instanceType)).toEqual([
      ...[null, null, null, null, null],
    ]);
  });
});
