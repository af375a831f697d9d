/** Whether this computer is a virtual machine, as far as its system says so. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a platform says of itself; null where nothing can be read. */
export interface Saying {
  /** Linux: /proc/cpuinfo. */
  readonly cpuinfo?: string | null;
  /** macOS: sysctl kern.hv_vmm_present. */
  readonly hypervisorPresent?: string | null;
}

/** False as well where the system does not tell, as Windows does not cheaply. Pure. */
export function isVirtual({ cpuinfo, hypervisorPresent }: Saying): boolean {
  // Arm's processors have no such flag, x86's have it by convention of all hypervisors (CPUID 1, ECX bit 31).
  return (
    /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo ?? '') || (hypervisorPresent ?? '').trim() === '1'
  );
}

let known: boolean | null = null;

/** The same for this computer; it is looked at once. */
export function isVirtualMachine(): boolean {
  return (known ??= isVirtual(sayingOfThisComputer()));
}

function sayingOfThisComputer(): Saying {
  try {
    if (process.platform === 'linux') return { cpuinfo: readFileSync('/proc/cpuinfo', 'utf8') };
    if (process.platform !== 'darwin') return {};
    const asked = ['-n', 'kern.hv_vmm_present'];
    const options = { encoding: 'utf8', timeout: 2000, stdio: 'pipe' } as const;
    return { hypervisorPresent: execFileSync('/usr/sbin/sysctl', asked, options) };
  } catch {
    return {}; // a sandbox, or a system too old to know
  }
}
