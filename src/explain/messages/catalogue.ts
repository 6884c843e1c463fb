/**
 * The form of the message catalogue. Ids are stable and never reused; every language has the same ids and the same
 * `{placeholders}` (a test compares them). Kernel words (ACCEPT, SNAT, fwmark …) stay as they are in every language.
 */

/** A finding about the input says what, why it matters and what to do. */
export interface FindingMessage {
  readonly text: string;
  readonly why: string;
  readonly do: string;
}

/** A sentence fragment, or a finding. */
export type Message = string | FindingMessage;

export type Catalogue = Readonly<Record<string, Message>>;
