/** Entry of the worker that lays the graphs of models out. */
import { layoutGraph, type GraphLayoutRequest } from './graph-layout.ts';

self.onmessage = ({ data }: MessageEvent<GraphLayoutRequest>) => {
  self.postMessage(layoutGraph(data));
};
