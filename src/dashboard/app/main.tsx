import { render } from 'preact';
import './styles/base.css';
import './styles/controls.css';
import './styles/bar.css';
import './styles/panel.css';
import './styles/numbers.css';
import './styles/kpis.css';
import './styles/drawer.css';
import './styles/attention.css';
import './styles/help.css';
import './styles/connect.css';
import './styles/explore.css';
import './styles/second-screen.css';
import { learn } from './words/language.ts';

await learn();
const { Page } = await import('./page.tsx');
const root = document.getElementById('page');
if (root) render(<Page />, root);
