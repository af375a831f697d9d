/** `node test/runtime/fetch.ts`: fetches the Electron for tests ahead of time. */
import { electronRuntime } from './electron.ts';

console.log(await electronRuntime((line) => console.error(line)));
