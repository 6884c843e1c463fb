/** What one dump shows of one table. */
import type { SourceText } from '../../source/source.js';
import type { TableName } from '../view.js';
import type { ChainDraft } from './chain-draft.js';
import type { Backend } from './heading.js';

export interface Block {
  readonly source: SourceText;
  /** Null until it has been found out: `iptables -S` does not name its table. */
  table: TableName | null;
  /** Began with `*table`. */
  readonly named: boolean;
  /** Ended with COMMIT. */
  committed: boolean;
  readonly backend: Backend;
  /** The variant, if the kernel runs tables of both. */
  whose: Backend;
  readonly chains: Map<string, ChainDraft>;
  readonly from: number;
  to: number;
}
