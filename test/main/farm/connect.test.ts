import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FarmAccess } from '../../../main/farm/address.ts';
import type { WorkbenchError } from '../../../main/errors.ts';
import { clockWarning, openFarm } from '../../../main/farm/connect.ts';
import { freePort } from '../../support/free-port.ts';
import { redisServer, TestRedis } from '../../support/redis.ts';
import { access } from './farm-work.ts';

const servers: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function redis(...options: string[]): Promise<TestRedis> {
  const server = await TestRedis.start(...options);
  servers.push(server);
  return server;
}

const refused = (asked: FarmAccess, connectMs?: number) =>
  openFarm(asked, connectMs).then(
    async (farm) => {
      await farm.close();
      return { code: 'taken', message: '' };
    },
    (error: unknown) => error as WorkbenchError,
  );
const refusal = async (asked: FarmAccess, connectMs?: number) =>
  (await refused(asked, connectMs)).code;

/** The port of a server of connections. */
async function listening(onSocket: (socket: net.Socket) => void): Promise<number> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  servers.push({ stop: () => new Promise((resolve) => server.close(() => resolve())) });
  return port;
}

/** Answers each command as told; HELLO and the rest of a handshake as an old Redis would. */
async function pretender(answer: (command: string) => string, closes = false): Promise<string> {
  const port = await listening((socket) => {
    if (closes) return void socket.resume().end(answer(''));
    socket.on('data', (data) => {
      const commands = data
        .toString()
        .split(/\*\d+\r\n/)
        .filter((one) => one !== '');
      // A command is a list, or a line as people type it.
      for (const one of commands) {
        const [first = '', second = first] = one.split('\r\n');
        socket.write(answer((first.startsWith('$') ? second : first).toLowerCase()));
      }
    });
  });
  return `redis://127.0.0.1:${port}`;
}

