#!/usr/bin/env bash
# Packs the package, looks at its types and its size, installs the tarball in an empty folder, and runs there what README
# shows.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
# What `npx natwalk` may come to, unpacked, in bytes, without the page and the labs.
LARGEST=3000000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm pack --silent --ignore-scripts --pack-destination "$work" >/dev/null
npx attw --profile esm-only --quiet "$work"/natwalk-*.tgz || {
  npx attw --profile esm-only --format ascii --no-color "$work"/natwalk-*.tgz
  exit 1
}
cd "$work"
npm init --yes >/dev/null
npm install --no-audit --no-fund --silent ./natwalk-*.tgz
# All that is installed: nothing comes along with the package. The page has a bound of its own; labs are texts.
size=$(find node_modules -path '*/dist/page' -prune -o -path '*/natwalk/labs' -prune -o -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')
echo "installed: $size bytes"
[ "$size" -le "$LARGEST" ] || {
  echo "The package is larger than $LARGEST bytes." >&2
  exit 1
}
ln -s node_modules/natwalk/examples examples
node "$root/scripts/check-readme.mjs" "$root/README.md" npx natwalk
node "$root/scripts/check-library.mjs" "$root/README.md" "$root/node_modules/typescript/bin/tsc"
