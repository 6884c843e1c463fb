/** Where two nodes' listings differ, in what a walk reads: not yet where they treat a packet differently. */
import type { Family } from '../address/address.js';
import type { IpSet, SetEntry } from '../ipset/model.js';
import type { Element, NftSet, NftTable } from '../nft/model.js';
import type { AnyRule } from '../packet/any-rule.js';
import type { ConntrackEntry } from '../packet/conntrack-entry.js';
import type { InterfaceAddress, Link, PolicyRule, Route } from '../routing/model.js';
import type { ShapeTable } from './shape.js';

export type Side = 'a' | 'b';

export type Thing =
  | { readonly kind: 'rule'; readonly rule: AnyRule; readonly table: ShapeTable }
  /** A built-in or base chain: it is there on one side alone, or its policy differs. */
  | {
      readonly kind: 'chain';
      readonly table: ShapeTable;
      readonly chain: string;
      readonly hook: string;
      readonly policy: string;
    }
  | { readonly kind: 'policy-rule'; readonly rule: PolicyRule }
  | { readonly kind: 'route'; readonly route: Route }
  | { readonly kind: 'address'; readonly device: string; readonly address: InterfaceAddress }
  | { readonly kind: 'link'; readonly link: Link }
  | { readonly kind: 'setting'; readonly name: string; readonly value: string }
  | { readonly kind: 'element'; readonly set: IpSet; readonly entry: SetEntry }
  | {
      readonly kind: 'native-element';
      readonly table: NftTable;
      readonly set: NftSet;
      readonly element: Element;
    }
  /** What else of a set there is. */
  | { readonly kind: 'set'; readonly name: string; readonly text: string }
  | { readonly kind: 'connection'; readonly entry: ConntrackEntry }
  /** A part that the snapshot does not show, or says in general. */
  | { readonly kind: 'ground'; readonly text: string };

/** Something that one side has and the other has not, or not so. */
export interface Difference {
  readonly side: Side;
  /** Packets of that family alone; null for both. */
  readonly family: Family | null;
  readonly thing: Thing;
}
