import type { Command } from 'commander';
import { integer } from '../../common/figures.ts';
import { tasks } from '../../common/tasks.ts';
import type { DataProblem, Task } from '../../task/batches.ts';
import type { Inspection } from '../../task/inspect-dataset.ts';
import { kindDescriptions } from '../../task/kind-descriptions.ts';
import { badArguments } from '../../asked/bad-arguments.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { ProblemsFound } from '../errors.ts';
import { oneOf, wholeNumber } from '../options.ts';
import { shownInLine } from '../../common/shown.ts';
import { table } from '../table.ts';
import { whileOpening } from '../data-progress.ts';

interface InspectOptions {
  readonly kind?: string;
  readonly task?: Task;
  readonly check: number;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** `zico data`: what data can be used, and what a file or folder was recognised as. */
export function addDataCommand(program: Command, environment: CliEnvironment): void {
  const data = program.command('data').description('look at images and their targets');
  data
    .command('inspect')
    .description('say what a file or folder holds, and what is wrong with it')
    .argument('[path]', 'file or folder (default: the images shipped with zico for --task)')
    .option(
      '--kind <kind>',
      `read it as this kind: ${kindDescriptions.map(({ name }) => name).join(', ')} (default: detected)`,
    )
    .option('--task <task>', `only data for this: ${tasks.join(', ')}`, oneOf(tasks))
    .option(
      '--check <n>',
      'decode this many images, evenly spread, to find what is wrong',
      wholeNumber({ min: 0 }),
      64,
    )
    .option('--strict', 'exit with code 3 if anything is wrong')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nPictures of JPEG, PNG, WebP, AVIF, TIFF and BMP are read, up to 512 MiB and 268 megapixels (16384 x 16384).\n\nExamples:\n  zico data inspect photos/ --json\n  zico data inspect cityscapes/ --check 500\n  zico data inspect --task detection',
    )
    .action(async (path: string | undefined, options: InspectOptions) => {
      const { kind = null, task = null, check } = options;
      if (path === undefined && kind !== null) {
        throw badArguments(
          '--kind is for data of your own, and none are named.',
          'Name a file or folder, or leave --kind out.',
        );
      }
      const inspection = await withServices(environment, (services) =>
        whileOpening(environment, (waiting) =>
          services.inspectData({ data: path ?? null, kind, task }, check, waiting),
        ),
      );
      print(environment, options, inspection, () => readable(inspection));
      if (options.strict && inspection.problemCount > 0) throw new ProblemsFound();
    });
  data
    .command('kinds')
    .description('list the kinds of data that can be used, and how each is laid out')
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }) => {
      print(environment, options, kindDescriptions, () =>
        kindDescriptions
          .map(({ name, tasks: uses, title, layout, onlyByName }) =>
            [
              `${name}: ${title}, for ${uses.join(' and ')}${onlyByName ? '; only with --kind' : ''}`,
              `  ${layout}`,
            ].join('\n'),
          )
          .join('\n'),
      );
    });
}

/** Number of classes listed; the rest are only counted. */
const shownClasses = 40;

function readable(inspection: Inspection): string {
  const { classes, classCounts, imageSize, problems, problemCount, checked } = inspection;
  const { problemKinds, unusable } = inspection;
  const size = imageSize
    ? `${imageSize.width} x ${imageSize.height}${imageSize.varies ? ', others differ' : ''}`
    : 'unknown';
  const counted = inspection.task === 'detection' ? 'boxes' : 'images';
  return [
    `${inspection.kind}: ${inspection.description}`,
    `task ${inspection.task}, ${integer(inspection.images)} images, ${classes.length} classes, image size ${size}`,
    '',
    classCounts
      ? table(
          [{ title: 'class', align: 'left' }, { title: counted }],
          classes.slice(0, shownClasses).map((name, i) => [name, integer(classCounts[i]!)]),
        )
      : classes.slice(0, shownClasses).map(shownInLine).join(', '),
    ...(classes.length > shownClasses ? [`and ${classes.length - shownClasses} more`] : []),
    '',
    `${problemCount === 0 ? 'no problem' : counting(problemCount, 'problem')} found; ${counting(checked, 'image')} looked at${unusable === 0 ? '' : `, ${integer(unusable)} of them cannot be used`}`,
    ...(problemCount > problems.length ? byKind(problemKinds) : problems.map(inLine)),
  ].join('\n');
}

/** One line per problem. */
const inLine = ({ file, reason }: DataProblem): string => `  ${shownInLine(`${file}: ${reason}`)}`;

/** For lists too long to read: each kind of problem with its count and its first examples. */
function byKind(kinds: Inspection['problemKinds']): string[] {
  return kinds.flatMap(({ kind, count, examples }) => [
    `  ${integer(count)} x ${shownInLine(kind)}, such as`,
    ...examples.map((problem) => `  ${inLine(problem)}`),
  ]);
}

function counting(count: number, what: string): string {
  return `${integer(count)} ${what}${count === 1 ? '' : 's'}`;
}
