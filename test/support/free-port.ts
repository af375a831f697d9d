/** Ports of loopback for servers of tests. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';

/**
 * A port that nobody listens on, below those that systems give to clients: of those, a client that tries again and
 * again while its server is gone may get the very port, and then talks to itself.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; ; tries++) {
    const port = randomInt(16_000, 32_000);
    const server = net.createServer();
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening');
    } catch (error) {
      if (tries === 100) throw error;
      continue;
    }
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
