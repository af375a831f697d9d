/** THIRD_PARTY_NOTICES of a build, made of what it carries. */
import { readFileSync } from 'node:fs';
import { carried, textFile, type Component } from './components.ts';
import type { NpmPackage } from './packages.ts';

/** Licences whose terms a package of the product keeps by shipping their text. */
const allowed = new Set([
  ...['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0'],
  ...['Python-2.0', 'CC0-1.0', 'Unlicense', 'Zlib'],
]);

/** What is wrong with the licences of these packages: one sentence each. */
export function licenceProblems(packages: readonly NpmPackage[]): string[] {
  return packages.flatMap(({ name, version, license }) => {
    if (license === null) return [`${name} ${version} names no licence.`];
    return isAllowed(license)
      ? []
      : [`${name} ${version} is under ${license}, which is not allowed.`];
  });
}

/** One of the alternatives of "(A OR B)" will do; of "A AND B" each must be allowed. */
function isAllowed(expression: string): boolean {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  return plain
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((license) => allowed.has(license.trim())));
}

const line = '-'.repeat(78);

/** @param root folder of the repository, whose dist/ says which components are carried */
export function notices(root: string, packages: readonly NpmPackage[]): string {
  const shared = readFileSync(textFile(root, 'MIT.txt'), 'utf8');
  const parts = [
    'Software and data of others that ZiCo Workbench carries, each with its licence.\n' +
      'Electron and Chromium bring their own: LICENSE.electron.txt and LICENSES.chromium.html beside the program.',
    ...carried(root).map((component) => componentNotice(root, component)),
    ...[...packages]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((one) => packageNotice(one, shared)),
  ];
  return `${parts.map((part) => part.trim()).join(`\n\n${line}\n\n`)}\n`;
}

/** Of one component: its name, terms, origin and the texts of its licences. */
export function componentNotice(root: string, { name, license, about, texts }: Component): string {
  const whole = texts.map((text) => readFileSync(textFile(root, text), 'utf8').trim());
  return `${name}\nLicence: ${license}\n${about}\n\n${whole.join('\n\n')}`;
}

function packageNotice({ name, version, license, text }: NpmPackage, mit: string): string {
  const own = text ?? (license === 'MIT' ? mit : '');
  return `${name} ${version}\nLicence: ${license ?? 'not named'}\n\n${own}`;
}
