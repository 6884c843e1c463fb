import { defineConfig } from 'vitest/config';
import { whyNoBrowser } from './test/browser/available.js';
import { whyNoKernel } from './test/kernel/available.js';

const missing = whyNoKernel();
const withKernel = missing === null;
const withBrowser = whyNoBrowser() === null;
const isAsked = (project: string): boolean =>
  process.argv.some(
    (word, at) =>
      word === `--project=${project}` || (process.argv[at - 1] === '--project' && word === project),
  );
if (missing !== null && isAsked('kernel')) {
  process.stderr.write(`The kernel cannot be asked: ${missing}\n`);
  process.exit(2);
}
if (!withBrowser && isAsked('browser')) {
  process.stderr.write(`There is no browser: ${whyNoBrowser() ?? ''}\n`);
  process.exit(2);
}
const globalSetup = './test/setup/generate.ts';
// No test changes a module of natwalk, so that the files of a worker may share what they import: half of a run's time.
const common = { environment: 'node', globalSetup, isolate: false } as const;

export default defineConfig({
  test: {
    maxWorkers: '100%',
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'page/**/*.test.ts'],
          exclude: ['test/kernel/**', 'test/corpus/**', 'test/browser/**'],
          // Properties run long beside a kernel suite; what must be fast says so itself.
          testTimeout: 60_000,
        },
      },
      {
        test: { ...common, name: 'corpus', include: ['test/corpus/**/*.test.ts'], testTimeout: 600_000 },
      },
      ...(withBrowser
        ? [
            {
              test: {
                ...common,
                globalSetup: [globalSetup, './test/browser/build.ts'],
                name: 'browser',
                include: ['test/browser/**/*.test.ts'],
                testTimeout: 60_000,
                hookTimeout: 60_000,
              },
            },
          ]
        : []),
      ...(withKernel
        ? [
            {
              test: {
                ...common,
                globalSetup: [globalSetup, './test/setup/sweep.ts'],
                name: 'kernel',
                include: ['test/kernel/**/*.test.ts'],
                testTimeout: 120_000,
                hookTimeout: 120_000,
              },
            },
          ]
        : []),
    ],
  },
});
