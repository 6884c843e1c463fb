import type { MatchExtension } from '../extension.js';
import { hopsMatch } from '../values/hops.js';

const match: MatchExtension = hopsMatch('ttl', 4);
export default match;
