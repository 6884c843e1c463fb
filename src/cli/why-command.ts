/** `natwalk why`: what became of one rule in a packet's walk, and why. */
import { factsOf } from '../explain/facts.js';
import { jsonLine } from '../explain/json-text.js';
import { whyJson } from '../explain/why-json.js';
import { renderWhy } from '../explain/why-text.js';
import { PacketError } from '../packet/complete.js';
import type { Node } from '../packet/node.js';
import { why } from '../why/why.js';
import { type Io, widthFor } from './io.js';
import { languageOf } from './language.js';
import { type CommonOptions, paintFor } from './output.js';
import { type PacketOptions, familyOfDraft, packetOf, readPacketDraft } from '../ask/packet-options.js';
import { asUsage } from './problem.js';
import { answerFrom } from './read-node.js';
import { familyOfPacket, targetOf } from '../ask/references.js';
import { STATUS } from './status.js';

/** Options of `why` as Commander hands them over. */
export interface WhyCommandOptions extends CommonOptions, PacketOptions {
  readonly json?: true;
  readonly reply?: true;
}

/** Runs the command. @throws UsageError for a packet that makes no sense, or a rule that is not there */
export async function whyCommand(
  path: string,
  words: readonly string[],
  options: WhyCommandOptions,
  io: Io,
): Promise<number> {
  const paint = paintFor(io.stdout, io, options);
  const language = languageOf(io, options);
  const draft = readPacketDraft(options);
  const answer = (node: Node): string => {
    const input = packetOf(draft, node.names);
    const target = targetOf(node, familyOfPacket(input), words.join(' '), words.at(-1));
    try {
      const found = why(node, input, target, { reply: options.reply === true });
      return options.json === true
        ? jsonLine(whyJson(found, node))
        : renderWhy(found, { language, paint, width: widthFor(io.stdout), facts: factsOf(node) });
    } catch (error) {
      if (error instanceof PacketError) throw asUsage(error);
      throw error;
    }
  };
  await io.stdout.write(await answerFrom(path, io, options, familyOfDraft(draft), answer));
  return STATUS.done;
}
