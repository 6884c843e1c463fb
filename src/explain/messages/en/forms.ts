/** Messages about other forms of the routing dumps: JSON, `route -n`, `ifconfig`, copied files of /proc/sys. */
import type { Catalogue } from '../catalogue.js';

export const forms = {
  READ_JSON: {
    text: 'this is not JSON: {text}',
    why: 'The item of the listing that it is in is left out; the others are read.',
    do: 'Take the dump again and give natwalk the unchanged output.',
  },
  READ_JSON_ITEM: {
    text: 'this item does not belong to the listing: {text}',
    why: 'It lacks what every item of the listing has (a priority, a destination, a name). It is left out.',
    do: 'Check that the file holds the output of one command, as it was printed.',
  },
  READ_ROUTE_TABLE: {
    text: 'this form shows IPv4 table main in part',
    why: 'Other tables, preferred sources, further next hops and some types of route are not in it: whether they decide is left open.',
    do: 'Add the output of `ip route show table all`.',
  },
  READ_ROUTE_TYPE: {
    text: 'the sign {sign} stands for several types of route; this one is taken as {type}',
    why: '"!" is unreachable or prohibit, "*" is blackhole or throw: the table does not tell which.',
    do: 'Add the output of `ip route show table all`.',
  },
  READ_IFCONFIG: {
    text: 'ifconfig shows links and addresses in part',
    why: 'Further addresses of a device, indexes, masters and scopes are not in it: whether others are there is left open.',
    do: 'Add the output of `ip addr`.',
  },
} as const satisfies Catalogue;
