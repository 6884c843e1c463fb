/**
 * What `ip -c` prints in colours (iproute2, lib/color.c), as marks that a terminal's writer turns into them: noncharacters, which
 * no tool prints, and which are escaped in whatever a dump has of them.
 */

/** Begin of what is told: names of links, hardware addresses, addresses of both families, a link that is up or down; and the end. */
const MARKS = {
  ...{ name: '\ufdd1', mac: '\ufdd2', inet: '\ufdd3', inet6: '\ufdd4', up: '\ufdd5', down: '\ufdd6' },
  end: '\ufdd0',
} as const;

/** The colours of a dark or light background alike. */
const COLOURS: Readonly<Record<string, string>> = {
  ...{ [MARKS.name]: '36', [MARKS.mac]: '33', [MARKS.inet]: '35', [MARKS.inet6]: '34' },
  ...{ [MARKS.up]: '32', [MARKS.down]: '31', [MARKS.end]: '0' },
};

/** Marks in a text that is not coloured: a dump may have them. */
export function withoutMarks(text: string): string {
  return text.replace(/[\ufdd0-\ufdd6]/g, (mark) => `\\u{${mark.charCodeAt(0).toString(16)}}`);
}

/** The text for a terminal: each mark as its escape sequence. Everything else must be safe already. */
export function marksToColours(text: string): string {
  return text.replace(/[\ufdd0-\ufdd6]/g, (mark) => `\u001b[${COLOURS[mark] ?? '0'}m`);
}

const marked = (mark: string, text: string): string => `${mark}${text}${MARKS.end}`;
const address = (text: string): string => marked(text.includes(':') ? MARKS.inet6 : MARKS.inet, text);

const MAC = /\b(?:[\da-f]{2}:){5}[\da-f]{2}\b/g;

function state(text: string): string {
  if (/^UP *$/.test(text)) return marked(MARKS.up, text);
  return /^DOWN *$/.test(text) ? marked(MARKS.down, text) : text;
}

/** A line of `ip addr` or `ip link`. */
function linkLine(line: string): string {
  if (/^\d+: \S+ {4}inet/.test(line)) return addressLine(line);
  const [, index = '', name = '', rest = ''] = /^(\d+: )([^<]+: )(.*)$/.exec(line) ?? [];
  if (name !== '')
    return `${index}${marked(MARKS.name, name)}${rest.replace(/( state )(\S+ )/, (_all, before: string, word: string) => `${before}${state(word)}`)}`;
  if (/^ +link\//.test(line)) return line.replace(MAC, (mac) => marked(MARKS.mac, mac));
  return addressLine(line);
}

/** The address of a broadcast has its blank within the colour, the others have their length behind it. */
const addressLine = (line: string): string =>
  line.replace(
    /((?:inet6?|peer) )([\da-f.:]+)|(brd )([\da-f.:]+ )/g,
    (_all, before = '', text = '', wide = '', blank = '') =>
      `${String(before)}${String(wide)}${address(`${String(text)}${String(blank)}`)}`,
  );

/** A line of `ip -br addr` or `ip -br link`. */
function briefLine(line: string): string {
  const [, name = '', word = '', rest = ''] = /^(\S+ +)(\S+ +)(.*)$/.exec(line) ?? [];
  if (name === '') return line;
  const mac = /^((?:[\da-f]{2}:){5}[\da-f]{2} )(.*)$/.exec(rest);
  const behind =
    mac === null
      ? rest.replace(
          /(^| )([\da-f.:]+)(?=\/\d)/g,
          (_all, before: string, text: string) => `${before}${address(text)}`,
        )
      : `${marked(MARKS.mac, mac[1] ?? '')}${mac[2] ?? ''}`;
  return `${marked(MARKS.name, name)}${state(word)}${behind}`;
}

const TYPES: ReadonlySet<string> = new Set([
  ...[
    'local',
    'broadcast',
    'blackhole',
    'unreachable',
    'prohibit',
    'throw',
    'multicast',
    'anycast',
    'unicast',
  ],
]);

/** The colour of a word by the one before it. */
const BEHIND: Readonly<Record<string, (text: string) => string>> = {
  ...{ via: address, src: address, from: address, lladdr: (text: string) => marked(MARKS.mac, text) },
  ...{ dev: (text: string) => marked(MARKS.name, text), iif: (text: string) => marked(MARKS.name, text) },
};

/** A line of `ip route` or `ip neigh`: words have their blank within the colour; of a next hop the gateway alone has one. */
function routeLine(line: string): string {
  const words = line.split(/(?<= )/);
  const isHop = /^\s/.test(line);
  return words
    .map((word, at) => {
      const before = (words[at - 1] ?? '').trim();
      const isFirst = at === 0 || (at === 1 && TYPES.has(before));
      if (isFirst && /^[\da-f]*[.:]/.test(word)) return address(word);
      const paint = Object.hasOwn(BEHIND, before) ? BEHIND[before] : undefined;
      return paint === undefined || (isHop && before !== 'via') ? word : paint(word);
    })
    .join('');
}

/** A line of `ip rule`. */
const ruleLine = (line: string): string =>
  line
    .replace(
      /((?:from|to) )([\da-f]*[.:][\da-f.:]*)/g,
      (_all, before: string, text: string) => `${before}${address(text)}`,
    )
    .replace(
      /((?:iif|oif) )(\S+)/g,
      (_all, before: string, text: string) => `${before}${marked(MARKS.name, text)}`,
    );

const LINES = { link: linkLine, brief: briefLine, route: routeLine, rule: ruleLine } as const;

/** The output of an object of `ip` with its marks. */
export function coloured(text: string, kind: keyof typeof LINES): string {
  return withoutMarks(text).split('\n').map(LINES[kind]).join('\n');
}
