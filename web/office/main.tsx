import { render } from 'preact';
import { App } from './app.tsx';
import { readLanguage } from './preferences.ts';

readLanguage();
render(<App />, document.getElementById('app')!);
