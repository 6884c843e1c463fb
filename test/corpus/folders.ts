/** The dumps that the corpus test runs on: a folder of the user's (NATWALK_CORPUS), else the project's own. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SnapshotFile } from '../../src/snapshot/load.js';

const given = process.env['NATWALK_CORPUS'];

/** Notes about dumps, not dumps. */
const NOTES =
  /^(?:SOURCE|README|INDEX|BUNDLES|LICENSE|info|question|context)\b|\.(?:json|sh|conf|py|yml|yaml|c)$/;

/** A folder and its texts, in the order of their names. */
export interface CorpusFolder {
  readonly name: string;
  readonly path: string;
  readonly files: readonly SnapshotFile[];
}

function below(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(path, entry.name))
    .sort();
}

function folder(path: string): CorpusFolder {
  const names = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !NOTES.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  const files = names.map((name) => ({ name, text: readFileSync(join(path, name), 'latin1') }));
  return { name: basename(path), path, files };
}

/** Every folder of the corpus. */
export const folders: readonly CorpusFolder[] = (
  given === undefined ? [...below('examples'), ...below('test/walks/fixtures')] : below(given)
)
  .map(folder)
  .filter(({ files }) => files.length > 0);

/** Files of one node at one time, under the names that tell what they are. */
export interface Bundle {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly SnapshotFile[];
}

interface Listing {
  readonly folder: string;
  readonly node?: string;
  readonly addr?: string;
  readonly rule?: string;
  readonly sysctl?: string;
  readonly routes?: Readonly<Record<string, string>>;
  readonly iptables?: Readonly<Record<string, string>>;
  readonly iptables_L?: Readonly<Record<string, string>>;
  readonly v6?: Omit<Listing, 'folder'>;
}

function named(listing: Omit<Listing, 'folder'>, six: '' | '6'): [string, string][] {
  const ip = `ip${six}`;
  const names: [string, string | undefined][] = [
    [`${ip}-addr.txt`, listing.addr],
    [`${ip}-rule.txt`, listing.rule],
    ['sysctl-a.txt', listing.sysctl],
    ...Object.entries(listing.routes ?? {}).map(([table, file]): [string, string] => [
      table === 'main' || table === 'all' || table === 'local'
        ? `${ip}-route-${table}.txt`
        : `${ip}-route-table-${table}.txt`,
      file,
    ]),
    ...Object.entries(listing.iptables ?? {}).map(([table, file]): [string, string] => [
      table === 'save' ? `${ip}tables-save.txt` : `${ip}tables-${table}-S.txt`,
      file,
    ]),
    ...Object.entries(listing.iptables_L ?? {}).map(([table, file]): [string, string] => [
      `${ip}tables-${table}-Lnv.txt`,
      file,
    ]),
  ];
  return names.flatMap(([name, file]) => (file === undefined ? [] : [[name, file]]));
}

function isListing(value: unknown): value is Listing {
  return typeof value === 'object' && value !== null && 'folder' in value && typeof value.folder === 'string';
}

function listings(): Listing[] {
  const path = join(given ?? '', 'BUNDLES.json');
  if (given === undefined || !existsSync(path)) return [];
  const list: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return Array.isArray(list) ? list.filter(isListing) : [];
}

/** What BUNDLES.json of the corpus lists; the project's own folders are each one node. */
export const bundles: readonly Bundle[] =
  given === undefined
    ? folders.map(({ name, files }) => ({ name, folder: name, files }))
    : listings().map((listing) => ({
        name: `${listing.folder}${listing.node === undefined ? '' : ` (${listing.node})`}`,
        folder: listing.folder,
        files: [...named(listing, ''), ...named(listing.v6 ?? {}, '6')].map(([name, file]) => ({
          name,
          text: readFileSync(join(given, listing.folder, file), 'latin1'),
        })),
      }));
