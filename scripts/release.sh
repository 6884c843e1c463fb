#!/usr/bin/env bash
# Makes what a release needs, and stops before anything leaves this machine: docs/releasing.md says what a person does then.
set -euo pipefail
cd "$(dirname "$0")/.."

[ -z "$(git status --porcelain)" ] || {
  echo 'There are changes that are not committed.' >&2
  exit 1
}
[ "${1-}" = --quick ] || bash scripts/ready.sh
version=$(node -p 'require("./package.json").version')
npm run --silent build
bash scripts/check-package.sh
rm -rf build/release
mkdir -p build/release
npm pack --silent --ignore-scripts --pack-destination build/release >/dev/null
node scripts/build-single.mjs
cp build/natwalk.mjs "build/release/natwalk-$version.mjs"
cp dist/LICENSES.txt "build/release/natwalk-$version.LICENSES.txt"
node scripts/sbom.mjs >"build/release/natwalk-$version.cdx.json"
(cd build/release && sha256sum natwalk-* >SHA256SUMS)
ls -l build/release
echo "Nothing was published. docs/releasing.md, from step 4 on, is for a person: npm publish build/release/natwalk-$version.tgz"
