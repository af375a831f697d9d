import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  factor,
  inverse,
  solveLower,
  solveUpper,
  substitute,
} from '../../../../main/search/guided/cholesky.ts';
import { encodingOf } from '../../../../main/search/guided/encoding.ts';
import { FieldColumn, Field } from '../../../../main/search/guided/field.ts';
import { fitted } from '../../../../main/search/guided/fit.ts';
import { Kernel, hyperparameterAt, priorOf } from '../../../../main/search/guided/kernel.ts';
import { minimise } from '../../../../main/search/guided/minimise.ts';
import { runAtOnce } from '../../../../main/search/guided/slices.ts';
import { generatorFor } from '../../../../main/random.ts';
import { spaceNamed } from '../../../../main/space/index.ts';
import type { Gene, Genotype } from '../../../../main/space/space.ts';
import { countsOf } from '../../../../main/workbench/size-of.ts';
import type { Known } from '../../../../main/common/known.ts';

const nats = spaceNamed('nats-sss');
const count = (genotype: Genotype) => countsOf(nats, genotype);
const encoding = runAtOnce(encodingOf(nats, count));
const encode = (genotype: Genotype) => encoding.encode(genotype, count(genotype));
const networks = (count: number, seed = 1): Genotype[] => {
  const random = generatorFor(seed);
  return [...new Set(Array.from({ length: count * 2 }, () => nats.sample(random)))].slice(0, count);
};

/** A space of networks that are all of the same size. */
const alike = { parameters: 7, macs: 9 };
const small = (genes: readonly Gene[], values: (genotype: Genotype) => readonly number[]) =>
  runAtOnce(encodingOf({ genes, values, sample: () => '' as Genotype }, () => alike));

describe('rows that are solved side by side', () => {
  it('have the bits that they have one after the other', () => {
    const random = generatorFor('rows');
    const number = () => (random.next() >>> 0) / 2 ** 32 - 0.5;
    for (const n of [1, 2, 3, 4, 5, 7, 8, 19]) {
      const stride = n + 3;
      const values = Float64Array.from({ length: n * stride }, number);
      for (let i = 0; i < n; i++) values[i * stride + i]! += 2;
      for (let first = 0; first < n; first++) {
        const b = Float64Array.from({ length: n + 2 }, (_, i) => (i < first + 2 ? 0 : number()));
        const alone = b.slice();
        for (let i = first; i < n; i++) {
          let sum = alone[2 + i]!;
          for (let k = first; k < i; k++) sum -= values[i * stride + k]! * alone[2 + k]!;
          alone[2 + i] = sum / values[i * stride + i]!;
        }
        substitute({ n, stride, values }, b, 2, { first, from: first, to: n });
        expect(b).toEqual(alone);
      }
    }
  });
});

describe('features of a network', () => {
  it('put widths on a logarithmic scale from -1 to 1', () => {
    const features = encode(nats.parse('8:64:16:32:64'));
    expect([...features.subarray(0, 5)].map((x) => Number(x.toFixed(6)))).toEqual([
      -1,
      1,
      Number(((2 * Math.log(2)) / Math.log(8) - 1).toFixed(6)),
      Number(((2 * Math.log(4)) / Math.log(8) - 1).toFixed(6)),
      1,
    ]);
  });

  it('put counts on an even scale, and choices without order side by side', () => {
    const genes = [
      { name: 'repeats', choices: [1, 2, 3] },
      { name: 'kind', choices: [0, 1, 2], labels: ['a', 'b', 'c'] },
      { name: 'either', choices: [0, 7], labels: ['no', 'yes'] },
      { name: 'fixed', choices: [5] },
    ];
    const { encode, width, geneOf } = small(genes, (genotype) => genotype.split(',').map(Number));
    expect(width).toBe(7);
    expect(geneOf).toEqual([0, 1, 1, 1, 2]);
    const features = [...encode('2,2,7,5' as Genotype, alike)];
    expect(features.slice(0, 5)).toEqual([0, 0, 0, 1, 1]);
    // Sizes that never differ say nothing.
    for (const size of features.slice(5)) expect(size).toBeCloseTo(0, 12);
  });

  it('are in the middle for a gene that a network lacks', () => {
    const genes = [{ name: 'width', choices: [16, 32, 64] }];
    const { encode } = small(genes, () => [0]);
    expect(encode('' as Genotype, alike)[0]).toBe(0);
  });

  it('say how large it is beside others, by logarithms', () => {
    const places = networks(200, 5).map((genotype) => encode(genotype).subarray(5));
    for (const k of [0, 1]) {
      const values = places.map((one) => one[k]!);
      expect(Math.abs(values.reduce((sum, x) => sum + x, 0) / values.length)).toBeLessThan(0.15);
    }
    const [least, most] = ['8:8:8:8:8', '64:64:64:64:64'].map((one) => encode(nats.parse(one)));
    expect(least![5]).toBeLessThan(-0.5);
    expect(most![5]).toBeGreaterThan(0.5);
  });
});

