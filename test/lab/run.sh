#!/usr/bin/env bash
# Boots the laboratory's virtual machine, runs a command in it as root, streams its output and ends with its exit
# status (124 when out of time, 125 when the machine itself failed; the kernel's last words are then shown).
#
#   run.sh [-p PROJECT] [-o OUT] [-d DISK] [-P PIDFILE] [-t SECONDS] [-m MiB] [-v] [--] COMMAND [ARG...]
#
#   -p  folder that is /project, read-only, where the command starts (default: the current one)
#   -o  folder that is /out, writable                                (default: none)
#   -d  image of a disk that is /kept, writable, and outlives the machine (default: none)
#   -P  file to which the machine's process id is written: killing it is pulling the plug
#   -t  limit in seconds, boot included                              (default 300)
#   -m  memory                                                       (default 1536)
#   -v  shows the kernel's console too, on standard error
#
# The root disk forgets what is written to it; there is no network but lo; this folder is /lab. Standard input is not
# passed. PC_AGENT_LAB_ACCEL overrides the choice between KVM and software emulation, PC_AGENT_LAB_CPUS the 2 processors.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
project=$PWD out='' disk='' pidfile='' limit=300 memory=1536 verbose=''

die() { echo "lab: $*" >&2; exit 125; }
usage() { sed -n '2,/^set -/{/^#/s/^# \{0,1\}//p}' "$0"; exit "$1"; }
while getopts 'p:o:d:P:t:m:vh' flag; do
  case $flag in
    p) project=$OPTARG ;; o) out=$OPTARG ;; d) disk=$OPTARG ;; P) pidfile=$OPTARG ;;
    t) limit=$OPTARG ;; m) memory=$OPTARG ;; v) verbose=1 ;; h) usage 0 ;; *) usage 125 >&2 ;;
  esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || usage 125 >&2
command -v qemu-system-x86_64 >/dev/null || die "qemu-system-x86_64 is not installed"
project=$(cd "$project" && pwd) || die "there is no project folder"
image=$("$here/build-image.sh") || die "there is no image"

control=$(mktemp -d)
machine=''
cleanup() {
  [ -z "$machine" ] || kill "$machine" 2>/dev/null || true
  rm -rf "$control"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
printf '%q ' "$@" >"$control/command"

share() { # TAG FOLDER MODEL
  printf 'local,id=%s,path=%s,mount_tag=%s,multidevs=remap,security_model=%s' "$1" "$2" "$1" "$3"
}
devices=(
  -virtfs "$(share lab "$here" none,readonly=on)"
  -virtfs "$(share control "$control" none)"
  -virtfs "$(share project "$project" none,readonly=on)"
)
if [ -n "$out" ]; then
  mkdir -p "$out"
  : >"$control/has-out"
  devices+=(-virtfs "$(share out "$(cd "$out" && pwd)" none)")
fi
# The guest's flushes reach this disk; what it had not flushed is in its own memory, which ends with it.
[ -z "$disk" ] || devices+=(-drive "file=$disk,if=virtio,format=raw,cache=writeback")
[ -z "$pidfile" ] || devices+=(-pidfile "$pidfile")

accel=${PC_AGENT_LAB_ACCEL:-}
if [ -z "$accel" ]; then
  accel=tcg,thread=multi
  if [ -w /dev/kvm ] && grep -qwE 'vmx|svm' /proc/cpuinfo; then accel=kvm; fi
fi

mkfifo "$control/stream"
cat "$control/stream" &
reader=$!
exec 9>"$control/stream" # so that its reader does not wait for ever when the machine cannot start

timeout --foreground -k 5 "$limit" qemu-system-x86_64 \
  -accel "$accel" -M q35 -cpu max -smp "${PC_AGENT_LAB_CPUS:-2}" -m "$memory" \
  -nodefaults -no-user-config -display none -no-reboot \
  -kernel "$image/vmlinux" -initrd "$image/initrd.cpio" \
  -append "console=ttyS0 quiet mitigations=off nokaslr random.trust_cpu=on panic=-1 tsc=reliable" \
  -drive "file=$image/root.img,if=virtio,format=raw,snapshot=on" \
  -device virtio-rng-pci \
  -chardev "file,id=console,path=$control/console" -serial chardev:console \
  -chardev "file,id=stream,path=$control/stream" -device virtio-serial-pci \
  -device virtserialport,chardev=stream,name=lab.stream \
  "${devices[@]}" </dev/null >"$control/qemu.log" 2>&1 9>&- &
machine=$!
status=0
wait "$machine" || status=$?
machine=''
exec 9>&-
wait "$reader" || true

[ -z "$verbose" ] || cat "$control/console" >&2
if [ "$status" = 124 ]; then
  echo "lab: out of time after $limit s" >&2
  exit 124
fi
if [ "$status" != 0 ] || [ ! -s "$control/status" ]; then
  [ -n "$verbose" ] || tail -n 40 "$control/console" >&2 || true
  cat "$control/qemu.log" >&2
  die "the machine failed (exit status $status)"
fi
exit "$(cat "$control/status")"
