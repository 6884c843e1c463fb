/** `natwalk completion SHELL`: the script that makes a shell ask `natwalk complete`. */
import type { Io } from './io.js';
import { STATUS } from './status.js';
import { misuse } from './usage.js';

// A chain's `TABLE/CHAIN:` waits for a number, and an option's `=` for a value: no blank follows them.
const SCRIPTS = {
  // readline breaks words at : and =, so that what stands before the last of them is taken off again.
  bash: `_natwalk() {
  local line=\${COMP_LINE:0:COMP_POINT} word found
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  word=\${words[\${#words[@]}-1]}
  local cut=\${word%"\${word##*[:=]}"}
  [[ $COMP_WORDBREAKS == *:* ]] || cut=
  COMPREPLY=()
  while IFS= read -r found; do
    [[ $found == *[:=] ]] && compopt -o nospace 2>/dev/null
    COMPREPLY+=("\${found#"$cut"}")
  done < <("\${words[0]}" complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -o default -F _natwalk natwalk
`,
  zsh: `#compdef natwalk
_natwalk() {
  local -a found open
  found=("\${(@f)$("$words[1]" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=(\${found:#})
  if (( \${#found} == 0 )); then
    _files
    return
  fi
  open=(\${(M)found:#*[:=]})
  found=(\${found:#*[:=]})
  (( \${#open} )) && compadd -S '' -- $open
  (( \${#found} )) && compadd -- $found
}
if [ "$funcstack[1]" = "_natwalk" ]; then _natwalk "$@"; else compdef _natwalk natwalk; fi
`,
  fish: `function __natwalk_complete
    set -l before (commandline -opc)
    set -l found ($before[1] complete -- $before[2..-1] (commandline -ct) 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c natwalk -f -a '(__natwalk_complete)'
`,
} as const;

/** Shells that there is a script for. */
export const SHELLS: readonly string[] = Object.keys(SCRIPTS);

const isShell = (text: string): text is keyof typeof SCRIPTS => Object.hasOwn(SCRIPTS, text);

/** Prints the script. @throws UsageError for another shell */
export async function completionCommand(shell: string, io: Io): Promise<number> {
  if (!isShell(shell))
    throw misuse('USAGE_CHOICE', null, { option: 'completion', text: shell, choices: SHELLS.join(', ') });
  await io.stdout.write(SCRIPTS[shell]);
  return STATUS.done;
}
