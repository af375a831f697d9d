/** The state a phone is in, read in one round trip; the parser is pure. */
import type { PhoneConditions } from '../common/phone-conditions.ts';
import type { Device, WaitOptions } from './device.ts';

/**
 * Reads a phone's state in one round trip. Throws what `Device.shell` throws.
 * @param brief leaves the screen out, which takes longer to ask for than all the rest
 */
export type ReadConditions = (signal?: AbortSignal, brief?: boolean) => Promise<PhoneConditions>;

/** No more thermal zones than this are read: some phones have a hundred, and each takes time. */
const zones = 40;

/**
 * Only shell built-ins except for dumpsys, because starting a program takes longer than reading everything
 * else.
 */
const screenQuery = [
  'echo @power; dumpsys power | grep -m 1 mWakefulness=',
  "dumpsys window policy | grep -m 1 '^ *showing='",
];
const query = [
  'echo @battery; dumpsys battery',
  'echo @thermal; dumpsys thermalservice',
  'echo @cores',
  'for c in /sys/devices/system/cpu/cpu[0-9]*; do n=; m=',
  'read n <$c/cpufreq/scaling_cur_freq; read m <$c/cpufreq/scaling_max_freq',
  'echo "${c##*/cpu} ${n:--} ${m:--}"; done',
  'echo @zones; i=0',
  // By number, because many phones forbid listing the folder but allow reading its files.
  `while [ $i -lt ${zones} ]; do z=/sys/class/thermal/thermal_zone$i; y=; t=`,
  'read y <$z/type && read t <$z/temp && echo "$t $y"; i=$((i+1)); done',
];

/** @param options `brief` leaves the screen null. Throws what `Device.shell` throws. */
export async function readConditions(
  device: Device,
  { brief = false, ...options }: WaitOptions & { readonly brief?: boolean } = {},
): Promise<PhoneConditions> {
  const asked = [...(brief ? [] : screenQuery), ...query].join('\n');
  const { stdout } = await device.shell(`{ ${asked}\n} 2>/dev/null`, options);
  return parseConditions(stdout, Date.now());
}

/** @param text what the phone printed, in sections that begin with `@name` */
export function parseConditions(text: string, readAtMs: number): PhoneConditions {
  const sections = sectionsOf(text);
  const battery = sections.get('battery') ?? '';
  const thermal = sections.get('thermal') ?? '';
  const cores = coresOf(sections.get('cores') ?? '');
  const tenths = numberIn(battery, /^ *temperature: *(-?\d+)/m);
  return {
    readAtMs,
    batteryLevel: numberIn(battery, /^ *level: *(\d+)/m),
    batteryC: tenths === null ? null : tenths / 10,
    powered: poweredBy(battery),
    thermalStatus: numberIn(thermal, /^ *Thermal Status: *(\d+)/m),
    screen: screenOf(sections.get('power') ?? ''),
    zones: [...sensorsOf(thermal), ...zonesOf(sections.get('zones') ?? '')],
    coreKHz: cores.map(([now]) => now),
    coreLimitKHz: cores.map(([, limit]) => limit),
  };
}

function sectionsOf(text: string): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  for (const part of text.replaceAll('\r', '').split(/^@/m).slice(1)) {
    const end = part.indexOf('\n');
    if (end >= 0) sections.set(part.slice(0, end), part.slice(end + 1));
  }
  return sections;
}

function numberIn(text: string, pattern: RegExp): number | null {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

function poweredBy(battery: string): PhoneConditions['powered'] {
  const lines = [...battery.matchAll(/^ *(AC|USB|Wireless) powered: *(true|false)/gm)];
  if (lines.length === 0) return null;
  const on = lines.find(([, , value]) => value === 'true')?.[1]!.toLowerCase();
  return on === 'ac' || on === 'usb' || on === 'wireless' ? on : 'none';
}

const screens: Readonly<Record<string, PhoneConditions['screen']>> = {
  Awake: 'awake',
  Asleep: 'asleep',
  Dreaming: 'dreaming',
  Dozing: 'dozing',
};

function screenOf(power: string): PhoneConditions['screen'] {
  const word = /mWakefulness=(\w+)/.exec(power)?.[1];
  const screen = word === undefined ? null : (screens[word] ?? null);
  return screen === 'awake' && /^ *showing=true/m.test(power) ? 'locked' : screen;
}

/** The current values of Android's thermal service; it also repeats older ones, which are left out. */
function sensorsOf(thermal: string): PhoneConditions['zones'] {
  const current = thermal.split('Current temperatures from HAL:')[1]?.split(/^Current /m)[0] ?? '';
  const sensor = /Temperature\{mValue=(-?[\d.]+), mType=-?\d+, mName=([^,}]+)/g;
  return [...current.matchAll(sensor)].flatMap(([, value, name]) => zone(name!, Number(value)));
}

/** Lines of temperature and name. Most phones give thousandths of a degree, some whole degrees. */
function zonesOf(text: string): PhoneConditions['zones'] {
  return text.split('\n').flatMap((line) => {
    const found = /^(-?\d+) (.+)$/.exec(line);
    if (!found) return [];
    const value = Number(found[1]);
    return zone(found[2]!.trim(), Math.abs(value) >= 1000 ? value / 1000 : value);
  });
}

/** A sensor that is off reads far below any temperature that a phone can have. */
function zone(name: string, celsius: number): PhoneConditions['zones'] {
  return Number.isFinite(celsius) && celsius > -40 && celsius < 200 ? [{ name, celsius }] : [];
}

/** Current frequency and limit of each core, by its number. */
function coresOf(text: string): readonly (readonly [number | null, number | null])[] {
  const cores: (readonly [number | null, number | null])[] = [];
  const khz = (word: string) => (/^\d+$/.test(word) ? Number(word) : null);
  for (const [, core, now, limit] of text.matchAll(/^(\d{1,3}) (\S+) (\S+)$/gm)) {
    while (cores.length < Number(core)) cores.push([null, null]);
    cores[Number(core)] = [khz(now!), khz(limit!)];
  }
  return cores;
}
