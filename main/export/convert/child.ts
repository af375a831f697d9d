/** Entry of the converting child: calibrating takes seconds to minutes, and runtimes run in it. */
import { workOnce } from '../../child/one-shot.ts';
import { convert, type ConvertProgress, type ConvertRequest } from './convert.ts';

workOnce<ConvertRequest, ConvertProgress>(convert);
