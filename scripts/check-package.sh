#!/usr/bin/env bash
# Packs the package, installs the tarball in an empty folder, and runs what README shows (lines that begin with
# `npx natwalk`) as well as an import of the library.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npx publint --strict
npm pack --silent --ignore-scripts --pack-destination "$work" >/dev/null
cd "$work"
npm init --yes >/dev/null
npm install --no-audit --no-fund --silent ./natwalk-*.tgz

shown=$(sed -n 's/^ *\$\{0,1\} *\(npx natwalk .*\)$/\1/p' "$root/README.md")
[ -n "$shown" ] || { echo 'README shows no example' >&2; exit 1; }
ln -s node_modules/natwalk/examples examples
while IFS= read -r line; do
  case $line in *' ui'* | *'<'* | *'…'*) continue ;; esac
  echo "\$ $line"
  bash -c "$line" </dev/null >out.txt || { cat out.txt; exit 1; }
  head -3 out.txt
done <<<"$shown"

node --input-type=module -e "
import { loadNode, trace } from 'natwalk';
const { outcomes } = trace(loadNode('examples/eks-node'), { proto: 'tcp', src: '192.168.61.33', dst: '203.0.113.9', dport: 443 });
if (outcomes[0]?.egress?.iface !== 'ens5') throw new Error('the library says otherwise');
"
