/** Entry of the converting child: calibrating takes seconds to minutes, and checking runs the runtimes in here. */
import { workOnce } from '../../child/one-shot.ts';
import { convert } from './convert.ts';
import type { ConvertProgress, ConvertRequest } from './request.ts';

workOnce<ConvertRequest, ConvertProgress>(convert);
