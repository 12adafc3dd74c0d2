/** Home, guides, finding a service. */
import type { EventCard, Views } from '../../../src/modules/portal/contract.ts';
import { CaseCards, DraftCards, Line, Lines, OfflineLines, ServiceCards } from '../pieces.tsx';
import type { Reader, Text } from '../reader.ts';
import { texts as t } from '../texts.ts';

function SearchBox({ reader: { say }, query = '' }: { reader: Reader; query?: string }) {
  return (
    <form class="search" action="/find" role="search">
      <label for="q">{say(t.find_label)}</label>
      <div><input id="q" name="q" type="search" value={query} placeholder={say(t.find_example)} autocomplete="off" /><button class="button">{say(t.find_button)}</button></div>
    </form>
  );
}

/** Line drawings, so that a choice is recognised before it is read. */
const drawings: Record<EventCard['event'], string> = {
  birth: 'M12 3a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM6 21v-3a6 6 0 0 1 12 0v3M10.500 7.500h0M13.500 7.500h0',
  move_home: 'M3 11l9-7 9 7M5.500 9.500V20h13V9.500M9 15h6M12.500 12.500L15 15l-2.500 2.500',
  marriage_and_household: 'M9 9a5 5 0 1 1 0 10A5 5 0 0 1 9 9zM15 9a5 5 0 1 1 0 10 5 5 0 0 1 0-10zM12 3l1.500 2L12 7l-1.500-2z',
  card_lost_or_expired: 'M3 6h18v12H3zM8 10a1.500 1.500 0 1 1 0 3 1.500 1.500 0 0 1 0-3zM5.500 16a2.500 2.500 0 0 1 5 0M14 10h4M14 13h4',
  wrong_information: 'M5 3h9l5 5v13H5zM14 3v5h5M8.500 17l.500-2.500 5-5 2 2-5 5z',
  study_and_work: 'M2.500 9L12 4.500 21.500 9 12 13.500zM6.500 11v5c3 2.500 8 2.500 11 0v-5M21.500 9v6',
  leave_and_return: 'M3 12h15M13 6.500l5.500 5.500-5.500 5.500M21 4v16',
  no_registration: 'M5 3h14v18H5zM12 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM8.500 17a3.500 3.500 0 0 1 7 0M9 5.500h6',
  papers_and_archives: 'M3.500 7V4.500h6l1.500 2h9.500v13h-17zM7.500 12h9M7.500 15.500h6',
  stay_elsewhere: 'M12 21s-6.500-6-6.500-11a6.500 6.500 0 0 1 13 0c0 5-6.500 11-6.500 11zM12 7.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z',
  death: 'M12 4c3 3 4.500 5 4.500 7.500a4.500 4.500 0 0 1-9 0C7.500 9 9 7 12 4zM12 16v5M8 21h8',
};

function Events({ reader: { say }, events }: { reader: Reader; events: readonly EventCard[] }) {
  return (
    <ul class="events">
      {events.map(({ event, label, examples }) => (
        <li><a href={`/event/${event}`}><svg viewBox="0 0 24 24" aria-hidden="true"><path d={drawings[event]} /></svg><span><strong>{say(label)}</strong><small>{say(examples)}</small></span></a></li>
      ))}
    </ul>
  );
}

export function Home({ reader, data }: { reader: Reader; data: Views['home'] }) {
  const { say } = reader;
  return (
    <>
      <h1>{say(t.home_question)}</h1>
      <SearchBox reader={reader} />
      <Events reader={reader} events={data.events} />
      {data.drafts.length === 0 ? null : <section class="panel"><h2>{say(t.go_on_title)}</h2><DraftCards reader={reader} drafts={data.drafts} /></section>}
      {data.cases.length === 0 ? null : <section class="panel"><h2>{say(t.my_cases_title)}</h2><CaseCards reader={reader} cases={data.cases} /><a href="/applications">{say(t.all_cases)}</a></section>}
      <div class="pair">
        <section class="panel"><h2>{say(t.my_record_title)}</h2><ul class="links"><li><a href="/record/access">{say(t.who_looked)}</a></li><li><a href="/record">{say(t.see_household)}</a></li></ul></section>
        <section class="panel"><h2>{say(t.offline_title)}</h2><p>{say(t.offline_lead)}</p><ul class="links"><li><a href="/offline-ways">{say(t.offline_find)}</a></li></ul></section>
      </div>
    </>
  );
}

export function Guides({ reader, data }: { reader: Reader; data: Views['guides'] }) {
  const { say } = reader;
  return (
    <>
      <h1>{say(t.guides_title)}</h1>
      {data.groups.map(({ event, services }) => (
        <section>
          <h2>{say(event.label)}</h2>
          {services.length === 0 ? <p><a href={`/event/${event.event}`}>{say(t.not_online)}</a></p> : <ServiceCards reader={reader} services={services} />}
        </section>
      ))}
    </>
  );
}

