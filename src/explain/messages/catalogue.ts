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

/** What another language must have for a catalogue: the same ids, each of the same form. */
export type Translated<Original extends Catalogue> = {
  readonly [Id in keyof Original]: Original[Id] extends string ? string : FindingMessage;
};

/** Turns what code gives as a parameter in English words into those of a language; all else stays as it is. */
export type ValueWords = (name: string, value: string) => string;
