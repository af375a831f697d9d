import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOurPage, pageUrl, servePage } from '../../../main/electron/page.ts';

let root: string;
let folder: string;
beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'zico-page-'));
  folder = path.join(root, 'renderer');
  mkdirSync(path.join(folder, 'assets'), { recursive: true });
  mkdirSync(path.join(root, 'renderer-secret'));
  writeFileSync(path.join(folder, 'index.html'), '<h1>page</h1>');
  writeFileSync(path.join(folder, 'assets', 'a b.js'), '1');
  writeFileSync(path.join(folder, 'notes.txt'), 'not part of the page');
  writeFileSync(path.join(root, 'secret.json'), '{}');
  writeFileSync(path.join(root, 'renderer-secret', 'x.json'), '{}');
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const get = (url: string, method = 'GET'): Promise<Response> =>
  servePage(folder, new Request(url, { method }));

describe('the page’s own scheme', () => {
  it('serves the built files with their type', async () => {
    const html = await get(pageUrl);
    expect(await html.text()).toBe('<h1>page</h1>');
    expect(html.headers.get('content-type')).toContain('text/html');
    expect((await get('workbench://app/assets/a%20b.js')).status).toBe(200);
  });

  it('sends a policy that lets no script and no style in from elsewhere', async () => {
    const policy = (await get(pageUrl)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toMatch(/https?:|\*/);
  });

  it('sends every line of that policy, and says that types are not to be guessed', async () => {
    const { headers } = await get(pageUrl);
    expect(headers.get('content-security-policy')?.split('; ').sort()).toEqual([
      "base-uri 'none'",
      "default-src 'none'",
      "font-src 'self'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self'",
      "script-src 'self'",
      "style-src 'self'",
      "worker-src 'self'",
    ]);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    'workbench://app/../secret.json',
    'workbench://app/%2e%2e/secret.json',
    'workbench://app/%2e%2e%2fsecret.json',
    'workbench://app/..%5csecret.json',
    'workbench://app/%2e%2e%2frenderer-secret%2fx.json',
    'workbench://app/%00',
    'workbench://app/%zz',
    'workbench://app/notes.txt',
    'workbench://app/assets/',
    'workbench://app/missing.js',
    'workbench://elsewhere/index.html',
  ])('has nothing at %s', async (url) => {
    expect((await get(url)).status).toBe(404);
  });

  it('only reads', async () => {
    expect((await get(pageUrl, 'POST')).status).toBe(404);
  });

  it.each([
    'workbench://application/',
    'https://app/',
    'file:///app/index.html',
    'about:blank',
    '',
  ])('does not take %s for its page', (url) => {
    expect(isOurPage(url)).toBe(false);
  });
});
