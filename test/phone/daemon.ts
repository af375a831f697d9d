/** The process that holds one phone started from a terminal; run.ts starts it and speaks to it. */
import { once } from 'node:events';
import net from 'node:net';
import { reportOf, WorkbenchError } from '../../main/errors.ts';
import { actions } from './actions.ts';
import type { AdbPort } from './adb-server.ts';
import type { ModelName } from './emulator/models.ts';
import { startPhone, type Phone } from './phone.ts';
import { forget, note, socketOf, type Reply, type Request } from './running.ts';

export interface Order {
  readonly model: ModelName;
  readonly serial: string;
  readonly secure: boolean;
  readonly dataBytes: number;
  readonly port: number;
  readonly server: AdbPort;
}

const [wanted] = (await once(process, 'message')) as [Order];
try {
  const phone = await startPhone(wanted);
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('end', () => {
      void serve(socket, JSON.parse(Buffer.concat(parts).toString()) as Request);
    });
  });
  const serve = async (socket: net.Socket, request: Request): Promise<void> => {
    const reply = await answer(phone, request);
    // Whoever stopped it hears so when nothing of it is left.
    if (request.command === 'stop') await end();
    socket.end(JSON.stringify(reply));
  };
  const end = async (): Promise<void> => {
    forget(wanted.serial);
    server.close();
    await phone.stop();
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.once(signal, () => {
      void end().then(() => process.exit());
    });
  }
  server.listen(socketOf(wanted.serial));
  await once(server, 'listening');
  const { serial, address } = phone;
  note({
    ...{ serial, address, model: wanted.model },
    ...{ adbPort: wanted.server.port, pid: process.pid },
  });
  process.send?.({ text: address } satisfies Reply);
} catch (error) {
  forget(wanted.serial);
  process.send?.({ error: reportOf(error) } satisfies Reply);
}
// From here on nobody waits for this process.
process.disconnect();

async function answer(phone: Phone, { command, args }: Request): Promise<Reply> {
  try {
    if (command === 'stop') return { text: 'Off' };
    if (command === 'status') {
      return { text: JSON.stringify({ ...phone.condition, plugged: phone.plugged }) };
    }
    const action = actions[command];
    if (!action) throw new WorkbenchError('usage', `No such command: ${command}`, 'npm run phone');
    return { text: await action.run(phone, args) };
  } catch (error) {
    return { error: reportOf(error) };
  }
}
