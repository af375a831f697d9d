import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/narrow.css';
import App from './app/App.svelte';
import { WorkbenchShell } from './app/workbench.svelte.ts';

const target = document.getElementById('app');
if (!target) throw new Error('The page has no #app element.');

const workbench = new WorkbenchShell(window.workbench);
mount(App, { target, props: { workbench } });
