/** Entry of the worker that lays networks out. */
import { layoutNetwork, type LayoutRequest } from './layout.ts';

self.onmessage = ({ data }: MessageEvent<LayoutRequest>) => {
  self.postMessage(layoutNetwork(data));
};
