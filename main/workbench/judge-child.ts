/** Entry of the child that judges a benchmark: models of few networks take minutes, and the window stays free. */
import { workOnce } from '../child/one-shot.ts';
import { judgeBenchmark, type JudgeRequest, type JudgingProgress } from './judge-benchmark.ts';

workOnce<JudgeRequest, JudgingProgress>((request, tell) => judgeBenchmark(request, tell));
