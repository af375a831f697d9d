#!/usr/bin/env bash
# Installs what the product and its tests need from Debian's (or Ubuntu's) own packages.
#
#   bash .ci/system-packages.sh            everything: window, fast engine, tests
#   bash .ci/system-packages.sh --engine   what builds the fast engine
#   bash .ci/system-packages.sh --window   what the window needs
#   bash .ci/system-packages.sh --wheels   what builds the fast engine for other processors as well
set -euo pipefail

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Electron: a display that needs no screen, and the libraries Chromium links against.
window=(xvfb xauth libgtk-3-0 libnss3 libgbm1 libx11-xcb1)
# The onednn engine: npm run build:native.
engine=(g++ make libdnnl-dev)
tests=(
  # Unpacks the Electron runtime of the tests.
  unzip
  # The reference that gradients and scores are held against.
  python3 python3-numpy python3-torch python3-pil
  # The emulated phone: adb, Android's shell and tools, arm64 programs and what makes and runs them,
  # and what adbd is built with, once, from Debian's source package (test/phone/emulator/build-adbd.sh).
  adb mksh toybox qemu-user-static
  gcc-aarch64-linux-gnu libc6-dev-arm64-cross libstdc++6-arm64-cross cmake
  dpkg-dev debian-archive-keyring libcap-dev
  android-libbase-dev android-libboringssl-dev android-libcutils-dev android-liblog-dev
  # Farms: the queue between computers.
  redis-server openssl
  # The .deb is installed on a clean Debian.
  debootstrap
  # The same letters in screenshots everywhere.
  fonts-inter fonts-jetbrains-mono fonts-dejavu-core
)

case "${1:-}" in
  --engine) packages=("${engine[@]}") ;;
  --wheels) packages=("${engine[@]}" g++-aarch64-linux-gnu qemu-user-static) ;;
  --window) packages=("${window[@]}" unzip) ;;
  '') packages=("${window[@]}" "${engine[@]}" "${tests[@]}") ;;
  *)
    echo "Usage: bash .ci/system-packages.sh [--engine | --window | --wheels]" >&2
    exit 2
    ;;
esac

export DEBIAN_FRONTEND=noninteractive
as_root apt-get update

if [ "${1:-}" != --engine ] && [ "${1:-}" != --wheels ]; then
  # The sound library was renamed for 64-bit time; the old name became ambiguous with that.
  if [ -n "$(apt-cache madison libasound2t64)" ]; then
    packages+=(libasound2t64)
  else
    packages+=(libasound2)
  fi
fi

as_root env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y --no-install-recommends "${packages[@]}"
