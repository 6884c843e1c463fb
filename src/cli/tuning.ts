/**
 * How V8 is set for a program that runs for a second: its defaults suit servers, which run for days.
 *
 * - Functions are optimised later. Most of one answer's code is done before the compiler's thread is, and its work was a
 *   fifth of the processor time of one packet on a large node.
 * - The young generation stays small. What a node's rules are read into lives to the end, so that room for short-lived
 *   objects only adds to the peak.
 *
 * `docs/adr/0010-large-saves.md` has what each gave. They are set before anything is compiled: code that was kept under
 * other settings is refused.
 */
const YOUNG_GENERATION_STAYS = '--semi-space-growth-factor=1';

/** Bytes of bytecode that a function runs before it is looked at. V8 12 (Node.js 22) has other names, and a middle compiler that costs little. */
const OPTIMISE_LATE = '--interrupt-budget=300000';

/** @param v8 the release of V8, as `process.versions.v8` has it */
export function tune(v8: string): void {
  // Loaded here, since --version and help have no use for it.
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  setFlagsFromString(YOUNG_GENERATION_STAYS);
  if (v8.startsWith('11.')) setFlagsFromString(OPTIMISE_LATE);
}
