/** ICMP messages that packets are made of and rules ask for. */
interface Type {
  readonly type: number;
  readonly code: number;
}

const of = (type: number, code = 0): Type => ({ type, code });

export const ICMP_TYPES: readonly Type[] = [
  of(8),
  of(8),
  of(8),
  of(0),
  of(13),
  of(3, 1),
  of(3, 3),
  of(5, 1),
  of(11),
  of(9),
];
export const ICMP6_TYPES: readonly Type[] = [
  of(128),
  of(128),
  of(128),
  of(129),
  of(1, 4),
  of(3),
  of(2),
  of(144),
];