describe.skipIf(redisServer === null)('a farm is looked at before it is used', () => {
  it('is taken where all is well', async () => {
    const { url } = await redis();
    const farm = await openFarm(access(url));
    expect(Math.abs(farm.clockOffsetMs)).toBeLessThan(2000);
    expect(clockWarning(farm)).toBeNull();
    await farm.close();
  });

  it('asks for a password, and names a wrong one', async () => {
    const { url } = await redis('--requirepass', 'correct horse');
    expect(await refusal(access(url))).toBe('farm-password-needed');
    expect(await refusal(access(url, { password: 'battery' }))).toBe('farm-password-wrong');
    expect(await refusal(access(url, { password: 'correct horse' }))).toBe('taken');
  });

  it('refuses one that throws data away', async () => {
    const { url } = await redis('--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru');
    expect(await refusal(access(url))).toBe('farm-redis-evicts');
  });

  it('names one that is full', async () => {
    const { url } = await redis('--maxmemory', '1');
    expect(await refusal(access(url))).toBe('farm-full');
  });

  it('names a user that may not do what is needed', async () => {
    const { url } = await redis(
      ...'--user reader on >secret ~* +ping +info +select +client'.split(' '),
    );
    const named = access(url.replace('redis://', 'redis://reader@'), { password: 'secret' });
    expect(await refusal(named)).toBe('farm-not-permitted');
  });

  it('names a database that is not there, where a client would take another one', async () => {
    const { url } = await redis('--databases', '2');
    expect(await refusal(access(`${url}/1`))).toBe('taken');
    expect(await refusal(access(`${url}/2`))).toBe('farm-no-database');
  });

  it('asks for the password of a user who was named without one', async () => {
    const { url } = await redis(...'--user zico on >secret ~* +@all'.split(' '));
    expect(await refusal(access(url.replace('redis://', 'redis://zico@')))).toBe(
      'farm-password-needed',
    );
  });

  it('names a copy, a member of a cluster, and one that waits for its copies', async () => {
    const { port } = await redis();
    const copy = await redis('--replicaof', '127.0.0.1', String(port));
    expect(await refusal(access(copy.url))).toBe('farm-read-only');
    const waiting = await redis('--min-replicas-to-write', '1');
    expect(await refusal(access(waiting.url))).toBe('farm-read-only');
    const member = await redis('--cluster-enabled', 'yes');
    expect(await refusal(access(member.url))).toBe('farm-redis-mode');
  });

  it('names protected mode, and a server that has too many clients', async () => {
    const closing = (said: string) => pretender(() => `${said}\r\n`, true);
    expect(await refusal(access(await closing('-DENIED Redis is running in protected mode')))).toBe(
      'farm-protected',
    );
    expect(await refusal(access(await closing('-ERR max number of clients reached')))).toBe(
      'farm-redis-refuses',
    );
  });

  it('names one that another version set up', async () => {
    const { url } = await redis();
    const other = new Redis(url);
    await other.set('zico:format', '1');
    other.disconnect();
    expect(await refusal(access(url))).toBe('farm-other-version');
  });

  it('names one that is not there', async () => {
    expect(await refusal(access(`redis://127.0.0.1:${await freePort()}`))).toBe('farm-unreachable');
  });

  it('names TLS that is not there', async () => {
    const { port } = await redis();
    // The server says nothing to what it takes for the beginning of a command.
    expect(await refusal(access(`rediss://127.0.0.1:${port}`), 2000)).toBe('farm-no-tls');
  });

  it('refuses an old one', async () => {
    const info = 'redis_version:5.0.14\r\nmaxmemory_policy:noeviction\r\nloading:0\r\n';
    const url = await pretender((command) =>
      command === 'info'
        ? `$${info.length}\r\n${info}\r\n`
        : command === 'hello'
          ? "-ERR unknown command 'HELLO'\r\n"
          : command === 'ping'
            ? '+PONG\r\n'
            : '+OK\r\n',
    );
    expect(await refusal(access(url))).toBe('farm-redis-too-old');
  });

  it('names what is no Redis at all', async () => {
    const url = await pretender(() => 'HTTP/1.1 400 Bad Request\r\n\r\n');
    expect(await refusal(access(url))).toBe('farm-unreachable');
  });

  it('says what failed where the Redis answers when it is looked at', async () => {
    const port = await listening((socket) =>
      socket.on('data', (data) => {
        if (data.toString() === 'PING\r\n') socket.write('+PONG\r\n');
        else socket.destroy();
      }),
    );
    const { code, message } = await refused(access(`redis://127.0.0.1:${port}`));
    expect(code).toBe('farm-unreachable');
    expect(message).toMatch(/does not answer: .*clos/);
  });

  it('says by how much a clock is wrong', () => {
    expect(clockWarning({ clockOffsetMs: 3 * 3600_000 })).toMatch(/3 hours behind/);
    expect(clockWarning({ clockOffsetMs: -600_000 })).toMatch(/10 minutes ahead of/);
  });
});

