import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';

/** Rooms that know neither Node nor DOM, and what of the others each may import (ARCHITECTURE.md). */
const rooms = {
  address: [],
  source: [],
  chooser: ['source'],
  ipset: ['address', 'chooser', 'source'],
  iptables: ['address', 'chooser', 'source'],
  routing: ['address', 'chooser', 'source'],
  nft: ['address', 'chooser', 'source', 'iptables'],
  names: ['address', 'source', 'iptables', 'nft'],
  packet: ['address', 'source', 'chooser', 'ipset', 'iptables', 'nft', 'names', 'routing'],
  why: ['address', 'source', 'chooser', 'ipset', 'iptables', 'nft', 'names', 'routing', 'packet'],
  diff: ['address', 'source', 'chooser', 'ipset', 'iptables', 'nft', 'names', 'routing', 'packet'],
  lint: ['address', 'source', 'chooser', 'iptables', 'nft', 'names', 'routing', 'packet'],
  ask: ['address', 'source', 'chooser', 'names', 'packet', 'why', 'cluster', 'explain'],
  check: ['address', 'source', 'chooser', 'iptables', 'nft', 'names', 'routing', 'packet', 'explain'],
};
const everyRoom = [...Object.keys(rooms), 'snapshot', 'explain', 'cli', 'lab'];

/** @param {string} room @param {readonly string[]} may */
function boundary(room, may) {
  const closed = everyRoom.filter((other) => other !== room && !may.includes(other));
  return {
    files: [`src/${room}/**/*.ts`],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-globals': [
        'error',
        ...['process', 'Buffer', 'setTimeout', 'setInterval', 'performance', 'Date', 'crypto', 'fetch'],
        ...['window', 'document', 'globalThis'],
      ],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['node:*'], message: 'This room is pure.' },
            {
              group: closed.map((other) => `**/${other}/**`),
              message: 'See ARCHITECTURE.md: who may know whom.',
            },
          ],
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'src/generated/', 'node_modules/', 'coverage/'] },
  {
    files: ['**/*.ts', '**/*.svelte'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    extends: [svelte.configs.recommended],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  ...Object.entries(rooms).map(([room, may]) => boundary(room, may)),
  {
    files: ['**/*.test.ts', 'test/**/*.ts', 'page/**/*.test.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
);
