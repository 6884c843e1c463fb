/**
 * Shell functions that give the lines of a list to `ip`, over and over until no more of them are taken: a route may wait
 * for another one, and a nexthop for a route. What is refused in the end is complained about.
 */
export const RETRY = `one_by_one() {
  while IFS= read -r line; do ip $1 -n node $line 2>>"$said" || printf '%s\\n' "$line" >> "$left"; done < "$2"
}
# One ip for all lines is many times as fast; a word that it does not know ends it.
at_once() {
  [ -s "$2" ] || return 0
  ip $1 -n node -force -batch "$2" 2> "$2.said"
  case $? in
    0) ;;
    1)
      sed -n 's/^Command failed .*:\\([0-9]*\\)$/\\1p/p' "$2.said" | sed -n -f - "$2" >> "$left"
      grep -v '^Command failed ' "$2.said" >> "$said" ;;
    *) one_by_one "$1" "$2" ;;
  esac
}
retry() (
  set -f
  work=$(mktemp); left=$(mktemp); said=$(mktemp); cat > "$work"; last=-1
  while [ -s "$work" ]; do
    : > "$left"; : > "$said"
    grep -v '^nexthop.*group' "$work" > "$work.own"; at_once "$1" "$work.own"
    # A group of nexthops is of neither family.
    grep '^nexthop.*group' "$work" > "$work.group"; at_once '' "$work.group"
    count=$(wc -l < "$left"); cp "$left" "$work"
    if [ "$count" = "$last" ]; then grep -v 'File exists' "$said" >&2; break; fi
    last=$count
  done
)
`;
