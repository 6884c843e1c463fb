import type { MatchExtension } from '../extension.js';
import { headerOptionsMatch } from '../values/header-options.js';

const match: MatchExtension = headerOptionsMatch('dst');
export default match;
