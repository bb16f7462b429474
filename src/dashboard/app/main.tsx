import { render } from 'preact';
import { Page } from './page.tsx';
import './styles/base.css';
import './styles/controls.css';
import './styles/panel.css';
import './styles/numbers.css';

const root = document.getElementById('page');
if (root) render(<Page />, root);
