/** The English catalogue: every room's words under one roof. Ids are unique across the files; a test sees to it. */
import { cli } from './cli.js';
import { matchCore } from './match-core.js';
import { walk } from './walk.js';

export const en: typeof cli & typeof matchCore & typeof walk = { ...cli, ...matchCore, ...walk };
