/** `npm run phone`: emulated phones for a person to try the product with. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { reportOf, WorkbenchError } from '../../main/errors.ts';
import { actions } from './actions.ts';
import { ensureAdbd } from './adbd.ts';
import type { Condition } from './emulator/condition.ts';
import { models, type ModelName } from './emulator/models.ts';
import type { Order } from './daemon.ts';
import { list, logOf, pick, tell, type Reply } from './running.ts';

const { values, positionals } = commandLine();

try {
  await run();
} catch (error) {
  const { message, hint } = reportOf(error);
  console.error(`${message}\n${hint}`);
  process.exitCode = 1;
}

function commandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        model: { type: 'string', default: 'SM-G973F' },
        serial: { type: 'string' },
        secure: { type: 'boolean', default: false },
        storage: { type: 'string', default: '2000' },
        port: { type: 'string', default: '0' },
        all: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    // Its first sentence says which option is wrong.
    console.error(`${reportOf(error).message.split('.')[0]}.\nnpm run phone -- help`);
    process.exit(1);
  }
}

async function run(): Promise<void> {
  const [command = 'help', ...args] = positionals;
  if (command === 'help' || values.help) console.log(help());
  else if (command === 'build') console.log(await ensureAdbd(console.log));
  else if (command === 'start') await start();
  else if (command === 'status') await status();
  else if (command === 'stop') await stop();
  else if (command in actions)
    console.log(await tell(pick(values.serial).serial, { command, args }));
  else throw new WorkbenchError('usage', `No such command: ${command}`, 'npm run phone -- help');
}

async function start(): Promise<void> {
  const { model, secure } = values;
  if (!(model in models)) {
    throw new WorkbenchError(
      'usage',
      `There is no model ${model}.`,
      `There are ${Object.keys(models).join(' and ')}.`,
    );
  }
  const serial = values.serial ?? freeSerial();
  if (!/^[A-Za-z0-9]{4,32}$/.test(serial)) {
    throw new WorkbenchError(
      'usage',
      `${serial} is no serial number.`,
      'Letters and digits, 4 to 32.',
    );
  }
  if (list().some((phone) => phone.serial === serial)) {
    throw new WorkbenchError(
      'usage',
      `The phone ${serial} is on already.`,
      'Give the new one another --serial, or stop this one.',
    );
  }
  await ensureAdbd(tellOfBuild());
  const adbPort = Number(process.env['ANDROID_ADB_SERVER_PORT'] ?? 5037);
  await startPersonsServer();
  const address = await hold({
    ...{ model: model as ModelName, serial, secure },
    dataBytes: positive('--storage', values.storage) * 1e6,
    port: Number(values.port),
    server: { port: adbPort, home: os.homedir() },
  });
  console.log(welcome(serial, address, adbPort, secure));
}

/** Says once that adbd is being built; a build that has nothing to do only prints a path. */
function tellOfBuild(): (line: string) => void {
  let told = false;
  return (line) => {
    if (told || line.startsWith('/')) return;
    told = true;
    console.log('adbd is built, once: about two minutes.');
  };
}

/** The first of R58M00E0001, ... that is not on. */
function freeSerial(): string {
  const taken = new Set(list().map((phone) => phone.serial));
  for (let number = 1; ; number++) {
    const serial = `R58M00E${String(number).padStart(4, '0')}`;
    if (!taken.has(serial)) return serial;
  }
}

