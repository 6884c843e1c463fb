/** The English catalogue: every room's words under one roof. Ids are unique across the files; a test sees to it. */
import { cli } from './cli.js';
import { engine } from './engine.js';
import { matchCore } from './match-core.js';
import { reading } from './reading.js';
import { routing } from './routing.js';
import { target } from './target.js';
import { walk } from './walk.js';

type English = typeof cli &
  typeof engine &
  typeof matchCore &
  typeof reading &
  typeof routing &
  typeof target &
  typeof walk;

export const en: English = { ...cli, ...engine, ...matchCore, ...reading, ...routing, ...target, ...walk };
