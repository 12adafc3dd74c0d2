/** The frame of every page: official banner, switches, navigation, foot. */
import type { ComponentChildren } from 'preact';
import { citizenIdleMinutes } from '../../src/modules/accounts/contract.ts';
import type { Reader, Text } from './reader.ts';
import { texts as t } from './texts.ts';

export interface PageFrame {
  title: Text;
  /** Title begins with "Error:". */
  faulty?: boolean;
  /** Where the back link leads; none on the first pages. */
  back?: { href: string; label?: Text } | null;
  /** The page holds a form whose content the switches of the header must keep. */
  form?: boolean;
  /** Which entry of the navigation is this page. */
  nav?: 'home' | 'guides' | 'applications' | 'record';
  wide?: boolean;
  /** Reload after so many seconds; never where something can be typed. */
  reload_seconds?: number;
  children: ComponentChildren;
}

export function Layout({ reader, frame }: { reader: Reader; frame: PageFrame }) {
  const { say, site } = reader;
  return (
    <html lang={reader.language === 'zh' ? 'zh-CN' : 'en'} class={reader.elder ? 'elder' : undefined}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        {frame.reload_seconds === undefined ? null : <meta http-equiv="refresh" content={String(frame.reload_seconds)} />}
        <title>{`${frame.faulty ? say(t.error_title) : ''}${say(frame.title)} - ${say(site.name)}`}</title>
        <link rel="stylesheet" href={site.style} />
        <link rel="icon" href="data:," />
        <script src={site.script} defer type="module" />
      </head>
      <body>
        <a class="skip" href="#main">{say(t.skip)}</a>
        {site.demo ? <p class="demo">{say(t.demo)}</p> : null}
        <Header reader={reader} frame={frame} />
        <main id="main" class={frame.wide ? 'wide' : undefined}>
          {frame.back ? <a class="back" href={frame.back.href}>{say(frame.back.label ?? t.back)}</a> : null}
          {frame.children}
        </main>
        <Footer reader={reader} />
        {frame.form && reader.name !== null ? <IdleNotice reader={reader} /> : null}
      </body>
    </html>
  );
}

function Header({ reader, frame }: { reader: Reader; frame: PageFrame }) {
  const { say, site, name } = reader;
  return (
    <header>
      <div class="bar">
        <details class="official">
          <summary><Shield />{say(t.official)}<span class="how">{say(t.how_to_tell)}</span></summary>
          <div class="official-text"><p>{say(t.how_to_tell_1)}</p><p>{say(t.how_to_tell_2)}</p></div>
        </details>
        <div class="switches">
          <Switch reader={reader} frame={frame} wish={reader.language === 'zh' ? 'language:en' : 'language:zh'} lang={reader.language === 'zh' ? 'en' : 'zh-CN'} label={t.other_language} />
          <Switch reader={reader} frame={frame} wish={reader.elder ? 'elder:off' : 'elder:on'} label={reader.elder ? t.elder_off : t.elder_on} />
        </div>
      </div>
      <div class="mast">
        <a class="mark" href="/">{say(site.name)}</a>
        {name === null
          ? <a class="sign-in" href={`/sign-in?next=${encodeURIComponent(reader.here)}`}>{say(t.sign_in)}</a>
          : <form class="sign-out" method="post" action="/sign-out"><Token reader={reader} /><span>{say(t.signed_in_as(name))}</span><button class="plain">{say(t.sign_out)}</button></form>}
      </div>
      <nav aria-label={say(t.nav)}>
        <ul>
          <NavEntry reader={reader} frame={frame} nav="home" href="/" label={t.nav_home} />
          <NavEntry reader={reader} frame={frame} nav="guides" href="/guide" label={t.nav_guides} />
          <NavEntry reader={reader} frame={frame} nav="applications" href="/applications" label={t.nav_applications} />
          <NavEntry reader={reader} frame={frame} nav="record" href="/record" label={t.nav_record} />
        </ul>
      </nav>
    </header>
  );
}

function NavEntry({ reader, frame, nav, href, label }: { reader: Reader; frame: PageFrame; nav: NonNullable<PageFrame['nav']>; href: string; label: Text }) {
  return <li><a href={href} aria-current={frame.nav === nav ? 'page' : undefined}>{reader.say(label)}</a></li>;
}

/** A link, or on a page with a form one of its buttons: what is typed is saved before the page changes. */
function Switch({ reader, frame, wish, label, lang }: { reader: Reader; frame: PageFrame; wish: string; label: Text; lang?: string }) {
  const words = reader.say(label);
  if (frame.form) return <button class="switch" form="form" name="_wish" value={wish} lang={lang}>{words}</button>;
  const [name, value] = wish.split(':');
  return <a class="switch" href={`/preferences?${name}=${value}&back=${encodeURIComponent(reader.here)}`} lang={lang}>{words}</a>;
}

/** Proof that a form comes from this site. */
export function Token({ reader }: { reader: Reader }) {
  return <input type="hidden" name="_token" value={reader.form_token} />;
}

/** Shown by the script before a sign-in ends without a sign of life. Without a script the page after it hands back what was typed. */
function IdleNotice({ reader }: { reader: Reader }) {
  const { say } = reader;
  return (
    <div
      class="idle" id="idle" hidden role="alertdialog" aria-labelledby="idle-title" aria-describedby="idle-text"
      data-minutes={citizenIdleMinutes} data-text={say(t.idle_text)} data-minutes-text={say(t.idle_minutes)} data-seconds-text={say(t.idle_seconds)} data-over={say(t.idle_over)}
    >
      <div class="idle-box">
        <h2 id="idle-title">{say(t.idle_title)}</h2>
        <p id="idle-text" />
        <p>{say(t.idle_kept)}</p>
        <button type="button" class="button">{say(t.idle_stay)}</button>
        <a class="button" href="/sign-in?next=/applications" target="_blank" hidden>{say(t.error_signed_out_1)}</a>
      </div>
    </div>
  );
}

function Footer({ reader: { say } }: { reader: Reader }) {
  return (
    <footer>
      <p class="ask">{say(t.ask_a_person)}</p>
      <ul>
        <li><a href="/help">{say(t.help_link)}</a></li>
        <li><a href="/offline-ways">{say(t.offline_link)}</a></li>
        <li><a href="/verify">{say(t.verify_title)}</a></li>
        <li><a href="/preferences">{say(t.preferences_link)}</a></li>
      </ul>
      <p>{say(t.footer_note)}</p>
    </footer>
  );
}

function Shield() {
  return <svg class="shield" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path d="M8 1l6 2v4.5c0 3.6-2.4 6-6 7.5-3.6-1.500-6-3.900-6-7.500V3z" /><path class="tick" d="M5 8l2.200 2.200L11 6" /></svg>;
}
