import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { farmAddress, isLoopback } from '../../../main/farm/address.ts';

const codeOf = (text: string, insecure = false): string => {
  try {
    farmAddress(text, insecure);
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('the address of a farm', () => {
  it('has host, port, database and user', () => {
    expect(farmAddress('rediss://zico@farm.example.org:6380/2', false)).toEqual({
      url: 'rediss://zico@farm.example.org:6380/2',
      ...{ host: 'farm.example.org', port: 6380, database: 2, user: 'zico', tls: true },
    });
    expect(farmAddress('redis://localhost', false)).toMatchObject({
      port: 6379,
      database: 0,
      user: null,
    });
    expect(farmAddress('redis://[::1]:7000', false)).toMatchObject({ host: '::1', port: 7000 });
  });

  it.each([
    ['farm.example.org', 'farm-url'],
    ['http://farm.example.org', 'farm-url'],
    ['redis://127.0.0.1/x', 'farm-url'],
    ['redis://127.0.0.1?password=hidden', 'farm-url'],
    ['redis://', 'farm-url'],
    ['redis://:secret@127.0.0.1', 'farm-password-in-url'],
    ['rediss://zico:secret@farm.example.org', 'farm-password-in-url'],
    ['redis://farm.example.org', 'farm-not-encrypted'],
    ['redis://192.168.1.4:6379', 'farm-not-encrypted'],
    ['redis://127.0.0.1.example.org', 'farm-not-encrypted'],
  ])('%s is %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('may be unencrypted elsewhere where a person says so', () => {
    expect(codeOf('redis://192.168.1.4:6379', true)).toBe('taken');
    expect(codeOf('redis://:secret@192.168.1.4', true)).toBe('farm-password-in-url');
  });

  it('never repeats a password', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9]{6,20}$/),
        fc.constantFrom('redis', 'rediss', 'http', 'redis '),
        (secret, scheme) => {
          try {
            farmAddress(`${scheme}://user:${secret}@farm.example.org:1`, false);
            return false;
          } catch (error) {
            const { message, hint } = error as { message: string; hint: string };
            return !`${message} ${hint}`.includes(secret);
          }
        },
      ),
    );
  });

  it('knows what stays on this computer', () => {
    expect(['127.0.0.1', '127.3.2.1', '::1', 'localhost'].every(isLoopback)).toBe(true);
    expect(['128.0.0.1', '10.0.0.1', '::2', 'localhost.example.org'].some(isLoopback)).toBe(false);
  });
});

describe('what is no address', () => {
  it.each([
    'redis://127.0.0.1:6379?password=hunter2',
    'redis://127.0.0.1:6379#hunter2',
    'redis://zico:hunter2@127.0.0.1:x',
  ])('%s is refused without the password that it may hold', (text) => {
    expect(() => farmAddress(text, false)).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('hunter2') as string,
      }) as Error,
    );
  });
});
