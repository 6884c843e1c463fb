/** Where things are: `npm run bench` is started in the project's folder. */
import { join } from 'node:path';

export const ROOT: string = process.cwd();

/** What is made for measurements and may be removed at any time. */
export const CACHE: string = join(ROOT, 'node_modules/.cache/natwalk/bench');
