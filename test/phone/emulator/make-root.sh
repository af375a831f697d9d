#!/usr/bin/env bash
# Makes the files of an emulated Galaxy S10: make-root.sh ROOT SM-G973F|SM-G973U SERIAL SECURE(0|1)
# Shell and tools are Android's own (mksh, toybox). What they print of this kind of phone is our own text.
# Everything under ROOT/sys and ROOT/system/emulator is a plain file: change it and the phone has changed.
set -euo pipefail
root=$1 model=$2 serial=$3 secure=$4
mkdir -p "$root"/{system/bin,system/emulator/dumpsys,data/local/tmp,data/misc/adb,proc,dev/pts,usr,etc,lib,lib64,mnt,tmp,sdcard}
mkdir -p "$root"/sys/{class/thermal,class/power_supply/battery,devices/system/cpu}
bin=$root/system/bin emulator=$root/system/emulator

cp "$(readlink -f "$(command -v mksh)")" "$bin/sh"
toybox=$(command -v toybox)
cp "$toybox" "$bin/toybox"
for tool in $("$toybox"); do
  case $tool in
    # Missing here: they would speak of this computer, or change it.
    sh | '[' | uname | taskset | reboot | poweroff | halt | mount | umount | login | su | chroot | unshare | nsenter | switch_root | pivot_root) ;;
    *) ln -sf toybox "$bin/$tool" ;;
  esac
done

cat >"$bin/getprop" <<'S'
#!/system/bin/sh
f=/system/emulator/properties
[ -z "$1" ] && exec cat $f
while IFS= read -r l; do case "$l" in "[$1]: ["*) l="${l#*: [}"; echo "${l%]}"; exit 0 ;; esac; done <$f
echo "$2"
S
cat >"$bin/dumpsys" <<'S'
#!/system/bin/sh
f=/system/emulator/dumpsys/$1
[ -f "$f" ] && exec cat "$f"
echo "Can't find service: $1" >&2
exit 20
S
cat >"$bin/uname" <<'S'
#!/system/bin/sh
case "$1" in -m) echo aarch64 ;; -r) echo 4.14.113 ;; *) echo Linux ;; esac
S
# Eight cores are not there to be pinned to: the mask is checked and noted.
cat >"$bin/taskset" <<'S'
#!/system/bin/sh
m=$1; shift
case "$m" in -*|'') echo "taskset: needs MASK COMMAND" >&2; exit 1 ;; esac
[ $((16#$m)) -gt 0 ] && [ $((16#$m)) -le 255 ] || { echo "taskset: bad mask $m" >&2; exit 1; }
echo "$m" >>/system/emulator/taskset.log
exec "$@"
S
chmod 755 "$bin"/{getprop,dumpsys,uname,taskset}

if [ "$model" = SM-G973F ]; then
  platform=exynos9820 product=beyond1ltexx release=12 sdk=31
  middle='4 5' big='6 7' little_khz=1950000 middle_khz=2314000 big_khz=2730000
  part() { case $1 in [0-3]) echo 0x41 0xd05 ;; [45]) echo 0x41 0xd0a ;; *) echo 0x53 0x003 ;; esac; }
else
  platform=msmnile product=beyond1qltesq release=12 sdk=31
  middle='4 5 6' big='7' little_khz=1785600 middle_khz=2419200 big_khz=2841600
  part() { case $1 in [0-3]) echo 0x51 0x805 ;; *) echo 0x51 0x804 ;; esac; }
fi
cat >"$emulator/properties" <<S
[ro.product.model]: [$model]
[ro.product.manufacturer]: [samsung]
[ro.product.name]: [$product]
[ro.product.device]: [${product%??????}]
[ro.board.platform]: [$platform]
[ro.product.cpu.abi]: [arm64-v8a]
[ro.build.version.release]: [$release]
[ro.build.version.sdk]: [$sdk]
[ro.serialno]: [$serial]
[ro.boot.qemu]: [0]
[ro.zico.emulated]: [1]
[ro.adb.secure]: [$secure]
S
: >"$emulator/cpuinfo"
: >"$emulator/taskset.log"
for core in 0 1 2 3 4 5 6 7; do
  read -r implementer number < <(part "$core")
  printf 'processor\t: %s\nCPU implementer\t: %s\nCPU part\t: %s\n\n' "$core" "$implementer" "$number" >>"$emulator/cpuinfo"
  khz=$little_khz
  case " $middle " in *" $core "*) khz=$middle_khz ;; esac
  case " $big " in *" $core "*) khz=$big_khz ;; esac
  folder=$root/sys/devices/system/cpu/cpu$core/cpufreq
  mkdir -p "$folder"
  for name in cpuinfo_max_freq scaling_max_freq scaling_cur_freq; do echo "$khz" >"$folder/$name"; done
done
for name in present possible online; do echo 0-7 >"$root/sys/devices/system/cpu/$name"; done

zone=0
for one in BIG:45000 LITTLE:38000 MID:41000 G3D:37000 battery:29500; do
  mkdir -p "$root/sys/class/thermal/thermal_zone$zone"
  echo "${one%:*}" >"$root/sys/class/thermal/thermal_zone$zone/type"
  echo "${one#*:}" >"$root/sys/class/thermal/thermal_zone$zone/temp"
  zone=$((zone + 1))
done
printf 'Battery service state:\n  AC powered: false\n  USB powered: true\n  status: 2\n  level: 88\n  temperature: 295\n' >"$emulator/dumpsys/battery"
printf 'Thermal Status: 0\nCurrent temperatures from HAL:\n' >"$emulator/dumpsys/thermalservice"
printf 'Power manager state:\n  mWakefulness=Awake\n' >"$emulator/dumpsys/power"
for name in null zero full random urandom tty ptmx; do : >"$root/dev/$name"; done
