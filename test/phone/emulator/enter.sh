#!/usr/bin/env bash
# Runs an emulated phone: enter.sh ROOT BYTES, with the phone's files in ROOT and BYTES of storage.
#
# Orders are read from standard input, one a line, and each is answered by a line `done ORDER`:
#   on     adbd starts and listens at ROOT/mnt/adbd.socket
#   off    all that runs on the phone ends; what is stored stays
#   fill   the storage becomes full
#   free   and has its room again
# A failure is a line `failed STAGE`. The phone ends with its input, so that it cannot outlive whoever started it.
#
# Users, mounts, processes, network and the rule that runs arm64 programs through qemu are the phone's own.
set -u
root=$1 bytes=$2
inside='
root=$1 bytes=$2 storage=$1/data/local/tmp
fail() { echo "failed $1"; exit 1; }
mount -t proc proc "$root/proc" || fail proc
mount -t binfmt_misc none "$root/proc/sys/fs/binfmt_misc" || fail binfmt
cat /usr/lib/binfmt.d/qemu-aarch64.conf >"$root/proc/sys/fs/binfmt_misc/register" || fail qemu
mount --bind "$root/system/emulator/cpuinfo" "$root/proc/cpuinfo" || fail mount
for name in null zero full random urandom tty; do
  mount --bind "/dev/$name" "$root/dev/$name" || fail mount
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts" || fail mount
mount --bind "$root/dev/pts/ptmx" "$root/dev/ptmx" || fail mount
mount -t tmpfs -o "size=$bytes,mode=771" tmpfs "$storage" || fail mount
resize() { mount -o "remount,size=$1" "$storage" || fail mount; }

adbd() {
  rm -f "$root/mnt/adbd.socket"
  # Not root, but the user whom phones call "shell".
  exec /usr/bin/env -i PATH=/system/bin HOME=/ ANDROID_ROOT=/system ANDROID_DATA=/data \
    ADBD_PROPERTIES=/system/emulator/properties \
    /usr/bin/unshare --user --map-user=2000 --map-group=2000 --root="$root" \
    /mnt/adbd </dev/null >&2
}
echo "done start"
while read -r order; do
  case $order in
    on) adbd & ;;
    off) kill -KILL -1; wait ;;
    # No more room than is taken: at once, and without taking this computer'"'"'s memory.
    fill)
      head -c 4096 /dev/zero >"$storage/.full"
      resize $(($(stat -f -c "(%b-%f)*%S" "$storage"))) ;;
    free) rm -f "$storage/.full"; resize "$bytes" ;;
    *) fail "$order" ;;
  esac
  echo "done $order"
done
'
# What ends without a word was not allowed to begin.
exec unshare --user --map-root-user --mount --pid --net --fork --kill-child --propagation private \
  /bin/bash -uc "$inside" enter "$root" "$bytes"
