/** Entry of the converting child: calibrating takes seconds to minutes, and checking runs the runtimes in here. */
import { workOnce } from '../../child/one-shot.ts';
import { convert, type ConvertProgress, type ConvertRequest } from './convert.ts';

workOnce<ConvertRequest, ConvertProgress>(convert);
