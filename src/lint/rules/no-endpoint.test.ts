import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../../test/support/lint.js';
import { loadNode } from '../../snapshot/load.js';
import rule from './no-endpoint.js';

const FOLDER = join(import.meta.dirname, '../../../examples/eks-node');

/** What is found on the embedded node, whose service default/web leads to 192.168.61.33:8080, beside such a listing. */
function found(...endpoints: readonly string[]): readonly string[] {
  const files = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));
  // As kubectl does it, in columns.
  const rows = [
    ['NAMESPACE', 'NAME', 'ENDPOINTS', 'AGE'],
    ...endpoints.map((row) => [...row.split(' / '), '3d']),
  ];
  const text = rows
    .map(
      (row) =>
        `${row
          .map((cell) => cell.padEnd(60))
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
  const node = loadNode('node', [...files, { name: 'kubectl-get-endpoints.txt', text }]);
  return findingsOf(node, rule).map(
    ({ code, proof, params }) =>
      `${code} ${String(params['service'])} ${String(params['target'])} ${proof.kind}`,
  );
}

describe("a service's rule", () => {
  it('that leads to an endpoint of yesterday is shown by a packet', () => {
    expect(found('default / web / 192.168.40.11:8080')).toEqual([
      'LINT_NO_ENDPOINT default/web 192.168.61.33:8080 packet',
    ]);
  });

  it.each([
    ['an endpoint that is listed', ['default / web / 192.168.61.33:8080']],
    ['one of several that are listed', ['default / web / 192.168.40.11:8080,192.168.61.33:8080']],
    [
      'what a listing that shows three may have cut',
      ['default / web / 10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more...'],
    ],
    ['an endpoint of a service that is not listed', ['default / other / 192.168.40.11:8080']],
    ['an endpoint where nothing is listed', []],
  ])('that leads to %s is none', (_, rows) => {
    expect(found(...rows)).toEqual([]);
  });

  it('that leads to another port than is listed is found', () => {
    expect(found('default / web / 192.168.61.33:9090')).toEqual([
      'LINT_NO_ENDPOINT default/web 192.168.61.33:8080 packet',
    ]);
  });
});
