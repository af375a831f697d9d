#!/usr/bin/env bash
# Builds adbd, the daemon that answers adb on a phone, for this computer: from the source package of
# Debian 12, with what a build outside Android needs changed. The result goes to a cache of the user's,
# under a name that changes with this script, and its path is the last line that is printed:
#
#   build-adbd.sh CACHE     ->  CACHE/adbd-0123456789ab
set -euo pipefail

cache=$1
version=29.0.6
source=$cache/source/android-platform-tools-$version
script=$(readlink -f "${BASH_SOURCE[0]}")
target=$cache/adbd-$(sha256sum "$script" | cut -c1-12)

# Whoever comes while it is being built waits for it instead of building it again.
mkdir -p "$cache"
exec 9>"$cache/build.lock"
flock 9
[ -x "$target" ] && { echo "$target"; exit 0; }

# Package sources and their index live in the cache: nothing of this computer's apt is changed.
fetch() {
  mkdir -p "$cache"/apt/{state/lists/partial,cache/archives/partial} "$cache/source"
  echo 'deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main' \
    >"$cache/apt/sources.list"
  local apt=(apt-get -q -o "Dir::Etc::SourceList=$cache/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State=$cache/apt/state" -o "Dir::Cache=$cache/apt/cache")
  "${apt[@]}" update
  (cd "$cache/source" && rm -rf "$source" && "${apt[@]}" source android-platform-tools)
}

# FILE EXPRESSION: one change, which must change something.
change() {
  local before
  before=$(sha256sum "$1")
  sed -i -E "$2" "$1"
  [ "$before" != "$(sha256sum "$1")" ] || { echo "$1 is not the file that was expected: $2" >&2; exit 1; }
}

adapt() {
  cd "$source"
  local adb=system/core/adb auth=frameworks/native/libs/adbd_auth/adbd_auth.cpp
  # Debuggers of this computer listen under the same name.
  change $adb/adbconnection/adbconnection_server.cpp 's/"\\0jdwp-control"/"\\0zico-jdwp-control"/; s/(static_assert.*jdwp.*)//'
  change $adb/daemon/shell_service.cpp '0,/^#include "adb.h"/s//#include "adb.h"\n#undef _PATH_BSHELL\n#define _PATH_BSHELL "\/system\/bin\/sh"/'
  # Owners and modes of Android's folders: a phone of this kind has none.
  change $adb/daemon/file_sync_service.cpp '0,/^static bool should_use_fs_config/s//static void fs_config(const char*, int, const char*, unsigned*, unsigned*, unsigned*, uint64_t*) {}\nstatic bool should_use_fs_config/'
  # errno means nothing after a call that succeeded.
  change $adb/transport_local.cpp 's/if \(errno == EAFNOSUPPORT \|\| errno == EINVAL \|\| errno == EPROTONOSUPPORT\)/if (serverfd < 0 \&\& (errno == EAFNOSUPPORT || errno == EINVAL || errno == EPROTONOSUPPORT))/'
  change system/core/base/include/android-base/thread_annotations.h 's/^(#define THREAD_ANNOTATION_ATTRIBUTE__\(x\)).*/\1/'
  change $auth 's/^#include <chrono>/#include <atomic>\n#include <chrono>\n#include <optional>/'
  # Properties come from a file; a phone's own come from its init process.
  change $adb/daemon/main.cpp 's/^int adbd_main\(int server_port\) \{/static void load_properties() {\
    const char* name = getenv("ADBD_PROPERTIES");\
    FILE* file = name ? fopen(name, "re") : nullptr;\
    if (!file) return;\
    char line[512], key[128], value[256];\
    while (fgets(line, sizeof line, file))\
        if (sscanf(line, "[%127[^]]]: [%255[^]]]", key, value) == 2) android::base::SetProperty(key, value);\
    fclose(file);\
}\
\
int adbd_main(int server_port) {\
    load_properties();/'
}

build() {
  cd "$source"
  local objects=$cache/objects
  rm -rf "$objects" && mkdir -p "$objects"
  local include=() folder
  for folder in system/core/{adb,adb/daemon/include,adb/adbconnection/include,base/include,include,diagnose_usb/include} \
    system/core/{libcrypto_utils,libcutils,liblog,libasyncio}/include \
    frameworks/native/libs/adbd_auth{/include,} /usr/include/android; do
    include+=("-I$folder")
  done
  local flags=(-std=gnu++2a -O1 -g0 -fPIC -w -fpermissive -D_GNU_SOURCE -DADB_HOST=0 -DALLOW_ADBD_ROOT=0
    -DALLOW_ADBD_NO_AUTH=1 "-DADB_VERSION=\"$version-host\"" "-DPLATFORM_TOOLS_VERSION=\"$version\"" "${include[@]}")
  local names=(adb adb_io adb_listeners adb_trace adb_unique_fd adb_utils fdevent/fdevent fdevent/fdevent_poll
    fdevent/fdevent_epoll services sockets socket_spec sysdeps/errno transport transport_fd transport_local
    transport_usb types sysdeps_unix sysdeps/posix/network daemon/auth daemon/jdwp_service daemon/usb_dummy
    daemon/file_sync_service daemon/services daemon/shell_service daemon/main shell_service_protocol
    adbconnection/adbconnection_server)
  {
    printf "system/core/adb/%s.cpp\n" "${names[@]}"
    echo system/core/diagnose_usb/diagnose_usb.cpp
    echo system/core/libasyncio/AsyncIO.cpp
    echo frameworks/native/libs/adbd_auth/adbd_auth.cpp
  } | xargs -P "$(nproc)" -I FILE bash -c 'file=$1; shift; g++ "$@" -c -o "$0/${file//\//_}.o" "$file"' \
    "$objects" FILE "${flags[@]}"
  gcc -O1 -fPIC -w "${include[@]}" -c -o "$objects/pubkey.o" system/core/libcrypto_utils/android_pubkey.c
  local libraries
  libraries=/usr/lib/$(gcc -print-multiarch)/android
  g++ -o "$target.new" "$objects"/*.o "-L$libraries" "-Wl,-rpath=$libraries" \
    -lbase -lcrypto -lcutils -llog -lcap -lresolv -lpthread
  strip "$target.new"
  rm -f "$cache"/adbd-????????????
  mv "$target.new" "$target"
  rm -rf "$objects" "$cache/source" "$cache/apt"
}

fetch
adapt
build
echo "$target"
