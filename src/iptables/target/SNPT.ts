import type { TargetExtension } from '../extension.js';
import { prefixTarget } from '../values/prefix-translation.js';

const target: TargetExtension = prefixTarget('SNPT', 'source', ['INPUT', 'POSTROUTING']);
export default target;
