/** A phone on a round: who holds it, which page, what lies over every page. */
import { useEffect, useState } from 'preact/hooks';
import { onLanguage, say } from '../kit/language.ts';
import { Notice } from '../kit/pieces.tsx';
import { Link, match, useAddress } from '../kit/router.tsx';
import { useEvery } from '../kit/use-load.ts';
import { keepCodes } from './codes.ts';
import { MePage } from './pages/me.tsx';
import { OutboxPage } from './pages/outbox.tsx';
import { RoundPage } from './pages/round.tsx';
import { SheetPage } from './pages/sheet.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { SolvePage } from './pages/solve.tsx';
import { askWhoIAm, isDemo, mayKeepItems, useLine, useOutbox, useSession, useSetup, type Session } from './session.ts';
import { shell } from './texts.ts';

export function App() {
  const session = useSession();
  const [, redraw] = useState(0);
  useEffect(() => onLanguage(() => redraw((count) => count + 1)), []);
  if (session.state === 'asking') return <p class="wait" role="status">{say(shell.loading)}</p>;
  if (session.state === 'out') return <SignInPage />;
  if (session.state === 'unreachable') {
    return (
      <main class="page">
        <Notice kind="warning" alert><p>{say(shell.unreachable)}</p></Notice>
        <button type="button" class="big" onClick={() => void askWhoIAm()}>{say(shell.retry)}</button>
      </main>
    );
  }
  return <Round session={session} />;
}

/** The lists that a sheet needs. */
const codeLists = ['occupation', 'education', 'military_service', 'blood_type', 'relationship_to_head'];
const trySeconds = 20;

function Round({ session }: { session: Extract<Session, { holder: unknown }> }) {
  const { path } = useAddress();
  const line = useLine();
  const setup = useSetup();
  const outbox = useOutbox();
  const { officer_id } = session.holder;
  const waiting = outbox.items.filter((item) => item.officer_id === officer_id).length;
  const attend = (): void => {
    if (!navigator.onLine) return;
    // Whoever went on without a line is asked who he is as soon as there is one.
    if (session.state === 'away') void askWhoIAm();
    else void outbox.send(officer_id);
  };
  useEffect(attend, [line, session.state]);
  useEvery(trySeconds, attend);
  useEffect(() => {
    if (session.state === 'in') void keepCodes(codeLists);
  }, [session.state]);
  useEffect(() => {
    document.getElementById('main')?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [path]);

  if (session.state === 'in' && !mayKeepItems(session.me)) {
    return <Frame line={line} demo={isDemo(setup)} waiting={waiting} path={path}><Notice kind="warning" alert><p>{say(shell.not_yours)}</p></Notice><MePage session={session} /></Frame>;
  }
  return <Frame line={line} demo={isDemo(setup)} waiting={waiting} path={path}><Page path={path} session={session} line={line} /></Frame>;
}

function Page({ path, session, line }: { path: string; session: Extract<Session, { holder: unknown }>; line: boolean }) {
  let parts: Record<string, string> | null;
  if ((parts = match('/field/person/:person_id', path))) return <SheetPage key={parts['person_id']} person_id={parts['person_id']!} session={session} line={line} />;
  if ((parts = match('/field/solve/:id', path))) return <SolvePage key={parts['id']} id={parts['id']!} line={line} />;
  if (match('/field/outbox', path)) return <OutboxPage session={session} line={line} />;
  if (match('/field/me', path)) return <MePage session={session} />;
  return <RoundPage session={session} line={line} />;
}

interface FrameProps {
  line: boolean;
  demo: boolean;
  waiting: number;
  path: string;
  children: preact.ComponentChildren;
}

function Frame({ line, demo, waiting, path, children }: FrameProps) {
  const here = (own: string) => (path === own || (own === '/field/' && /^\/field\/?(person\/.*)?$/.test(path)) || (own === '/field/outbox' && path.startsWith('/field/solve')) ? 'page' as const : undefined);
  return (
    <>
      <header class="bar">
        <strong>{say(shell.short)}</strong>
        {demo ? <span class="demo">{say(shell.demo)}</span> : null}
        <span class={line ? 'line line-on' : 'line line-off'} role="status"><span aria-hidden="true">{line ? '●' : '▲'}</span> {say(line ? shell.online : shell.offline)}</span>
      </header>
      <main id="main" class="page" tabIndex={-1}>{children}</main>
      <nav class="tabs" aria-label={say(shell.navigation)}>
        <Link href="/field/" aria-current={here('/field/')}>{say(shell.round)}</Link>
        <Link href="/field/outbox" aria-current={here('/field/outbox')}>{say(shell.outbox)}{waiting > 0 ? <span class="badge">{waiting}</span> : null}</Link>
        <Link href="/field/me" aria-current={here('/field/me')}>{say(shell.me)}</Link>
      </nav>
    </>
  );
}
