/** Electron's entry: the workbench with children of Electron's own kind, and its window. */
import path from 'node:path';
import { SpacePreviews } from '../space/previews.ts';
import { productVersion } from '../version.ts';
import { Workbench } from '../workbench.ts';
import { startApp } from './app.ts';
import { Reading } from './reading/reading.ts';
import { ShownImages } from './shown-images.ts';
import { utilityProcesses } from './utility-process.ts';
import { workbenchServices } from './workbench-services.ts';

/** The bundler puts every entry and chunk of the main side into this one folder. */
const here = import.meta.dirname;

startApp({
  dist: path.dirname(here),
  createServices: () => {
    const workbench = new Workbench({
      processes: utilityProcesses,
      entries: {
        engine: path.join(here, 'engine-child.js'),
        latency: path.join(here, 'latency-child.js'),
        data: path.join(here, 'data-child.js'),
        adb: path.join(here, 'adb-child.js'),
        guide: path.join(here, 'guide-child.js'),
        judge: path.join(here, 'judge-child.js'),
      },
      assetsFolder: path.join(here, 'assets'),
      productVersion,
    });
    const previews = new SpacePreviews(utilityProcesses, path.join(here, 'preview-child.js'));
    const exporting = {
      processes: utilityProcesses,
      entry: path.join(here, 'export-child.js'),
      convertEntry: path.join(here, 'convert-child.js'),
      assetsFolder: path.join(here, 'assets'),
    };
    const reading = new Reading(utilityProcesses, path.join(here, 'reading-child.js'));
    const shown = new ShownImages({
      processes: utilityProcesses,
      entry: path.join(here, 'shown-images-child.js'),
      assetsFolder: path.join(here, 'assets'),
    });
    return workbenchServices(workbench, productVersion, previews, exporting, reading, shown);
  },
});
