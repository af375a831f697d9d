#!/bin/sh
# arm64.sh CPUS PROGRAM [ARGUMENT...]: runs an arm64 program under qemu, which sees the folder CPUS in place of
# /sys/devices/system/cpu. ONNX Runtime for arm64 reads how processors share caches there, and crashes on what
# some computers' own say of theirs.
[ "$ARM64_INSIDE" = 1 ] || ARM64_INSIDE=1 exec unshare --user --map-root-user --mount "$0" "$@"
unset ARM64_INSIDE
mount --bind "$1" /sys/devices/system/cpu || exit 125
shift
exec qemu-aarch64-static "$@"
