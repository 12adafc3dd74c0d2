/** The workstation: who sits here, which screen is shown, and what lies over every screen. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { contract as accounts } from '../../src/modules/accounts/contract.ts';
import { contract as cases } from '../../src/modules/cases/contract.ts';
import { useKeys } from '../kit/keyboard.ts';
import { language, onLanguage, say } from '../kit/language.ts';
import { KeyCap, Loading } from '../kit/pieces.tsx';
import { go, Link, match, useAddress } from '../kit/router.tsx';
import { useEvery } from '../kit/use-load.ts';
import { Announcer } from './announce.tsx';
import { Help } from './help.tsx';
import { usePresence } from './idle.ts';
import { globalKeys, screens, type ScreenName } from './keys.ts';
import { IdleWarning, LockScreen } from './lock-screen.tsx';
import { CounterPage } from './pages/counter.tsx';
import { CoverPage } from './pages/cover.tsx';
import { ExchangePage } from './pages/exchange.tsx';
import { HouseholdPage } from './pages/household.tsx';
import { MessagesPage } from './pages/messages.tsx';
import { PapersPage } from './pages/papers.tsx';
import { PersonPage } from './pages/person.tsx';
import { PostPage } from './pages/post.tsx';
import { QueuePage } from './pages/queue.tsx';
import { RechecksPage } from './pages/rechecks.tsx';
import { ReviewPage } from './pages/review.tsx';
import { SearchPage } from './pages/search.tsx';
import { SignInDialog, SignInPage } from './pages/sign-in.tsx';
import { TimelinePage } from './pages/timeline.tsx';
import { Palette } from './palette.tsx';
import { places } from './places.ts';
import { chooseLanguage } from './preferences.ts';
import { askWhoIAm, call, lock, may, useSession, type Me, type Session } from './session.ts';
import { useSetup } from './setup.ts';
import { shell } from './texts.ts';

export function App() {
  const session = useSession();
  const setup = useSetup();
  const [, redraw] = useState(0);
  useEffect(() => onLanguage(() => redraw((count) => count + 1)), []);
  useEffect(() => {
    void askWhoIAm();
  }, []);
  useEffect(() => {
    document.body.classList.toggle('demo', setup?.demo === true);
  }, [setup?.demo]);

  return (
    <>
      {session.state === 'asking' ? <Loading /> : session.state === 'out' ? <SignInPage error={session.error} /> : <Workstation session={session} />}
      <Announcer />
      {setup?.demo === true ? <div class="demo-frame" aria-hidden="true" /> : null}
    </>
  );
}

type Overlay = 'palette' | 'help' | null;

function Workstation({ session }: { session: Extract<Session, { me: Me }> }) {
  const { me } = session;
  const setup = useSetup();
  const { path } = useAddress();
  const [overlay, setOverlay] = useState<Overlay>(null);
  const unread = useUnread(may(session, 'cases.read_messages') && session.state === 'in');
  const presence = usePresence(me.idle_minutes, lock, () => void call(accounts.me, {}).catch(() => {}));
  const screen = screenOf(path);
  const away = session.state !== 'in';

  useKeys(globalKeys, { palette: () => setOverlay('palette'), lock, help: () => setOverlay('help') }, { off: away });
  useFreshStart(path);
  const title = screen === undefined ? path === '/me' ? say(shell.post) : say(shell.product) : say(screens[screen].title);
  useEffect(() => {
    document.title = session.state === 'locked' ? say(shell.product) : `${title} · ${say(shell.short)}`;
  }, [title, session.state]);

  return (
    <>
      {/* Nothing of the screen is seen under a lock; what was typed stays where it is. */}
      <div class="workstation" hidden={session.state === 'locked'}>
        <a class="skip" href="#main">{say(shell.skip)}</a>
        <header class="top">
          <Link href="/" class="brand"><span class="brand-mark" aria-hidden="true" />{say(shell.short)}</Link>
          {setup?.demo === true ? <span class="demo-mark" title={say(shell.demo_long)}>{say(shell.demo)}</span> : null}
          <nav class="places" aria-label={say(shell.navigation)}>
            {places.filter(({ right }) => right === null || may(session, right)).map(({ href, label }) => (
              <Link key={href} href={href} aria-current={path === href || path.startsWith(`${href}/`) || (href === '/queue' && path.startsWith('/case/')) ? 'page' : undefined}>
                {say(label)}
                {href === '/messages' && unread > 0 ? <span class="count" aria-label={say(shell.unread, { n: unread })}>{unread}</span> : null}
              </Link>
            ))}
          </nav>
          <div class="top-tools">
            <button type="button" onClick={() => setOverlay('palette')}>{say(shell.palette)} <KeyCap of={globalKeys.palette} /></button>
            <button type="button" onClick={() => setOverlay('help')}>{say(shell.keys)} <KeyCap of={globalKeys.help} /></button>
            <button type="button" lang={language() === 'zh' ? 'en' : 'zh-CN'} onClick={() => chooseLanguage(language() === 'zh' ? 'en' : 'zh')}>{say(shell.other_language)}</button>
            <Link href="/me" class="top-me" aria-current={path === '/me' ? 'page' : undefined} title={me.post.org_name}>
              <strong>{me.name}</strong><span>{say(me.post.role_label)}</span>
            </Link>
            <button type="button" onClick={lock} title={say(shell.lock)}>{say(shell.lock)} <KeyCap of={globalKeys.lock} /></button>
          </div>
        </header>
        <main id="main" class={`main main-${screen ?? 'plain'}`} tabIndex={-1} data-keys="page">
          <Screen path={path} session={session} />
        </main>
        {overlay === 'palette' ? <Palette session={session} onClose={() => setOverlay(null)} /> : null}
        {overlay === 'help' ? <Help screen={screen} onClose={() => setOverlay(null)} /> : null}
        {presence.state === 'warned' && !away ? <IdleWarning seconds={presence.seconds_left} /> : null}
      </div>
      {session.state === 'locked' ? <LockScreen me={me} /> : null}
      {session.state === 'expired' ? <SignInDialog me={me} /> : null}
    </>
  );
}

