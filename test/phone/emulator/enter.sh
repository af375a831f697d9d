#!/usr/bin/env bash
# Runs adbd inside an emulated phone's files: enter.sh ROOT PORT ADBD [SPACE of /data/local/tmp, such as 300m]
# Mounts, processes and the rule that runs arm64 programs through qemu are this phone's own, and end with it.
set -euo pipefail
exec unshare --user --map-root-user --mount --pid --fork --kill-child --propagation private /bin/bash -euc '
root=$1 port=$2 adbd=$3 space=$4
mount -t proc proc "$root/proc"
mount -t binfmt_misc none "$root/proc/sys/fs/binfmt_misc"
cat /usr/lib/binfmt.d/qemu-aarch64.conf >"$root/proc/sys/fs/binfmt_misc/register"
mount --bind "$root/system/emulator/cpuinfo" "$root/proc/cpuinfo"
for folder in usr etc; do mount --rbind "/$folder" "$root/$folder"; done
for folder in lib lib64; do mount --rbind "$(readlink -f /$folder)" "$root/$folder"; done
for name in null zero full random urandom tty; do mount --bind "/dev/$name" "$root/dev/$name"; done
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
mount --bind "$root/dev/pts/ptmx" "$root/dev/ptmx"
[ -z "$space" ] || mount -t tmpfs -o "size=$space" tmpfs "$root/data/local/tmp"
cp -f "$adbd" "$root/mnt/adbd"
sed "\$a[service.adb.listen_addrs]: [tcp:localhost:$port]" "$root/system/emulator/properties" >"$root/mnt/properties"
exec /usr/bin/env -i PATH=/system/bin HOME=/ ANDROID_ROOT=/system ANDROID_DATA=/data \
  ADBD_PROPERTIES=/mnt/properties /usr/sbin/chroot "$root" /mnt/adbd
' enter "$1" "$2" "$3" "${4:-}"
