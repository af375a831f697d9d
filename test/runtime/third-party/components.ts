/** What a package carries that is no npm package: libraries of the system, of phones, and data. */
import { existsSync, globSync } from 'node:fs';
import path from 'node:path';

export interface Component {
  readonly name: string;
  /** SPDX expression, or words where there is no licence. */
  readonly license: string;
  /** Where it comes from, and whose it is. */
  readonly about: string;
  /** Files of texts/, or of the repository where the path has a slash. */
  readonly texts: readonly string[];
  /** Globs of what it is under the repository's root: a build carries the component where one is there. */
  readonly files: readonly string[];
}

export const components: readonly Component[] = [
  {
    name: 'oneDNN',
    license: 'Apache-2.0 AND BSD-3-Clause',
    about: 'libdnnl, Copyright 2016-2022 Intel Corporation and others; beside the onednn engine.',
    texts: ['oneDNN.txt', 'Apache-2.0.txt'],
    files: ['dist/native/libdnnl*', 'node_modules/@zico-workbench/engine-*/lib/libdnnl*'],
  },
  {
    name: 'GNU OpenMP (libgomp)',
    license: 'GPL-3.0-or-later WITH GCC-exception-3.1',
    about:
      'Copyright Free Software Foundation; beside the onednn engine. Source: the package gcc-12.',
    texts: ['GCC-exception-3.1.txt', 'GPL-3.0.txt'],
    files: ['dist/native/libgomp*', 'node_modules/@zico-workbench/engine-*/lib/libgomp*'],
  },
  {
    name: 'OpenCL ICD loader (ocl-icd)',
    license: 'BSD-2-Clause',
    about: 'Copyright Brice Videau and Vincent Danjean; oneDNN is linked with it.',
    texts: ['ocl-icd.txt'],
    files: ['dist/native/libOpenCL*', 'node_modules/@zico-workbench/engine-*/lib/libOpenCL*'],
  },
  {
    name: 'GNU C library for arm64 phones',
    license: 'LGPL-2.1-or-later',
    about:
      'Copyright Free Software Foundation; goes to phones with the glibc runner. Source: the package glibc.',
    texts: ['LGPL-2.1.txt'],
    files: ['dist/runner/*/libc.so*'],
  },
  {
    name: 'GNU C++ library for arm64 phones',
    license: 'GPL-3.0-or-later WITH GCC-exception-3.1',
    about:
      'libstdc++ and libgcc_s, Copyright Free Software Foundation. Source: the package gcc-12.',
    texts: ['GCC-exception-3.1.txt', 'GPL-3.0.txt'],
    files: ['dist/runner/*/libstdc++*'],
  },
  {
    name: 'ONNX Runtime for phones',
    license: 'MIT',
    about: 'Copyright (c) Microsoft Corporation; goes to phones with the runners.',
    texts: ['MIT.txt'],
    files: ['dist/runner/*/libonnxruntime.so'],
  },
  {
    name: 'TensorFlow Lite',
    license: 'Apache-2.0',
    about:
      'C library 2.9.0, Copyright The TensorFlow Authors; out of the npm package tfjs-tflite-node.',
    texts: ['Apache-2.0.txt'],
    files: ['dist/tflite/*tensorflowlite_c*', 'dist/runner/tflite/libtensorflowlite_c.so'],
  },
  {
    name: 'CIFAR-10, 256 test images',
    license: 'published for research without a formal licence',
    about: 'Alex Krizhevsky, 2009. The MIT licence of the product does not cover these images.',
    texts: ['main/assets/README.md'],
    files: ['dist/main/assets/cifar10-test-256.bin'],
  },
  {
    name: 'BCCD, 40 photographs of blood cells',
    license: 'MIT',
    about: 'Copyright (c) 2017 shenggan.',
    texts: ['main/assets/README.md'],
    files: ['dist/main/assets/bccd/*.xml'],
  },
  {
    name: 'NATS-Bench accuracies',
    license: 'MIT',
    about: 'Test accuracies of the size space after 90 epochs.',
    texts: ['main/assets/nats-sss-table/README.md'],
    files: ['dist/main/assets/nats-sss-table/*'],
  },
  {
    name: 'NAS-Bench-201 accuracies',
    license: 'MIT',
    about: 'Validation accuracies of the topology space after 200 epochs.',
    texts: ['main/assets/nas-bench-201-table/README.md'],
    files: ['dist/main/assets/nas-bench-201-table/*'],
  },
];

/** The text of one of a component's `texts`. */
export function textFile(root: string, name: string): string {
  return name.includes('/')
    ? path.join(root, name)
    : path.join(root, 'test/runtime/third-party/texts', name);
}

/** Those that a build under `root` carries. */
export function carried(root: string): Component[] {
  return components.filter(({ files }) =>
    files.some((file) =>
      file.includes('*')
        ? globSync(file, { cwd: root }).length > 0
        : existsSync(path.join(root, file)),
    ),
  );
}
