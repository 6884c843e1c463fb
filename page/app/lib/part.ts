/**
 * Parts of the page that are loaded when they are needed: the engine, the sample node, the labs. They are plain scripts, which work
 * from a file too, and hand themselves over by `natwalkPart`.
 */
import type { LabsPart } from '../../shared/labs.js';

interface Parts {
  readonly labs: LabsPart;
  /** The worker's program as a function that is never called here: its text is what the worker runs. */
  readonly engine: () => void;
  readonly sample: readonly { readonly name: string; readonly text: string }[];
  /** Two nodes, and the network between them. */
  readonly cluster: readonly { readonly name: string; readonly text: string }[];
  /** What `natwalk ui NODE` serves. */
  readonly node: {
    readonly name: string;
    readonly files: readonly { readonly name: string; readonly text: string }[];
    readonly which: string | null;
  };
}
export type PartName = keyof Parts;

const known = new Map<PartName, unknown>();
const waiting = new Map<PartName, (value: unknown) => void>();

declare global {
  var natwalkPart: (name: PartName, value: unknown) => void;
}

globalThis.natwalkPart = (name, value) => {
  known.set(name, value);
  waiting.get(name)?.(value);
};

/** The part; null where it is not there. */
export async function part<Name extends PartName>(name: Name): Promise<Parts[Name] | null> {
  const here = known.get(name);
  if (here !== undefined) return here as Parts[Name];
  const script = document.createElement('script');
  script.src = `${name}.js`;
  const loaded = new Promise<Parts[Name] | null>((resolve) => {
    waiting.set(name, (value) => resolve(value as Parts[Name]));
    script.onerror = () => resolve(null);
  });
  document.head.append(script);
  return loaded;
}

/** Does the server that gave the page say that it has a node to show? */
export function hasNode(): boolean {
  return document.documentElement.dataset['node'] === 'served';
}
