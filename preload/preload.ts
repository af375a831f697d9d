/** Runs in the sandbox before the page does and exposes the bridge as `window.workbench`. */
import { contextBridge, ipcRenderer } from 'electron';
import { createBridge } from './bridge.ts';

contextBridge.exposeInMainWorld('workbench', createBridge(ipcRenderer));
