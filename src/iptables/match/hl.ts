import type { MatchExtension } from '../extension.js';
import { hopsMatch } from '../values/hops.js';

const match: MatchExtension = hopsMatch('hl', 6);
export default match;
