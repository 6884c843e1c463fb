// A process that switches faults on, one after the other, and runs the checks that meet them.
import { Replay, difference } from './replay.mjs';

const [, , script, recording] = process.argv;
const replay = new Replay(script, recording);

async function judge({ id, fresh, checks }) {
  try {
    replay.switchOn(id, fresh);
  } catch (error) {
    replay.drop();
    return { id, by: 'load', how: 'threw', unrecorded: 0 };
  }
  let unrecorded = 0;
  try {
    for (const [at, baseline] of checks) {
      const kinds = await replay.run(at);
      if (kinds === 'unrecorded') unrecorded += 1;
      const how = difference(kinds, baseline);
      if (how !== null)
        return { id, by: replay.checks[at].name, oracle: replay.checks[at].oracle, how, unrecorded };
    }
    return { id, by: null, oracle: null, how: null, unrecorded };
  } finally {
    if (fresh) replay.drop();
  }
}

process.on('message', async (task) => {
  process.send(await judge(task));
});
process.send('ready');
