/** Judges that several tests of a file share: a node is loaded once, and its iptables rules are put back after each change. */
import { loadFixture } from './fixture.js';
import type { Judge } from './judge.js';

const TOOLS = ['iptables-nft', 'iptables-legacy', 'ip6tables-nft', 'ip6tables-legacy'] as const;

/** Rules, own chains and policies other than ACCEPT, of all variants of the tool. */
const SAVE = TOOLS.map((tool) => `echo '## ${tool}'; ${tool}-save 2>/dev/null`).join('; ');

/** What a save says of packets: no counters, no times, no tables in which nothing is. */
function telling(save: string): readonly string[] {
  return save.split('\n').filter((line) => /^(?:-A |## |:\S+ (?:-|DROP) )/.test(line));
}

/** Back to a save, for one tool; a table that was not there is left empty. */
const back = (tool: string, save: string): string => `
before=$(mktemp); cat > "$before" <<'SAVED'
${save}SAVED
for table in $(${tool}-save 2>/dev/null | sed -n 's/^[*]//p'); do
  grep -qx "[*]$table" "$before" || { ${tool} -t "$table" -F; ${tool} -t "$table" -X; }
done
[ ! -s "$before" ] || ${tool}-restore < "$before"
rm "$before"
`;

/** The saves by tool. */
function saves(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^## (\S+)\n/m).slice(1);
  const entries = TOOLS.map((tool): [string, string] => [tool, parts[parts.indexOf(tool) + 1] ?? '']);
  return new Map(entries);
}

export class SharedJudges {
  readonly #judges = new Map<string, { readonly judge: Judge; readonly save: string }>();

  /** The judge of a folder, as it was loaded. */
  async of(folder: string): Promise<Judge> {
    const known = this.#judges.get(folder);
    if (known !== undefined) return known.judge;
    const judge = await loadFixture(folder);
    this.#judges.set(folder, { judge, save: await judge.shell(SAVE) });
    return judge;
  }

  /**
   * Puts the iptables rules of the folder's judge back.
   * @returns where they then differ from what was loaded: nowhere, or the judge is one no more
   */
  async putBack(folder: string): Promise<readonly string[]> {
    const known = this.#judges.get(folder);
    if (known === undefined) return [];
    const { judge, save } = known;
    await judge.shell([...saves(save)].map(([tool, text]) => back(tool, text)).join('\n'));
    const [before, after] = [telling(save), telling(await judge.shell(SAVE))];
    return before.join('\n') === after.join('\n') ? [] : [...before, '->', ...after];
  }

  async stop(): Promise<void> {
    for (const { judge } of this.#judges.values()) await judge.stop();
  }
}
