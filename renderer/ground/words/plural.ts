export { plural } from '../../../main/common/figures.ts';