export function LifeEventPage({ reader, data }: { reader: Reader; data: Views['life_event'] }) {
  const { say } = reader;
  return (
    <>
      <h1>{say(data.event.label)}</h1>
      <p class="lead">{say(data.event.examples)}</p>
      {data.services.length === 0
        ? <><h2>{say(t.not_online)}</h2><p>{say(t.not_online_how)}</p></>
        : <><h2>{say(t.services_here)}</h2><ServiceCards reader={reader} services={data.services} /></>}
      <section class="panel"><h2>{say(t.offline_title)}</h2><OfflineLines reader={reader} ways={data.ways} /><ul class="links"><li><a href="/offline-ways">{say(t.offline_find)}</a></li></ul></section>
    </>
  );
}

export function Find({ reader, data }: { reader: Reader; data: Views['find'] }) {
  const { say } = reader;
  const found = data.services.length > 0 || data.events.length > 0;
  return (
    <>
      <h1>{say(t.find_title)}</h1>
      <SearchBox reader={reader} query={data.query} />
      {found ? (
        <>
          <h2>{say(t.find_results(data.query))}</h2>
          {data.services.length === 0 ? null : <ServiceCards reader={reader} services={data.services} />}
          <Events reader={reader} events={data.events} />
        </>
      ) : <p class="note">{say(data.query === '' ? t.find_empty : t.find_nothing(data.query))} <a href="/guide">{say(t.guides_title)}</a></p>}
    </>
  );
}

export function GuidePage({ reader, data: { guide } }: { reader: Reader; data: Views['guide'] }) {
  const { say } = reader;
  return (
    <>
      <h1>{say(guide.name)}</h1>
      <p class="lead">{say(guide.summary)}</p>
      {guide.way === 'counter' ? (
        <section class="panel"><h2>{say(t.guide_counter)}</h2><p>{say(t.guide_counter_how)}</p><ul class="links"><li><a href="/offline-ways">{say(t.offline_find)}</a></li></ul></section>
      ) : (
        <>
          <p><a class="button" href={`/apply/${guide.service_code}`}>{say(guide.way === 'online' ? t.guide_start : t.guide_precheck)}</a></p>
          <p class="hint">{say(t.guide_minutes(guide.minutes_to_fill))} {guide.way === 'precheck' ? say(t.guide_precheck_how) : null}</p>
        </>
      )}
      <h2>{say(t.guide_in_short)}</h2>
      <Lines>
        <Line label={say(t.guide_time)}>{say(guide.promised)}<small>{say(guide.statutory)}</small></Line>
        <Line label={say(t.guide_fee)}>{say(guide.fee)}</Line>
        <Line label={say(t.guide_who)}><Listed reader={reader} items={guide.who} /></Line>
        <Line label={say(t.guide_where)}><Listed reader={reader} items={guide.channels} /></Line>
        {guide.declaration === null ? null : <Line label={say(t.guide_declaration)}>{say(guide.declaration)}</Line>}
        <Line label={say(t.guide_presence)}>{say(guide.presence)}</Line>
        {guide.way === 'counter' ? null : <Line label={say(t.guide_identity)}>{say(guide.identity)}</Line>}
        <Line label={say(t.guide_issued)}><Listed reader={reader} items={guide.issued} /></Line>
        <Line label={say(t.guide_receive)}><Listed reader={reader} items={guide.receive} /></Line>
      </Lines>
      <h2>{say(t.guide_papers)}</h2>
      <Papers reader={reader} guide={guide} />
      <h2>{say(t.guide_steps)}</h2>
      <ol class="numbered">{guide.steps.map((step) => <li>{say(step)}</li>)}</ol>
      <details class="more"><summary>{say(t.guide_law)}</summary><Listed reader={reader} items={guide.law} /></details>
    </>
  );
}

export function Papers({ reader: { say }, guide }: { reader: Reader; guide: Views['guide']['guide'] }) {
  if (guide.papers.length === 0) return <p>{say(t.nothing_needed)}</p>;
  return (
    <ul class="papers">
      {guide.papers.map((paper) => (
        <li>
          <strong>{say(paper.name)}</strong>
          {paper.when === null && !paper.optional ? null : <span class="tag">{say(paper.when ?? t.guide_optional)}</span>}
          {paper.instead.length === 0 ? null : <ul class="ticks">{paper.instead.map((instead) => <li>{say(instead)}</li>)}</ul>}
          <details><summary>{say(t.guide_paper_why)}</summary><p>{say(paper.why)} <small>{say(paper.law)}</small></p><p><strong>{say(t.upload_good)}</strong>{say(paper.good_example)}</p></details>
        </li>
      ))}
    </ul>
  );
}

function Listed({ reader: { say }, items }: { reader: Reader; items: readonly Text[] }) {
  return items.length === 1 ? <>{say(items[0]!)}</> : <ul class="plain-list">{items.map((item) => <li>{say(item)}</li>)}</ul>;
}
