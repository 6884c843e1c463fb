/** How many pods fit, as text and as JSON (schema natwalk/capacity/1). */
import { type Capacity, type Landing, HOST_NETWORK_PODS, PREFIX_SIZE } from '../capacity/capacity.js';
import { TYPES_SOURCE } from '../capacity/types.js';
import { columnLines } from './columns.js';
import { type View, type ViewOptions, viewOf } from './view.js';
import { wrap } from './width.js';

/** A pod that was asked about, by its number, and where it is. */
export interface AskedPod {
  readonly pod: number;
  readonly landing: Landing;
}

/** The sum in figures: `3 x (6 - 1) + 2`. */
function formulaOf({ type, options }: Capacity): string {
  const enis = options.customNetworking ? `(${String(type.enis)} - 1)` : String(type.enis);
  const each = options.prefixDelegation ? ` x ${String(PREFIX_SIZE)}` : '';
  return `${enis} x (${String(type.addresses)} - 1)${each} + ${String(HOST_NETWORK_PODS)}`;
}

/** Which pods each interface has, by their numbers. */
function ranges(capacity: Capacity): readonly { readonly from: number; readonly to: number }[] {
  let before = 0;
  return capacity.enis.map(({ pods }) => {
    const most = Math.min(before + pods, capacity.maxPods - HOST_NETWORK_PODS);
    const range = { from: before + 1, to: most };
    before += pods;
    return range;
  });
}

function tableLines(capacity: Capacity, view: View): string[] {
  const { say } = view;
  const all = ranges(capacity);
  const rows = [
    ['ENI', say('CAPACITY_TABLE_HEAD'), say('CAPACITY_SLOTS_HEAD'), say('CAPACITY_POD_HEAD')],
    ...capacity.enis.map(({ device, table, slots }, at) => {
      const { from, to } = all[at] ?? { from: 1, to: 0 };
      const pods = to < from ? say('CAPACITY_PODS_NONE') : `${String(from)}-${String(to)}`;
      return [String(device), table, String(slots), pods];
    }),
  ];
  return columnLines(rows, view.width).flatMap((lines, at) =>
    at === 0 ? lines.map((line) => view.paint('dim', line)) : lines,
  );
}

function podText({ maxPods }: Capacity, { pod, landing }: AskedPod, { say }: View): string {
  if (landing.kind === 'eni') {
    const { eni, slot } = landing;
    return eni.table === 'main'
      ? say('CAPACITY_POD_MAIN', { pod, slot })
      : say('CAPACITY_POD_ON', { pod, slot, device: eni.device, table: eni.table });
  }
  return landing.by === 'addresses'
    ? say('CAPACITY_POD_ADDRESSES', { pod, own: maxPods - HOST_NETWORK_PODS })
    : say('CAPACITY_POD_CEILING', { pod, pods: maxPods });
}

/** Renders a capacity for people. Ends with a line feed. @param asked a pod whose place is wanted */
export function renderCapacity(
  capacity: Capacity,
  asked: AskedPod | null,
  options: ViewOptions = {},
): string {
  const view = viewOf(options);
  const { say } = view;
  const { type, most, ceiling, maxPods } = capacity;
  const facts = [
    say('CAPACITY_TYPE', { vcpus: type.vcpus, enis: type.enis, addresses: type.addresses }),
    `${formulaOf(capacity)} = ${String(most)}`,
    ...(ceiling === null || most <= ceiling
      ? []
      : [say('CAPACITY_CEILING', { most, ceiling, vcpus: type.vcpus })]),
    say('CAPACITY_HOST', { host: HOST_NETWORK_PODS, own: maxPods - HOST_NETWORK_PODS }),
  ];
  const notes = [say('CAPACITY_ORDER'), say('CAPACITY_SOURCE', { source: TYPES_SOURCE })];
  const lines = [
    ...wrap(say('CAPACITY_PODS', { type: type.name, pods: maxPods }), view.width).map((line) =>
      view.paint('strong', line),
    ),
    ...facts.flatMap((text) => wrap(text, view.width - 2).map((line) => `  ${line}`)),
    '',
    ...tableLines(capacity, view),
    '',
    ...(asked === null
      ? []
      : [
          ...wrap(podText(capacity, asked, view), view.width).map((line) =>
            view.paint(asked.landing.kind === 'eni' ? 'good' : 'bad', line),
          ),
          '',
        ]),
    ...notes.flatMap((text) => wrap(text, view.width)).map((line) => view.paint('dim', line)),
  ];
  return `${lines.join('\n')}\n`;
}

/** A capacity as JSON. Fields may be added; those here keep their name and meaning. */
export interface CapacityJson {
  readonly schema: 'natwalk/capacity/1';
  readonly type: string;
  readonly vcpus: number;
  readonly enis: number;
  readonly addressesPerEni: number;
  readonly prefixDelegation: boolean;
  readonly customNetworking: boolean;
  readonly formula: string;
  /** What addresses allow. */
  readonly most: number;
  readonly ceiling: number | null;
  readonly maxPods: number;
  readonly hostNetworkPods: number;
  /** `first` and `last` are the numbers of its pods; null where it has none. */
  readonly interfaces: readonly {
    readonly device: number;
    readonly table: string;
    readonly slots: number;
    readonly pods: number;
    readonly first: number | null;
    readonly last: number | null;
  }[];
  readonly pod: {
    readonly number: number;
    /** Null for a pod that stays Pending. */
    readonly device: number | null;
    readonly table: string | null;
    readonly slot: number | null;
    readonly pendingBy: 'addresses' | 'ceiling' | null;
  } | null;
  readonly source: string;
}

/** Ready for JSON.stringify. */
export function capacityJson(capacity: Capacity, asked: AskedPod | null): CapacityJson {
  const { type, options, most, ceiling, maxPods } = capacity;
  const all = ranges(capacity);
  const landing = asked?.landing ?? null;
  const on = landing?.kind === 'eni' ? landing : null;
  return {
    schema: 'natwalk/capacity/1',
    type: type.name,
    vcpus: type.vcpus,
    enis: type.enis,
    addressesPerEni: type.addresses,
    ...options,
    formula: formulaOf(capacity),
    most,
    ceiling,
    maxPods,
    hostNetworkPods: HOST_NETWORK_PODS,
    interfaces: capacity.enis.map(({ device, table, slots }, at) => {
      const { from, to } = all[at] ?? { from: 1, to: 0 };
      const some = to >= from;
      return {
        ...{ device, table, slots, pods: some ? to - from + 1 : 0 },
        ...{ first: some ? from : null, last: some ? to : null },
      };
    }),
    pod:
      asked === null
        ? null
        : {
            number: asked.pod,
            device: on?.eni.device ?? null,
            table: on?.eni.table ?? null,
            slot: on?.slot ?? null,
            pendingBy: landing?.kind === 'pending' ? landing.by : null,
          },
    source: TYPES_SOURCE,
  };
}
