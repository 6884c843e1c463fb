import { expect, it } from 'vitest';
import { type Route, readRoute, routeText } from './route.js';

const watch = {
  kind: 'watch',
  lab: '6',
  packet: 'internet',
  node: null,
  when: 'start',
  misconception: null,
} as const;

it.each<[string, Route]>([
  ['#labs', { kind: 'labs' }],
  ['#lab=6', { kind: 'lab', lab: '6' }],
  ['#lab=06-pod-to-internet', { kind: 'lab', lab: '06-pod-to-internet' }],
  ['#lab=6&walk=internet', watch],
  ['#lab=6&walk=internet&node=worker-2&when=now', { ...watch, node: 'worker-2', when: 'now' }],
  ['#lab=6&walk=internet&refutes=own-eni', { ...watch, misconception: 'own-eni' }],
  ['#walk', { kind: 'walk' }],
])('%s is read, and written as it is', (hash, route) => {
  expect(readRoute(hash)).toEqual(route);
  expect(`#${routeText(route)}`).toBe(hash);
});

it.each(['', '#', '#q1.e30', '#v1.abc~0.0.1', '#labs2', '#x=1'])(
  'leaves "%s" to the view of walks',
  (hash) => {
    expect(readRoute(hash)).toEqual({ kind: 'walk' });
  },
);

it('asks for the list where what is named cannot be a lab', () => {
  expect(readRoute('#lab=<script>')).toEqual({ kind: 'labs' });
  expect(readRoute(`#lab=${'6'.repeat(500)}`)).toEqual({ kind: 'labs' });
  expect(readRoute('#lab=6&walk=%3Cb%3E&node=x')).toEqual({ kind: 'lab', lab: '6' });
});