describe.skipIf(redisServer === null)('a farm with TLS', () => {
  let folder: string;
  const file = (name: string) => path.join(folder, name);
  /** Quickly made on a busy computer. */
  const ownKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'zico-tls-'));
    const ca = ['-x509', ...ownKey, '-nodes', '-days', '2'];
    openssl(
      'req',
      ...ca,
      '-subj',
      '/CN=Farm test',
      '-keyout',
      file('ca.key'),
      '-out',
      file('ca.pem'),
    );
    const own = 'DNS:localhost,IP:127.0.0.1';
    const leaf = (name: string, host: string, days: string): void => {
      const asked = [...ownKey, '-nodes', '-subj', '/CN=localhost'];
      const hosts = ['-addext', `subjectAltName=${host}`];
      openssl('req', ...asked, ...hosts, '-keyout', file(`${name}.key`), '-out', file('csr'));
      const signer = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial'];
      const kept = ['-days', days, '-copy_extensions', 'copy'];
      openssl('x509', '-req', '-in', file('csr'), ...signer, ...kept, '-out', file(`${name}.pem`));
    };
    leaf('server', own, '2');
    leaf('client', own, '2');
    leaf('elsewhere', 'DNS:farm.example.org', '2');
    leaf('expired', own, '-1');
    const self = ['-x509', ...ownKey, '-nodes', '-days', '2', '-subj', '/CN=other'];
    openssl('req', ...self, '-keyout', file('other.key'), '-out', file('other.pem'));
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const tls = async (name: string, ...options: string[]) => {
    const port = await freePort();
    const own = [
      '--tls-cert-file',
      file(`${name}.pem`),
      '--tls-key-file',
      file(`${name}.key`),
      '--tls-ca-cert-file',
      file('ca.pem'),
    ];
    await redis('--tls-port', String(port), ...own, ...options);
    return `rediss://localhost:${port}`;
  };
  const pem = (name: string) => readFileSync(file(name), 'utf8');

  it('is taken with the certificate of who signed, and refused without', async () => {
    const url = await tls('server', '--tls-auth-clients', 'no');
    expect(await refusal(access(url, { ca: pem('ca.pem') }))).toBe('taken');
    expect(await refusal(access(url))).toBe('farm-certificate');
    const plain = url.replace('rediss', 'redis');
    expect(await refusal(access(plain))).toBe('farm-tls-needed');
  });

  it('is refused where its certificate is for another host, or for another time', async () => {
    const ca = pem('ca.pem');
    const other = await tls('elsewhere', '--tls-auth-clients', 'no');
    expect(await refusal(access(other, { ca }))).toBe('farm-certificate-name');
    const old = await tls('expired', '--tls-auth-clients', 'no');
    expect(await refusal(access(old, { ca }))).toBe('farm-certificate-date');
  });

  it('takes a certificate of one’s own where it asks for one', async () => {
    const url = await tls('server');
    const ca = pem('ca.pem');
    const own = { ca, certificate: pem('client.pem'), key: pem('client.key') };
    expect(await refusal(access(url, own))).toBe('taken');
    const asked = await refused(access(url, { ca }));
    expect(asked.code).toBe('farm-certificate-asked');
    expect(asked.message).toMatch(/by its certificate: certificate required\.$/);
    const ofOthers = { ca, certificate: pem('other.pem'), key: pem('other.key') };
    const others = await refused(access(url, ofOthers));
    expect(others.code).toBe('farm-certificate-asked');
    expect(others.message).toMatch(/by its certificate: unknown ca\.$/);
    expect(await refusal(access(url.replace('rediss', 'redis')))).toBe('farm-tls-needed');
  });

  it('is told from none where both sides agree on no handshake', async () => {
    const url = await tls('server', '--tls-protocols', 'TLSv1.2');
    const { code, message } = await refused(access(url, { ca: pem('ca.pem') }));
    expect(code).toBe('farm-unreachable');
    expect(message).toMatch(/ends the TLS handshake: handshake failure\.$/);
    expect(await refusal(access(url.replace('rediss', 'redis')))).toBe('farm-tls-needed');
  });

  it('is told from another program that speaks TLS', async () => {
    const answer = 'HTTP/1.1 400 Bad Request\r\n\r\n';
    const secureContext = createSecureContext({ cert: pem('server.pem'), key: pem('server.key') });
    const port = await listening((socket) =>
      socket.once('data', (data) => {
        if (data[0] !== 0x16) return void socket.end(answer);
        socket.pause();
        socket.unshift(data);
        const secure = new TLSSocket(socket, { isServer: true, secureContext });
        secure.on('error', () => undefined).on('data', () => secure.write(answer));
      }),
    );
    const asked = access(`rediss://localhost:${port}`, { ca: pem('ca.pem') });
    const { code, message } = await refused(asked);
    expect(code).toBe('farm-unreachable');
    expect(message).toMatch(/is no Redis/);
  });
});
