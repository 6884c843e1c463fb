/** `natwalk doctor`: what was recognised, what is missing for which question, mixtures, and what is doubtful. */
import { doctorJson, renderDoctor } from '../explain/doctor.js';
import { factsOf } from '../explain/facts.js';
import { jsonLine } from '../explain/json-text.js';
import { checkUp } from '../snapshot/doctor.js';
import { type Io, widthFor } from './io.js';
import { languageOf } from './language.js';
import { type CommonOptions, paintFor } from './output.js';
import { readQuietly } from './read-node.js';
import { STATUS } from './status.js';

/** Runs the command. @returns the exit status */
export async function doctorCommand(
  path: string,
  options: CommonOptions & { readonly json?: true },
  io: Io,
): Promise<number> {
  const language = languageOf(io, options);
  const node = await readQuietly(path, io, options);
  const view = { facts: factsOf(node), paint: paintFor(io.stdout, io, options), width: widthFor(io.stdout) };
  const checkup = checkUp(node);
  await io.stdout.write(
    options.json === true
      ? jsonLine(doctorJson(node, checkup, view))
      : renderDoctor(node, checkup, { ...view, language }),
  );
  return STATUS.done;
}
