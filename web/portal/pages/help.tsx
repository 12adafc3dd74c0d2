/** Help, ways without the internet, preferences, and what is shown when something is refused or fails. */
import type { ErrorFacts } from '../../../src/kernel/operation.ts';
import type { Views } from '../../../src/modules/portal/contract.ts';
import { Token } from '../layout.tsx';
import { OfflineLines } from '../pieces.tsx';
import type { Reader, Text } from '../reader.ts';
import { texts as t } from '../texts.ts';

const answers: readonly (readonly [Text, Text])[] = [[t.help_save, t.help_save_text], [t.help_photo, t.help_photo_text], [t.help_name, t.help_name_text], [t.help_privacy, t.help_privacy_text]];

export function Help({ reader, data }: { reader: Reader; data: Views['help'] }) {
  const { say } = reader;
  return (
    <>
      <h1>{say(t.help_title)}</h1>
      {answers.map(([question, answer]) => <section><h2>{say(question)}</h2><p>{say(answer)}</p></section>)}
      <section class="panel"><h2>{say(t.offline_title)}</h2><OfflineLines reader={reader} ways={data.ways} /></section>
    </>
  );
}

export function Offline({ reader, data }: { reader: Reader; data: Views['offline_ways'] }) {
  const { say } = reader;
  return (
    <>
      <h1>{say(t.offline_page_title)}</h1>
      <OfflineLines reader={reader} ways={data.ways} />
      <h2>{say(t.offline_agent)}</h2>
      <p>{say(t.offline_agent_text)}</p>
      <h2 id="stations">{say(t.offline_find)}</h2>
      <form class="search" action="/offline-ways#stations" role="search">
        <label for="q">{say(t.offline_find_hint)}</label>
        <div><input id="q" name="q" type="search" value={data.query} autocomplete="off" /><button class="button">{say(t.find_button)}</button></div>
      </form>
      {data.stations === null ? null : data.stations.length === 0 ? <p class="note">{say(t.offline_none)}</p> : (
        <ul class="rows">
          {data.stations.map((station) => (
            <li><div><strong lang="zh-CN">{station.name}</strong>{station.address === null ? null : <span lang="zh-CN">{station.address}</span>}{station.phone === null ? null : <span><a href={`tel:${station.phone}`}>{station.phone}</a></span>}</div></li>
          ))}
        </ul>
      )}
    </>
  );
}

export function Preferences({ reader, data }: { reader: Reader; data: Views['preferences'] }) {
  const { say } = reader;
  const choice = (name: string, value: string, label: Text, checked: boolean, lang?: string) => (
    <label class="choice"><input type="radio" name={name} value={value} checked={checked} /><span lang={lang}>{say(label)}</span></label>
  );
  return (
    <>
      <h1>{say(t.preferences_title)}</h1>
      <form action="/preferences">
        <input type="hidden" name="back" value={data.back === '/' ? '/preferences' : data.back} />
        <fieldset class="field"><legend>{say(t.preferences_language)}</legend><div class="choices">
          {choice('language', 'zh', { zh: '中文', en: '中文' }, data.language === 'zh', 'zh-CN')}{choice('language', 'en', { zh: 'English', en: 'English' }, data.language === 'en', 'en')}
        </div></fieldset>
        <fieldset class="field"><legend>{say(t.preferences_size)}</legend><div class="choices">
          {choice('elder', 'off', t.preferences_standard, !data.elder)}{choice('elder', 'on', t.preferences_elder, data.elder)}
        </div></fieldset>
        <button class="button">{say(t.preferences_save)}</button>
      </form>
    </>
  );
}

/** An address that leads nowhere, or that was typed with a mistake. */
const isNoPage = ({ code }: ErrorFacts): boolean => code === 'kernel.not_found' || code === 'kernel.invalid_input';

export function headingOf(facts: ErrorFacts): Text {
  const { status } = facts;
  if (status === 401) return t.error_signed_out;
  if (status === 404 || isNoPage(facts)) return t.error_not_found;
  if (status === 429 || status === 503) return t.error_later;
  return status >= 500 ? t.error_defect : t.error_refused;
}

export function ErrorPage({ reader, facts }: { reader: Reader; facts: ErrorFacts }) {
  const { say } = reader;
  if (facts.status === 401) return <SignedOut reader={reader} facts={facts} />;
  // To a citizen that is no matter of jurisdiction.
  const text = isNoPage(facts) ? t.error_not_found_text : facts.text;
  return (
    <>
      <h1>{say(headingOf(facts))}</h1>
      <p class="lead">{say(text)}</p>
      <ul class="links"><li><a href="/">{say(t.to_home)}</a></li>{reader.name === null ? null : <li><a href="/applications">{say(t.applications_title)}</a></li>}<li><a href="/help">{say(t.help_link)}</a></li></ul>
      {facts.status < 500 ? null : <p class="hint">{say(t.error_number(facts.request_id))}</p>}
    </>
  );
}

/** What was posted travels back in the page, to be sent again once the sender has signed in; pictures cannot. */
function SignedOut({ reader, facts }: { reader: Reader; facts: ErrorFacts }) {
  const { say } = reader;
  const fields = Object.entries(facts.fields ?? {}).filter(([name]) => name !== '_token').flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)] as const));
  return (
    <>
      <h1>{say(t.error_signed_out)}</h1>
      <p class="lead">{say(fields.length === 0 ? t.error_signed_out_plain : t.error_signed_out_text)}</p>
      <p><a class="button" href="/sign-in?next=/applications" target="_blank">{say(fields.length === 0 ? t.sign_in : t.error_signed_out_1)}</a></p>
      {fields.length === 0 ? null : (
        <form method="post" action={reader.path}>
          <Token reader={reader} />
          <p>{say(t.error_signed_out_2)}{fields.some(([name]) => name.endsWith('.way')) ? ` ${say(t.error_files)}` : null}</p>
          {fields.map(([name, value]) => <input type="hidden" name={name} value={value} />)}
          <button class="button quiet">{say(t.error_resend)}</button>
        </form>
      )}
    </>
  );
}
