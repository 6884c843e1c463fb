/** What the kernel did in the cases of its suite, kept so that natwalk can be held against it without a kernel. */
import type { Network } from '../../src/routing/model.js';
import type { Observation } from '../kernel/adapter/judge.js';
import type { Family } from '../../src/address/address.js';
import type { KernelAnswers } from '../kernel/routing/answers.js';
import type { Script } from '../kernel/soak/flows/script.js';
import type { Sent } from '../kernel/soak/session.js';
import type { Spec } from '../support/spec.js';

export type Texts = readonly { readonly name: string; readonly text: string }[];

/** A case of a soak profile. */
export interface RecordedCase {
  readonly name: string;
  readonly texts: Texts;
  readonly groups: readonly (readonly Observation[])[];
  readonly scripts: readonly { readonly script: Script; readonly sent: readonly Sent[] }[];
}

/** The known walks of one fixture; the packets of a walk are one flow. */
export interface RecordedWalks {
  readonly name: string;
  readonly texts: Texts;
  readonly walks: readonly (readonly Observation[])[];
}

/** A random network that `ip route get` was asked about; answers are in the words of test/kernel/routing/answers.ts. */
export interface RecordedNetwork {
  readonly name: string;
  readonly network: Omit<Network, 'sysctl'>;
  readonly sysctls: ReadonlyMap<string, string>;
  /** Without policy rules the local and main tables are one trie, for which the kernel prints either. */
  readonly oneTrie: boolean;
  readonly answers: readonly KernelAnswers[];
}

/** A table beside an extension, whose OK and FAIL rows the real tools confirm. */
export interface RecordedSpec {
  readonly spec: Spec;
  readonly families: readonly Family[];
}

export interface Recording {
  readonly cases: readonly RecordedCase[];
  readonly walks: readonly RecordedWalks[];
  readonly networks: readonly RecordedNetwork[];
  readonly specs: readonly RecordedSpec[];
}
