/** Lines of tcpdump and conntrack without what no two runs have in common. */

/** Ports that somebody asks for. */
const PORTS = new Set(['53', '443', '8080']);

/** Names for numbers, in the order in which they come. */
class Names {
  readonly #known = new Map<string, string>();

  of(kind: string, value: string): string {
    const key = `${kind} ${value}`;
    const known = this.#known.get(key) ?? `${kind}${String(this.#known.size)}`;
    this.#known.set(key, known);
    return known;
  }
}

/** Lines of tcpdump without what is drawn; echo requests count from 1. */
export function plainSights(lines: readonly string[], firstEcho: number): readonly string[] {
  const names = new Names();
  const own = (value: string): string => (PORTS.has(value) ? value : names.of('port', value));
  return (
    lines
      .map((line) => line.replace(/^\d\d:\d\d:\d\d\.\d+ /, ''))
      .filter((line) => ` ${line}`.includes(' IP '))
      // An acknowledgement alone may wait for data to go with, as long as the kernel likes; that of the handshake does not.
      .filter((line) => !/Flags \[\.\], ack (?!1,)\d+, .* length 0$/.test(line))
      .map((line) =>
        line
          .replace(/(?<=(?:\d+\.){4})\d+(?=(?: >|:))/g, own)
          .replace(/ id (\d+),/, (_all, id: string) => ` id ${names.of('id', id)},`)
          .replace(
            / seq (\d+), length/,
            (_all, seq: string) => ` seq ${String(Number(seq) - firstEcho + 1)}, length`,
          )
          .replace(/(?<=seq |ack )\d{6,}/g, 'N')
          .replace(/(?<=TS val )\d+/, 'T')
          .replace(/(?<=ecr )[1-9]\d*/, 'T')
          .replace(/wscale \d+/, 'wscale N')
          // A window is scaled behind the handshake.
          .replace(/(Flags \[[^S\]]*\].* win )[1-9]\d*/, '$1N')
          .replace(/: \d+(\+| NXDomain| 1\/)/, ': ID$1'),
      )
  );
}

/** Entries without timers and what is drawn. */
export function plainEntries(lines: readonly string[]): readonly string[] {
  const names = new Names();
  return lines
    .filter((line) => line.includes('src='))
    .map((line) =>
      line
        .replace(/^(\S+ +\d+) \d+ /, '$1 ')
        .replace(/(?:port|id)=(\d+)/g, (all, value: string) =>
          PORTS.has(value) ? all : names.of('drawn', value),
        )
        .replace(/use=\d+$/, 'use=1')
        .trim(),
    );
}
