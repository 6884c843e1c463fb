// Prints the bill of materials (CycloneDX) of the package: what npm says of the installed packages, as far as the bundles
// have them within. `node scripts/sbom.mjs`
import { execFileSync } from 'node:child_process';
import { root } from './bundle.mjs';
import { bundledPackages } from './library.mjs';

const packages = new Set((await bundledPackages()).map(({ name, version }) => `${name}@${version}`));
const bill = JSON.parse(
  execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1e9,
  }),
);
const own = bill.metadata.component['bom-ref'];
const components = bill.components.filter(({ 'bom-ref': ref }) => packages.has(ref));
const missing = [...packages].filter((ref) => !components.some((component) => component['bom-ref'] === ref));
if (missing.length > 0) throw new Error(`npm knows nothing of ${missing.join(', ')}`);
for (const component of components) {
  // To npm what is bundled is a tool of development; to whoever installs the package it is a part of it.
  component.scope = 'required';
  component.properties = component.properties?.filter(({ name }) => name !== 'cdx:npm:package:development');
}
const dependencies = bill.dependencies
  .filter(({ ref }) => ref === own || packages.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((name) => packages.has(name)) }));
process.stdout.write(`${JSON.stringify({ ...bill, components, dependencies }, null, 2)}\n`);
