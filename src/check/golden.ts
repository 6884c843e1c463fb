/** Golden files: the answer to a walk as it was when somebody looked at it and found it right. */
import { placeOf } from './compare.js';
import type { Failure } from './result.js';
import type { Golden } from './spec.js';

/** Line ends of any system, and no blank line at the end. */
const linesOf = (text: string): readonly string[] => text.replaceAll('\r\n', '\n').trimEnd().split('\n');

/** How a walk differs from its golden file; null when it does not. */
export function goldenFailure({ path, span }: Golden, kept: string | null, text: string): Failure | null {
  const place = placeOf(span);
  if (kept === null) {
    const said = { code: 'CHECK_FAIL_NO_GOLDEN', params: { path } };
    return { key: 'golden', place, values: null, said, outcome: null };
  }
  const [before, after] = [linesOf(kept), linesOf(text)];
  const most = Math.max(before.length, after.length);
  for (let at = 0; at < most; at += 1) {
    const [expected, got] = [before[at], after[at]];
    if (expected === got) continue;
    const line = `${path}:${String(at + 1)}`;
    const values = { expected: `${line} ${expected ?? ''}`.trimEnd(), got: `${line} ${got ?? ''}`.trimEnd() };
    return { key: 'golden', place, values, said: null, outcome: null };
  }
  return null;
}
