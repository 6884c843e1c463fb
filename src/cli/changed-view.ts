/** The walk of a packet under options that settle or change something, in the rendering that was asked for. */
import { changedJson, renderChanged } from '../explain/changed.js';
import { conversationJson, renderConversation } from '../explain/conversation.js';
import { factsOf } from '../explain/facts.js';
import { jsonLine } from '../explain/json-text.js';
import { traceJsonWith, warningJson } from '../explain/json.js';
import type { ViewOptions } from '../explain/view.js';
import type { PacketInput } from '../packet/result.js';
import { againOf } from '../why/again.js';
import { walkConversation } from '../why/conversation.js';
import type { ChangedWalk } from './changes.js';
import type { Format } from './output.js';
import { render } from './render.js';
import type { WholeFormat } from './whole-views.js';

/** Renderings for people, in which a line may stand first. */
const FOR_PEOPLE: ReadonlySet<Format> = new Set<Format>(['text', 'wide', 'summary']);
/** Renderings that say what would be otherwise. */
const WITH_AGAIN: ReadonlySet<Format> = new Set<Format>(['text', 'wide', 'summary']);

/** Text of the connection that a packet begins; ends with a line feed. */
export function renderFlow(
  { node, warnings, options }: ChangedWalk,
  input: PacketInput,
  format: Format,
  given: Omit<ViewOptions, 'facts'>,
): string {
  const said = walkConversation(node, input, options);
  const view: ViewOptions = { ...given, facts: factsOf(node) };
  if (format !== 'json') return renderConversation(said, view);
  const found = [...node.diagnostics, ...warnings].map(warningJson);
  return jsonLine(conversationJson(said, found, view));
}

/** Text of a walk; ends with a line feed. */
export function renderWalked(
  walked: ChangedWalk,
  input: PacketInput,
  format: Exclude<Format, WholeFormat>,
  given: Omit<ViewOptions, 'facts'>,
): string {
  const { node, result, before, changed, warnings, options } = walked;
  const facts = factsOf(node);
  const again = WITH_AGAIN.has(format)
    ? { again: againOf(node, { ...input, in: result.packet.in }, options) }
    : {};
  const view: ViewOptions = { ...given, facts, ...again };
  const found = [...node.diagnostics, ...warnings].map(warningJson);
  if (before === null) return render(result, format, found, view);
  if (format === 'json') {
    const json = traceJsonWith(result, found, facts);
    return jsonLine({ ...json, changed: changedJson(changed, before.outcomes, result.outcomes) });
  }
  const text = render(result, format, found, view);
  if (!FOR_PEOPLE.has(format)) return text;
  return `${renderChanged(changed, before.outcomes, result.outcomes, view)}\n${text}`;
}
