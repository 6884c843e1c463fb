/** Words of `natwalk ui`. */
import type { Catalogue } from '../catalogue.js';

export const ui = {
  UI_SERVING: 'The page is at {url}',
  UI_END: 'It answers to this machine alone, as long as this command runs. Ctrl-C ends it.',
  UI_NO_PAGE: {
    text: 'the page is not beside this command',
    why: 'it is in the package, and in what npm run build makes, but not in the command that is one file',
    do: 'npx natwalk ui',
  },
  UI_PORT_TAKEN: {
    text: '--port: {port} cannot be listened on ({reason})',
    why: 'another program has it, or it is not yours to take',
    do: 'leave --port out: any free port will do',
  },
} as const satisfies Catalogue;
