import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultProxy } from './fault-proxy.ts';

/** Answers with what it was told. */
let echo: net.Server;
let proxy: FaultProxy;
const clients: net.Socket[] = [];

beforeEach(async () => {
  echo = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await FaultProxy.listen({ port: (echo.address() as net.AddressInfo).port });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.close();
  echo.close();
});

/** A connection through the proxy, and all that came back over it. */
async function connect(): Promise<{ socket: net.Socket; heard: () => Buffer }> {
  const socket = net.connect(proxy.port, '127.0.0.1');
  clients.push(socket);
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return { socket, heard: () => Buffer.concat(parts) };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !condition(); tries++) await sleep(10);
  expect(condition()).toBe(true);
}

describe('a cable', () => {
  it('passes bytes both ways, in order and all of them', async () => {
    const { socket, heard } = await connect();
    const sent = Buffer.alloc(3_000_000, 'abcdefghijk');
    socket.write(sent);
    await until(() => heard().length >= sent.length);
    expect(heard().equals(sent)).toBe(true);
  });

  it('breaks connections when it is cut, and lets none live until it is restored', async () => {
    const { socket } = await connect();
    const closed = once(socket, 'close');
    proxy.cut();
    await closed;
    const second = await connect();
    await once(second.socket, 'close');
    proxy.restore();
    const third = await connect();
    third.socket.write('hello');
    await until(() => third.heard().toString() === 'hello');
  });

  it('holds everything back while it stalls, keeps the connection, and loses nothing', async () => {
    const { socket, heard } = await connect();
    proxy.stall();
    socket.write('one ');
    await sleep(150);
    expect(heard().length).toBe(0);
    expect(socket.destroyed).toBe(false);
    socket.write('two');
    proxy.restore();
    await until(() => heard().toString() === 'one two');
  });

  it('can be cut while it stalls', async () => {
    const { socket } = await connect();
    proxy.stall();
    socket.write('never');
    await sleep(50);
    const closed = once(socket, 'close');
    proxy.cut();
    await closed;
  });

  it('is as slow as it is told', async () => {
    const { socket, heard } = await connect();
    const bytes = 400_000;
    proxy.throttle(1_000_000);
    const startedMs = performance.now();
    socket.write(Buffer.alloc(bytes));
    await until(() => heard().length >= bytes);
    // 0.4 s there, and the way back overlaps with it; a free cable takes a few milliseconds.
    expect(performance.now() - startedMs).toBeGreaterThan(390);
  });

  it('ends for one side when the other side goes', async () => {
    const { socket } = await connect();
    socket.write('x');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    socket.end();
    await closed;
  });

  it('ends for its users when the phone is not there', async () => {
    const gone = await FaultProxy.listen({ path: '/nowhere/adbd.socket' });
    const socket = net.connect(gone.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'close');
    await gone.close();
  });
});
