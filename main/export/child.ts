/** Entry of the export child. Large networks take seconds, during which the window has to stay responsive. */
import { workOnce } from '../child/one-shot.ts';
import { openHere } from '../task/open-here.ts';
import { exportCandidate } from './export-candidate.ts';
import type { ChildExport, ExportProgress } from './in-child.ts';

workOnce<ChildExport, ExportProgress>(
  ({ info, candidate, standing, candidates, trained, ranges, assetsFolder, ...request }, tell) =>
    exportCandidate({
      ...request,
      calibrating: { open: (choice) => openHere(choice, assetsFolder), ranges },
      run: {
        ...{ info: () => info, candidate: () => candidate, standing: () => standing },
        ...{ candidates: () => candidates, trained: () => trained },
      },
      id: candidate.id,
      onProgress: (file, index, count) => tell({ file, index, count }),
    }),
);
