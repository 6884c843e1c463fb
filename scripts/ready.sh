#!/usr/bin/env bash
# All checks, cheapest first; `npm run ready`. NODES says which releases of Node.js the built program is tried on; the
# tests themselves run on the one that is installed here in any case, last, so that one is not asked for its tests twice.
# BUILT says that dist/ is of this tree.
set -euo pipefail
cd "$(dirname "$0")/.."
NODES=${NODES-20 22 24}

# On the other releases: the command, the library, the golden walks, and what unpacks archives. Properties of
# the engine are the same on every release of Node.js.
PARTS=(src/cli/ src/snapshot/archive/ test/cli/ test/library/ test/walks/)

# Each step says how many seconds have passed, so that what has become slow is seen.
step() { printf '\n== %s (after %d s)\n' "$1" "$SECONDS"; }

# Runs two functions at once: what each prints comes as a whole. Both are run to their end.
beside() {
  local first second failed=0
  first=$(mktemp)
  second=$(mktemp)
  "$1" >"$first" 2>&1 &
  local one=$!
  "$2" >"$second" 2>&1 || failed=1
  wait "$one" || failed=1
  cat "$first" "$second"
  rm "$first" "$second"
  return "$failed"
}

# `set -e` does not hold in a function whose status is asked for.
types() {
  step 'types'
  npx tsc -p tsconfig.json && npx tsc -p tsconfig.isolated.json && npm run --silent typecheck:page &&
    step 'dead code' && npx knip --no-progress
}

style() {
  step 'format'
  npx prettier --check --log-level warn . && step 'lint' && npm run --silent lint
}

step 'generate'
npm run --silent generate
beside types style
if [ -z "${BUILT-}" ]; then
  step 'build'
  npm run --silent build
fi
step 'ratios'
npm run --silent bench -- --quick
step 'package'
npm run --silent package

for release in $NODES; do
  step "Node.js $release"
  npx --yes --package "node@$release" node --version
  npx --yes --package "node@$release" node dist/cli.cjs trace examples/eks-node --from 192.168.61.33 --to 203.0.113.9:443 -o summary
  [ "$release" = "$(node -p 'process.versions.node.split(".")[0]')" ] ||
    npx --yes --package "node@$release" node node_modules/vitest/vitest.mjs run --project unit --reporter dot "${PARTS[@]}"
done

step 'tests'
exec npm test --silent
