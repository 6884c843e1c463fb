import type { TargetExtension } from '../extension.js';
import { prefixTarget } from '../values/prefix-translation.js';

const target: TargetExtension = prefixTarget('DNPT', 'destination', ['PREROUTING', 'OUTPUT']);
export default target;
