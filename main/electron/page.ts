/**
 * Serves the built page under its own scheme. A page from file:// would share its origin with every file on the
 * computer; this one has an origin of its own, and headers, which a strict content security policy needs.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export const scheme = 'workbench';
const origin = `${scheme}://app`;
export const pageUrl = `${origin}/index.html`;

export function isOurPage(url: string): boolean {
  return url.startsWith(`${origin}/`);
}

/**
 * Everything comes from the built page and nothing leaves it: no remote host, no inline script or style, no
 * eval, no frame, no form target, no request of its own.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Answers a request of the page with a file below `folder`, and with nothing else. */
export async function servePage(folder: string, request: Request): Promise<Response> {
  const file = fileInside(folder, request.url);
  const type = file && contentTypes[path.extname(file)];
  if (request.method !== 'GET' || !file || !type) return notFound();
  try {
    const headers = {
      'content-type': type,
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
    };
    return new Response(new Uint8Array(await readFile(file)), { headers });
  } catch {
    return notFound(); // a missing file and an unreadable one are the same to the page
  }
}

/** The file that a URL names, or null where it leads out of the folder. */
function fileInside(folder: string, url: string): string | null {
  if (!isOurPage(url)) return null;
  let name: string;
  try {
    name = decodeURIComponent(new URL(url).pathname);
  } catch {
    return null;
  }
  const root = path.resolve(folder);
  const file = path.resolve(root, `.${name}`);
  return file.startsWith(root + path.sep) ? file : null;
}

function notFound(): Response {
  return new Response('Not found', { status: 404, headers: { 'content-type': 'text/plain' } });
}
