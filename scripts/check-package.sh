#!/usr/bin/env bash
# Packs the package, installs the tarball in an empty folder, and runs there what README shows.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm pack --silent --ignore-scripts --pack-destination "$work" >/dev/null
cd "$work"
npm init --yes >/dev/null
npm install --no-audit --no-fund --silent ./natwalk-*.tgz
ln -s node_modules/natwalk/examples examples
node "$root/scripts/check-readme.mjs" "$root/README.md" npx natwalk
