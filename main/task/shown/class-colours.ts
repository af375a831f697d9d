/** A colour for each class, neighbours far apart. */

export type Colour = readonly [red: number, green: number, blue: number];

/** The golden angle: however many hues it has taken, the next one falls into a wide gap. */
const step = 137.508;
const lightness = [0.7, 0.55, 0.82] as const;
const chroma = 0.16;

/** By OKLCH, in which equal steps look alike; what sRGB lacks is clipped. Source: Ottosson, "Oklab", 2020. */
export function classColour(index: number): Colour {
  const hue = (((20 + index * step) % 360) * Math.PI) / 180;
  const light = lightness[index % lightness.length]!;
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    byteOf(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    byteOf(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    byteOf(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** Linear light, 0 to 1, as a byte of sRGB. */
function byteOf(linear: number): number {
  const light = Math.max(0, Math.min(1, linear));
  const value = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  return Math.round(255 * value);
}

export const hexOf = (colour: Colour): string =>
  `#${colour.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
