import { expect, it } from 'vitest';
import { hasNumberGap } from './gaps.js';

const HEAD =
  'Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)\nnum   pkts bytes target prot opt in out source destination\n';

it.each([
  ['all rules', `${HEAD}1  0 0 DROP\n2  0 0 ACCEPT\n`, false],
  ['two chains, each from 1', `${HEAD}1  0 0 DROP\n\n${HEAD}1  0 0 ACCEPT\n`, false],
  ['the first left out', `${HEAD}3  0 0 ACCEPT\n`, true],
  ['one in the middle left out', `${HEAD}1  0 0 DROP\n3  0 0 ACCEPT\n`, true],
  ['no numbers', HEAD.replace('num   ', ''), false],
])('%s', (_what, text, gap) => {
  expect(hasNumberGap(text)).toBe(gap);
});
