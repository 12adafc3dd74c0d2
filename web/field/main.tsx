import { render } from 'preact';
import { readLanguage } from '../office/preferences.ts';
import { App } from './app.tsx';
import { askWhoIAm, openPhone } from './session.ts';

readLanguage();
if ('serviceWorker' in navigator) void navigator.serviceWorker.register('/field/worker.js', { scope: '/field/' }).catch(() => {});
void openPhone().then(() => {
  render(<App />, document.getElementById('app')!);
  return askWhoIAm();
});