describe('a factored matrix', () => {
  const matrix = fc
    .integer({ min: 1, max: 12 })
    .chain((n) =>
      fc.tuple(
        fc.constant(n),
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
          minLength: n * n,
          maxLength: n * n,
        }),
      ),
    )
    .map(([n, a]) => {
      const values = new Float64Array(n * n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          for (let k = 0; k < n; k++) values[i * n + j]! += a[i * n + k]! * a[j * n + k]!;
          if (i === j) values[i * n + j]! += 1;
        }
      return { n, values };
    });

  it('solves and inverts', () => {
    fc.assert(
      fc.property(matrix, ({ n, values }) => {
        const lower = runAtOnce(factor(values.slice(), n, n));
        if (lower === null) throw new Error('positive definite by construction');
        const x = Float64Array.from({ length: n }, (_, i) => i - 1.5);
        const b = Float64Array.from({ length: n }, (_, i) =>
          x.reduce((sum, value, j) => sum + values[i * n + j]! * value, 0),
        );
        const solved = solveUpper(lower, solveLower(lower, b));
        solved.forEach((value, i) => expect(value).toBeCloseTo(x[i]!, 6));
        const inverted = runAtOnce(inverse(lower));
        for (let i = 0; i < n; i++)
          for (let j = 0; j <= i; j++) {
            let product = 0;
            for (let k = 0; k < n; k++) {
              const entry = k <= j ? inverted[j * n + k]! : inverted[k * n + j]!;
              product += values[i * n + k]! * entry;
            }
            expect(product).toBeCloseTo(i === j ? 1 : 0, 6);
          }
      }),
    );
  });

  it('is refused where it is not positive definite', () => {
    expect(runAtOnce(factor(Float64Array.of(1, 0, 2, 1), 2, 2))).toBeNull();
  });
});

describe('minimising', () => {
  it('finds the valley of Rosenbrock', () => {
    const found = runAtOnce(
      // eslint-disable-next-line require-yield
      minimise(Float64Array.of(-1.2, 1), [-5, 5], 300, function* (point) {
        const [x, y] = [point[0]!, point[1]!];
        const value = (1 - x) ** 2 + 100 * (y - x * x) ** 2;
        const gradient = Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x));
        return { value, gradient };
      }),
    );
    expect(found[0]).toBeCloseTo(1, 1);
    expect(found[1]).toBeCloseTo(1, 1);
  });

  it('stays in its box', () => {
    const found = runAtOnce(
      // eslint-disable-next-line require-yield
      minimise(Float64Array.of(0.5), [-1, 1], 30, function* (point) {
        return { value: -point[0]!, gradient: Float64Array.of(-1) };
      }),
    );
    expect(found[0]).toBe(1);
  });
});

describe('the kernel', () => {
  it('has the derivatives that it says', () => {
    const [a, b] = networks(2).map((genotype) => encode(genotype)) as Known<Float64Array>;
    const theta = priorOf(encoding).mean;
    const gradient = new Float64Array(theta.length);
    new Kernel(theta, encoding).addGradient(gradient, a, b, 1, encoding.geneOf);
    for (let k = 0; k < theta.length; k++) {
      if (k === hyperparameterAt.noise) continue;
      const at = (step: number) =>
        new Kernel(theta.with(k, theta[k]! + step), encoding).between(a, b);
      expect(gradient[k]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 7);
    }
  });
});

