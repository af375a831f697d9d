import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isVirtual, isVirtualMachine } from '../../../main/latency/virtual-machine.ts';

it('is told by the flag that hypervisors set, or by the system', () => {
  expect(isVirtual({ cpuinfo: 'processor\t: 0\nflags\t\t: fpu cx16 hypervisor avx2\n' })).toBe(
    true,
  );
  expect(isVirtual({ cpuinfo: 'model name\t: hypervisor\nflags\t\t: fpu avx2\n' })).toBe(false);
  expect(isVirtual({ hypervisorPresent: '1\n' })).toBe(true);
  expect(isVirtual({ hypervisorPresent: '0\n' })).toBe(false);
});

it('is not claimed where nobody tells', () => {
  expect(isVirtual({})).toBe(false);
  expect(isVirtual({ cpuinfo: null, hypervisorPresent: null })).toBe(false);
});

it.runIf(process.platform === 'linux')('is looked up on this computer', () => {
  const flags = /^flags.*$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[0] ?? '';
  expect(isVirtualMachine()).toBe(flags.split(' ').includes('hypervisor'));
});
