/** Every lab of the repository: it can be read, its solution solves it, and its misconceptions are refuted. */
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderDiagnostics } from '../../src/explain/diagnostic.js';
import { verifyLab } from '../../src/labs/verify.js';
import { labPaths, openLab } from '../../src/cli/lab-files.js';

const root = join(import.meta.dirname, '../../labs');
const paths = await labPaths(root);
const names = paths.map((path) => basename(dirname(path)));

describe('labs', () => {
  it('are there', () => {
    expect(names).toContain('06-pod-to-internet');
  });

  it.each(names)('%s holds what it says', async (name) => {
    const { lab, material, diagnostics } = await openLab(join(root, name, 'lab.yaml'));
    expect(renderDiagnostics(diagnostics)).toBe('');
    const faults = lab === null ? [] : verifyLab(lab, material);
    const told = faults.map(({ code, params, span }) => ({ code, params, span, severity: 'error' as const }));
    expect(renderDiagnostics(told)).toBe('');
  });
});