describe('a field', () => {
  /** Something smooth, with a little noise. */
  const truth = (genotype: Genotype): number =>
    nats.values(genotype).reduce((sum, c, i) => sum + Math.log(c) * (i + 1), 0);
  const some = networks(40);
  const theta = runAtOnce(
    fitted(
      priorOf(encoding).mean,
      { networks: some.map((g) => encode(g)), values: some.map(truth) },
      encoding,
      20,
    ),
  );

  it('predicts networks that it never saw, and is the surer the nearer they are', () => {
    const field = new Field(theta, encoding);
    runAtOnce(field.add(some.map((genotype) => encode(genotype))));
    field.observe(some.map(truth));
    for (const genotype of networks(30, 2)) {
      const column = new FieldColumn(encode(genotype));
      field.extend(column);
      expect(Math.abs(field.mean(column) - truth(genotype))).toBeLessThan(0.6);
    }
    const deviations = [some[0]!, nats.parse('8:64:8:64:8')].map((genotype) => {
      const column = new FieldColumn(encode(genotype));
      field.extend(column);
      return field.deviation(column);
    });
    expect(deviations[0]).toBeLessThan(deviations[1]!);
  });

  it('does not depend on when its rows and columns came', () => {
    const rows = some.map((genotype) => encode(genotype));
    const [atOnce, bit] = [new Field(theta, encoding), new Field(theta, encoding)];
    const [first, second] = networks(2, 3).map((genotype) =>
      encode(genotype),
    ) as Known<Float64Array>;
    const columns = [
      new FieldColumn(first),
      new FieldColumn(second),
      new FieldColumn(first),
      new FieldColumn(second),
    ];
    runAtOnce(atOnce.add(rows));
    for (const row of rows) {
      runAtOnce(bit.add([row]));
      bit.extend(columns[2]!);
    }
    for (const field of [atOnce, bit]) field.observe(some.map(truth));
    atOnce.extend(columns[0]!);
    atOnce.extend(columns[1]!);
    bit.extend(columns[3]!);
    expect(bit.mean(columns[2]!)).toBe(atOnce.mean(columns[0]!));
    expect(bit.deviation(columns[3]!)).toBe(atOnce.deviation(columns[1]!));
  });

  it('extends many columns to the bits of one after the other, whatever their number and lengths', () => {
    const rows = some.map((genotype) => encode(genotype));
    for (const number of [0, 1, 2, 7, 12]) {
      const field = new Field(theta, encoding);
      const features = networks(number, 5).map((genotype) => encode(genotype));
      const [single, together] = [features, features].map((all) =>
        all.map((one) => new FieldColumn(one)),
      ) as Known<FieldColumn[]>;
      let [at, part] = [0, 0];
      for (const to of [0, 3, 17, 18, rows.length]) {
        runAtOnce(field.add(rows.slice(at, to)));
        at = to;
        for (const column of single) field.extend(column);
        // Some fall behind the others, and catch up later.
        const due = together.filter((_, i) => (i + part) % 3 > 0 || to === rows.length);
        part++;
        expect([...field.extendAll(due)].every((work) => work > 0)).toBe(true);
      }
      for (const [i, column] of together.entries()) {
        expect(column.variance).toBe(single[i]!.variance);
        expect([...column.values.slice(0, at)]).toEqual([...single[i]!.values.slice(0, at)]);
      }
    }
  });

  it('believes what has no value yet to come as expected', () => {
    const rows = some.map((genotype) => encode(genotype));
    const [fewer, more] = [new Field(theta, encoding), new Field(theta, encoding)];
    runAtOnce(fewer.add(rows.slice(0, 30)));
    runAtOnce(more.add(rows));
    const known = some.slice(0, 30).map(truth);
    for (const field of [fewer, more]) field.observe(known);
    const [a, b] = [new FieldColumn(rows[35]!), new FieldColumn(rows[35]!)];
    fewer.extend(a);
    more.extend(b);
    expect(more.mean(b)).toBeCloseTo(fewer.mean(a), 9);
    expect(more.deviation(b)).toBeLessThan(fewer.deviation(a));
  });

  it('takes values that are all equal', () => {
    const field = new Field(theta, encoding);
    runAtOnce(field.add(some.map((genotype) => encode(genotype))));
    field.observe(some.map(() => 7));
    const column = new FieldColumn(encode(nats.parse('8:8:8:8:8')));
    field.extend(column);
    expect(field.mean(column)).toBe(7);
    expect(Number.isFinite(field.deviation(column))).toBe(true);
  });

  it('takes the same network over and over', () => {
    const field = new Field(theta, encoding);
    const one = encode(some[0]!);
    runAtOnce(field.add(Array.from({ length: 50 }, () => one)));
    field.observe(Array.from({ length: 50 }, (_, i) => 3 + (i % 2)));
    const column = new FieldColumn(one);
    field.extend(column);
    expect(field.mean(column)).toBeCloseTo(3.5, 2);
  });
});
