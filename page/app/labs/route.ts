/**
 * Which view the address asks for: `#labs` the list, `#lab=6` a lab by number or name, `#lab=6&walk=PACKET` a packet of it in the
 * view of walks, with `node=`, `when=now` (as the student has left it) and `refutes=` (up to the step that refutes a belief).
 * Everything else is the view of walks with the reader's own node.
 */
import type { When } from '../../shared/labs.js';

/** A packet of a lab that is watched. */
export interface WatchRoute {
  readonly kind: 'watch';
  readonly lab: string;
  readonly packet: string;
  readonly node: string | null;
  readonly when: When;
  readonly misconception: string | null;
}

export type Route =
  | { readonly kind: 'walk' }
  | { readonly kind: 'labs' }
  | { readonly kind: 'lab'; readonly lab: string }
  | WatchRoute;

/** Names are no longer than that. */
const NAME = /^[\w.-]{1,80}$/;

const named = (text: string | null): string | null => (text !== null && NAME.test(text) ? text : null);

/** Reads what stands behind `#`. */
export function readRoute(hash: string): Route {
  if (hash === '#labs') return { kind: 'labs' };
  const [, lab, rest = ''] = /^#lab=([\w-]{1,80})(?:&(.*))?$/.exec(hash) ?? [];
  if (lab === undefined) return { kind: hash.startsWith('#lab=') ? 'labs' : 'walk' };
  const words = new URLSearchParams(rest);
  const packet = named(words.get('walk'));
  if (packet === null) return { kind: 'lab', lab };
  return {
    ...{ kind: 'watch', lab, packet, node: named(words.get('node')) },
    when: words.get('when') === 'now' ? 'now' : 'start',
    misconception: named(words.get('refutes')),
  };
}

/** The same as the text behind `#`. */
export function routeText(route: Route): string {
  switch (route.kind) {
    case 'walk':
      return 'walk';
    case 'labs':
      return 'labs';
    case 'lab':
      return `lab=${route.lab}`;
    case 'watch': {
      const { lab, packet, node, when, misconception } = route;
      const more = [
        ...(node === null ? [] : [`node=${node}`]),
        ...(when === 'start' ? [] : ['when=now']),
        ...(misconception === null ? [] : [`refutes=${misconception}`]),
      ];
      return [`lab=${lab}`, `walk=${packet}`, ...more].join('&');
    }
  }
}
