/** The examples that come with the page, each with the question that shows what it is for. */
import type { Ask } from '../../shared/protocol.js';
import { part } from './part.js';
import type { Sample } from './sample-names.js';
import { t } from './words.svelte.js';

export const SAMPLE_WORDS = {
  node: 'PAGE_SAMPLE_PICK',
  endpoints: 'PAGE_SAMPLE_ENDPOINTS',
  cluster: 'PAGE_SAMPLE_CLUSTER',
} as const;

interface Opened {
  readonly name: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** Null for the packet that any node is begun with. */
  readonly ask: Ask | null;
  /** The outcome that is looked at first. */
  readonly outcome: number;
}

function askOf(from: string, to: string): Ask {
  const rest = { in: '', mark: '', tcpFlags: '', icmp: '', ttl: '', uid: '', gid: '', ct: '' };
  return { packet: { from, to, proto: 'tcp', ...rest }, settled: [], pick: null, edits: [], flow: false };
}

/** One node of the cluster, by itself. */
const NODE = 'worker-1/';

/** The texts of an example; none where they are not beside the page. */
export async function sampleOf(sample: Sample): Promise<Opened> {
  if (sample === 'node')
    return { name: t('PAGE_SAMPLE'), files: (await part('sample')) ?? [], ask: null, outcome: 0 };
  const files = (await part('cluster')) ?? [];
  const name = t(SAMPLE_WORDS[sample]);
  if (sample === 'cluster')
    // Of the service's endpoints the last is on the other node.
    return { name, files, ask: askOf('pod:pod-1', 'svc:default/web:80'), outcome: 2 };
  const own = files.filter((one) => one.name.startsWith(NODE));
  return {
    name,
    files: own.map((one) => ({ name: one.name.slice(NODE.length), text: one.text })),
    ask: askOf('pod:default/pod-1', 'svc:default/web:80'),
    outcome: 0,
  };
}
