/** `natwalk capacity`: how many pods an instance type can hold, and on which interface each is. */
import { capacityOf, landingOf } from '../capacity/capacity.js';
import { instanceType, typeNames } from '../capacity/types.js';
import { type AskedPod, capacityJson, renderCapacity } from '../explain/capacity.js';
import { jsonLine } from '../explain/json-text.js';
import { nearest } from '../names/nearest.js';
import { type Io, widthFor } from './io.js';
import { languageOf } from './language.js';
import { type CommonOptions, paintFor } from './output.js';
import { STATUS } from './status.js';
import { misuse } from './usage.js';

/** Options of `capacity` as Commander hands them over. */
export interface CapacityCommandOptions extends CommonOptions {
  readonly prefixDelegation?: true;
  readonly customNetworking?: true;
  readonly pod?: string;
  readonly json?: true;
}

const MOST_POD = 100_000;

function readPod(text: string): number {
  const pod = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (pod >= 1 && pod <= MOST_POD) return pod;
  throw misuse('USAGE_NUMBER', '--pod', { option: '--pod', text, low: 1, high: MOST_POD });
}

/** Names that somebody may have meant: of the same family first. */
function nearNames(name: string): string {
  return nearest(name.toLowerCase(), typeNames(), 3).join(', ');
}

/** Runs the command. @throws UsageError for a type that is not known, or that cannot have what was asked */
export async function capacityCommand(
  name: string,
  options: CapacityCommandOptions,
  io: Io,
): Promise<number> {
  const language = languageOf(io, options);
  const paint = paintFor(io.stdout, io, options);
  const pod = options.pod === undefined ? null : readPod(options.pod);
  const type = instanceType(name);
  if (type === null) {
    const params = { type: name, near: nearNames(name), count: typeNames().length };
    throw misuse('CAPACITY_UNKNOWN_TYPE', null, params);
  }
  const prefixDelegation = options.prefixDelegation === true;
  const customNetworking = options.customNetworking === true;
  if (prefixDelegation && !type.nitro)
    throw misuse('CAPACITY_NOT_NITRO', '--prefix-delegation', { type: type.name });
  const capacity = capacityOf(type, { prefixDelegation, customNetworking });
  const asked: AskedPod | null = pod === null ? null : { pod, landing: landingOf(capacity, pod) };
  await io.stdout.write(
    options.json === true
      ? jsonLine(capacityJson(capacity, asked))
      : renderCapacity(capacity, asked, { language, paint, width: widthFor(io.stdout) }),
  );
  return STATUS.done;
}