function screenOf(path: string): ScreenName | undefined {
  if (path === '/' || match('/queue', path) || match('/queue/:queue', path)) return 'queue';
  if (match('/case/:case_id/timeline', path)) return 'timeline';
  if (match('/case/:case_id/papers', path)) return 'papers';
  if (match('/case/:case_id', path)) return 'review';
  if (path === '/persons') return 'search';
  if (match('/persons/:person_id', path) || match('/households/:household_id', path)) return 'record';
  if (path === '/counter' || match('/counter/:service_code', path)) return 'counter';
  if (path === '/messages') return 'messages';
  if (path === '/rechecks') return 'rechecks';
  if (path === '/cover') return 'cover';
  if (path === '/exchange') return 'exchange';
  return undefined;
}

function Screen({ path, session }: { path: string; session: Extract<Session, { me: Me }> }) {
  const found = (pattern: string) => match(pattern, path);
  let parts: Record<string, string> | null;
  if (path === '/') return <Home session={session} />;
  if ((parts = found('/queue/:queue') ?? found('/queue'))) return <QueuePage queue={parts['queue'] ?? 'mine'} />;
  if ((parts = found('/case/:case_id'))) return <ReviewPage key={parts['case_id']} case_id={parts['case_id']!} session={session} />;
  if ((parts = found('/case/:case_id/timeline'))) return <TimelinePage key={parts['case_id']} case_id={parts['case_id']!} />;
  if ((parts = found('/case/:case_id/papers'))) return <PapersPage key={parts['case_id']} case_id={parts['case_id']!} session={session} />;
  if (found('/persons')) return <SearchPage session={session} />;
  if ((parts = found('/persons/:person_id'))) return <PersonPage key={parts['person_id']} person_id={parts['person_id']!} />;
  if ((parts = found('/households/:household_id'))) return <HouseholdPage key={parts['household_id']} household_id={parts['household_id']!} />;
  if ((parts = found('/counter/:service_code') ?? found('/counter'))) return <CounterPage key={parts['service_code']} service_code={parts['service_code']} session={session} />;
  if (found('/messages')) return <MessagesPage />;
  if (found('/rechecks')) return <RechecksPage />;
  if (found('/cover')) return <CoverPage me={session.me} />;
  if (found('/exchange')) return <ExchangePage session={session} />;
  if (found('/me')) return <PostPage session={session} />;
  return (
    <div class="page">
      <h1>{say(shell.not_found)}</h1>
      <p>{say(shell.not_found_way)}</p>
      <p><Link href="/queue">{say(shell.to_queue)}</Link></p>
    </div>
  );
}

/** Everybody begins with the first place the post opens. */
function Home({ session }: { session: Session }) {
  const first = places.find(({ right }) => right === null || may(session, right));
  useEffect(() => go(first?.href ?? '/me', { replace: true }), []);
  return <Loading />;
}

/** A new screen begins at its top, with the focus in its main region, so that keys and screen readers are there. */
function useFreshStart(path: string): void {
  const first = useRef(true);
  const area = path.split('/').slice(0, 2).join('/');
  const place = area === '/queue' ? area : path;
  useEffect(() => {
    if (!first.current) window.scrollTo(0, 0);
    first.current = false;
    const main = document.getElementById('main');
    if (main !== null && !main.contains(document.activeElement)) main.focus({ preventScroll: true });
  }, [place]);
}

function useUnread(asked: boolean): number {
  const [unread, setUnread] = useState(0);
  const look = (): void => {
    if (asked) call(cases.listMessages, { unread: true, limit: 1 }).then((answer) => setUnread(answer.unread), () => {});
  };
  useEffect(look, [asked]);
  useEvery(60, look, !asked);
  return unread;
}

