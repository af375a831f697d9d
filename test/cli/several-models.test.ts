import { describe, expect, it } from 'vitest';
import { withSeveralModels, type SeveralOptions } from '../../main/cli/several-models.ts';
import { ProblemsFound } from '../../main/cli/errors.ts';
import type { CliEnvironment } from '../../main/cli/environment.ts';
import { WorkbenchError } from '../../main/errors.ts';

interface Result {
  readonly score: number;
  readonly kind: string;
}

/** Scores by the length of the name; a name of `bad` fails. */
async function run(
  models: readonly string[],
  options: SeveralOptions = {},
  { grouped = false } = {},
) {
  let stdout = '';
  let stderr = '';
  const abort = new AbortController();
  const environment = {
    stdout: (text: string) => (stdout += text),
    stderr: { write: (text: string) => (stderr += text), isTTY: false, columns: () => 80 },
    interrupted: abort.signal,
  } as unknown as CliEnvironment;
  let error: unknown = null;
  try {
    await withSeveralModels<Result>(models, environment, options, {
      one: (model) =>
        model === 'bad'
          ? Promise.reject(new WorkbenchError('not-onnx', 'bad is "none".', 'Name another.'))
          : Promise.resolve({ score: model.length, kind: grouped ? model[0]! : 'a, b' }),
      columns: [
        { title: 'score', key: 'score', value: (r) => r.score, words: (r) => r.score.toFixed(1) },
        { title: 'kind', key: 'kind', value: (r) => r.kind },
      ],
      compare: (a, b) => b.score - a.score,
      ...(grouped && { group: (r) => r.kind }),
      rankedBy: (groups) => `Ranked by length, groups: ${groups}.`,
    });
  } catch (thrown) {
    error = thrown;
  }
  return { stdout, stderr, error };
}

describe('several models', () => {
  it('are ranked in a table, those that failed below it with what to do', async () => {
    const { stdout, stderr, error } = await run(['aa', 'bad', 'ccc']);
    expect(stdout.split('\n').map((line) => line.trim().replaceAll(/ +/g, ' '))).toEqual([
      'rank model score kind',
      '1 ccc 3.0 a, b',
      '2 aa 2.0 a, b',
      'Ranked by length, groups: 1.',
      'bad: bad is "none".',
      'Name another.',
      '',
    ]);
    expect(stderr).toContain('2 of 3: bad');
    expect(error).toBeInstanceOf(ProblemsFound);
  });

  it('rank in groups that are not compared', async () => {
    const { stdout } = await run(['bb', 'a', 'bbb', 'aaaa'], {}, { grouped: true });
    expect(stdout.split('\n').map((line) => line.trim().replaceAll(/ +/g, ' '))).toEqual([
      ...['rank model score kind', '1 bbb 3.0 b', '2 bb 2.0 b', '1 aaaa 4.0 a', '2 a 1.0 a'],
      ...['Ranked by length, groups: 2.', ''],
    ]);
    const csv = await run(['bb', 'aaaa', 'bbb'], { csv: true }, { grouped: true });
    expect(csv.stdout).toBe('rank,model,score,kind,error\n1,bbb,3,b,\n2,bb,2,b,\n1,aaaa,4,a,\n');
  });

  it('are a line of JSON each, in their order', async () => {
    const { stdout, stderr } = await run(['aa', 'bad', 'ccc'], { json: true });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { model: 'aa', score: 2, kind: 'a, b' },
      { model: 'bad', error: expect.objectContaining({ code: 'not-onnx' }) as unknown },
      { model: 'ccc', score: 3, kind: 'a, b' },
    ]);
    expect(stderr).toBe('');
  });

  it('are not JSON and CSV at once', async () => {
    const { stdout, error } = await run(['aa', 'ccc'], { json: true, csv: true });
    // No file can be named here.
    expect(error).toMatchObject({ code: 'bad-arguments', hint: 'Leave one of them out.' });
    expect(stdout).toBe('');
  });

  it('are lines of CSV, ranked', async () => {
    const { stdout, error } = await run(['aa', 'ccc'], { csv: true });
    expect(stdout).toBe('rank,model,score,kind,error\n1,ccc,3,"a, b",\n2,aa,2,"a, b",\n');
    expect(error).toBeNull();
    const failed = await run(['bad'], { csv: true });
    expect(failed.stdout).toContain(',bad,,,"not-onnx: bad is ""none""."\n');
  });
});
