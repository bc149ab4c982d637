/** Folders that the helper works in. */
export interface HelperFolders {
  /** Where an administrator's rules lie. */
  readonly rules: string;
  /** Where copies of what was there before are kept. */
  readonly kept: string;
  /** Traces until the next start. */
  readonly run: string;
  readonly devices: string;
  /** Modules that the kernel has. */
  readonly modules: string;
  /** Where its commands are looked for. */
  readonly path: string;
}

/** Codes that it ends with when it refuses. */
export const HELPER_USAGE = 64;

/**
 * What the administrator's rights are asked for: a fixed program of `sh`, the same each time, which takes an action and
 * checked words as arguments and a file's octets on its standard input. It does nothing that is not named here.
 * A file comes into its place by renaming, so it is never there in part; what was there before is kept and comes back.
 */
export function helperScript({ rules, kept, run, devices, modules, path }: HelperFolders): string {
  return `set -eu
PATH=${path}
export PATH
umask 022
rules=${rules}
kept=${kept}
run=${run}
devices=${devices}
modules=${modules}
work=
aside=
trap '[ -z "$work" ] || rm -rf "$work"; [ -z "$aside" ] || rm -rf "$aside"' EXIT
trap 'exit 75' HUP INT TERM

fail() { echo "pc-agent doctor: $2" >&2; exit "$1"; }
sum() { sha256sum <"$1" | cut -d ' ' -f 1; }
is_name() { case $1 in 70-pc-agent.rules | 70-pc-agent-modem-manager.rules) ;; *) fail ${HELPER_USAGE} "not a file of ours" ;; esac; }
is_digest() { case \${#1}:$1 in 64:*[!0-9a-f]*) fail ${HELPER_USAGE} "not a digest" ;; 64:*) ;; *) fail ${HELPER_USAGE} "not a digest" ;; esac; }
is_port() { case $1 in '') ;; *[!0-9.-]* | .* | -*) fail ${HELPER_USAGE} "not a port" ;; *) ;; esac; }
# Two at a time would take each other's work for what was there before.
alone() {
  mkdir -p "$run"
  exec 9>>"$run/lock"
  flock -w 20 9 || fail 75 "another doctor is at work"
}
# A link is no file of its own to the disk.
on_disk() { [ -L "$1" ] || sync "$1" 2>/dev/null || sync; }

# Whether what lies there is what the doctor wrote.
is_written() {
  [ -f "$rules/$1" ] && [ -f "$kept/$1.wrote" ] && grep -qxF "$(sum "$rules/$1")" "$kept/$1.wrote"
}

keep() {
  if is_written "$1"; then
    printf '%s\\n' "$2" >>"$kept/$1.wrote"
    on_disk "$kept/$1.wrote"
    return
  fi
  aside=$(mktemp -d "$kept/.new.XXXXXX")
  if [ -e "$rules/$1" ] || [ -L "$rules/$1" ]; then
    cp -Pp "$rules/$1" "$aside/before"
    on_disk "$aside/before"
    mv -f "$aside/before" "$kept/$1.before"
  else
    rm -f "$kept/$1.before"
  fi
  printf '%s\\n' "$2" >"$aside/wrote"
  on_disk "$aside/wrote"
  mv -f "$aside/wrote" "$kept/$1.wrote"
  # What was there before must not be gone when the power goes a moment after it was replaced.
  on_disk "$kept"
}

# Tells udev, and lets it go through its rules for one device again, or for all that may be meant.
use() {
  udevadm control --reload-rules || fail 70 "the rules are in place, but udev did not read them"
  again "$1"
}
again() {
  if [ -z "$1" ]; then
    udevadm trigger --action=change --subsystem-match=usb --subsystem-match=tty || fail 71 "udev did not go through its rules again"
  elif [ -e "$devices/$1" ]; then
    udevadm trigger --action=change --parent-match="$devices/$1" || fail 71 "udev did not go through its rules again"
  fi
  udevadm settle --timeout=5 || :
}

write() {
  is_name "$1"; is_digest "$2"; is_port "$3"
  alone
  mkdir -p "$rules" "$kept"
  [ ! -d "$rules/$1" ] || [ -L "$rules/$1" ] || fail 65 "$rules/$1 is a folder"
  work=$(mktemp -d "$rules/.pc-agent.XXXXXX")
  head -c 65537 >"$work/new"
  [ "$(sum "$work/new")" = "$2" ] || fail 65 "the rules did not arrive whole"
  chmod 644 "$work/new"
  on_disk "$work/new"
  keep "$1" "$2"
  mv -fT "$work/new" "$rules/$1"
  on_disk "$rules"
  use "$3"
}

restore() {
  is_name "$1"; is_port "$2"
  alone
  is_written "$1" || fail 66 "$rules/$1 is not as the doctor left it"
  if [ -e "$kept/$1.before" ] || [ -L "$kept/$1.before" ]; then
    work=$(mktemp -d "$rules/.pc-agent.XXXXXX")
    cp -Pp "$kept/$1.before" "$work/old"
    on_disk "$work/old"
    mv -fT "$work/old" "$rules/$1"
  else
    rm -f "$rules/$1"
  fi
  on_disk "$rules"
  rm -f "$kept/$1.before" "$kept/$1.wrote"
  use "$2"
}

load() {
  mkdir -p "$run"
  # One that the kernel has already is not the doctor's to unload.
  if [ -e "$modules/cdc_acm" ]; then
    modprobe cdc_acm
  else
    modprobe cdc_acm
    : >"$run/cdc_acm"
  fi
  udevadm settle --timeout=5 || :
}

unload() {
  [ -e "$run/cdc_acm" ] || fail 66 "the doctor did not load it"
  modprobe -r cdc_acm
  rm -f "$run/cdc_acm"
}

case "$#:\${1:-}" in
  4:write) write "$2" "$3" "$4" ;;
  3:restore) restore "$2" "$3" ;;
  2:again) is_port "$2"; [ -n "$2" ] || fail ${HELPER_USAGE} "no port"; again "$2" ;;
  1:load) load ;;
  1:unload) unload ;;
  *) fail ${HELPER_USAGE} "not an action" ;;
esac
`;
}