/** The server that the person's own adb, and the product, speak to. */
async function startPersonsServer(): Promise<void> {
  const child = spawn('adb', ['start-server'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) {
    throw new WorkbenchError(
      'emulator-adb-server',
      'The adb server did not start.',
      'Try `adb start-server`: it says why.',
    );
  }
}

/** Starts the process that holds the phone, which outlives this one. */
async function hold(order: Order): Promise<string> {
  const log = openSync(logOf(order.serial), 'w');
  const daemon = spawn(process.execPath, [path.join(import.meta.dirname, 'daemon.ts')], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  daemon.send(order);
  const reply = await Promise.race([
    once(daemon, 'message').then(([message]) => message as Reply),
    once(daemon, 'exit').then(() => undefined),
  ]);
  if (reply === undefined) {
    throw new WorkbenchError(
      'emulator-gone',
      `The phone ended before it was on: ${readFileSync(logOf(order.serial), 'utf8').trim()}`,
      `Its log: ${logOf(order.serial)}`,
    );
  }
  daemon.unref();
  if (daemon.connected) daemon.disconnect();
  if ('error' in reply) throw WorkbenchError.fromReport(reply.error);
  return reply.text;
}

async function status(): Promise<void> {
  const phones = values.serial === undefined ? list() : [pick(values.serial)];
  const rows = await Promise.all(
    phones.map(async (phone) => ({
      ...phone,
      ...(JSON.parse(await tell(phone.serial, { command: 'status', args: [] })) as Condition & {
        plugged: boolean;
      }),
    })),
  );
  if (values.json) {
    console.log(JSON.stringify(rows));
    return;
  }
  if (rows.length === 0) console.log('No phone is on. Start one: npm run phone -- start');
  for (const row of rows) {
    console.log(
      `${row.serial}  ${row.model}  adb -s ${row.address}  ${row.plugged ? 'plugged in' : 'unplugged'}  ` +
        `${row.celsius} °C, status ${row.thermalStatus}  battery ${row.batteryLevel} %  screen ${row.screen}  ` +
        `${row.khz.map((khz) => khz / 1000).join('/')} MHz`,
    );
  }
}

async function stop(): Promise<void> {
  const phones = values.all ? list() : [pick(values.serial)];
  for (const phone of phones) {
    await tell(phone.serial, { command: 'stop', args: [] });
    console.log(`${phone.serial} is off.`);
  }
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1e6) return value;
  throw new WorkbenchError('usage', `${option} ${text} does not fit.`, 'It takes megabytes.');
}

function welcome(serial: string, address: string, adbPort: number, secure: boolean): string {
  const server = adbPort === 5037 ? '' : `ANDROID_ADB_SERVER_PORT=${adbPort} `;
  return [
    `${serial} is on and plugged in: adb calls it ${address}.`,
    '',
    `  ${server}adb -s ${address} shell getprop ro.product.model`,
    ...(secure ? [`  npm run phone -- allow --serial ${serial}`] : []),
    `  npm run phone -- heat --serial ${serial}`,
    `  npm run phone -- stop --serial ${serial}`,
    '',
    `Whatever uses the adb server of port ${adbPort} sees it as it would see a phone.`,
    'After the adb server was restarted, plug it in again: npm run phone -- plug',
    'It is no phone: its latencies mean nothing.',
  ].join('\n');
}

function help(): string {
  const row = (usage: string, text: string): string => `  ${usage.padEnd(40)} ${text}`;
  return [
    'An emulated Galaxy S10, to try the product with. Its latencies mean nothing.',
    '',
    'npm run phone -- COMMAND [--serial SERIAL]',
    '',
    row('start', 'make one, turn it on, plug it into the adb server of'),
    row('', 'ANDROID_ADB_SERVER_PORT (5037 unless set); with'),
    row('    --model SM-G973F|SM-G973U', 'Exynos 9820 or Snapdragon 855'),
    row('    --secure', 'ask for authorisation first (see allow)'),
    row('    --storage MB', 'room in /data/local/tmp, 2000 unless told'),
    row('    --port PORT', 'the port adb connects to, a free one unless told'),
    row('status [--json]', 'which are on, and how they are'),
    row('stop [--all]', 'turn it off; nothing of it is left'),
    row('build', 'only build adbd into the cache'),
    '',
    ...Object.entries(actions).map(([name, action]) => row(`${name} ${action.usage}`, action.help)),
  ].join('\n');
}
