/** The road of a case: the route drawn, and everything that happened. */
import { useEffect, useRef } from 'preact/hooks';
import { contract as cases } from '../../../src/modules/cases/contract.ts';
import { addressOf } from '../../kit/client.ts';
import { fullInstantText } from '../../kit/format.ts';
import { useKeys } from '../../kit/keyboard.ts';
import { language, say, type Text } from '../../kit/language.ts';
import { Fault, KeyCap, Loading, Notice } from '../../kit/pieces.tsx';
import { go, Link } from '../../kit/router.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { timelineKeys } from '../keys.ts';
import { call } from '../session.ts';
import { tasks as taskWords, timeline as words } from '../texts.ts';

const actorTexts: Record<string, Text> = { citizen: words.applicant, system: words.system };

export function TimelinePage({ case_id }: { case_id: string }) {
  const { data, error } = useLoad((signal) => call(cases.getTimeline, { case_id }, { signal }), `${case_id} ${language()}`);
  const download = useRef<HTMLAnchorElement>(null);
  useKeys(timelineKeys, { bpmn: () => download.current?.click(), back: () => go(`/case/${case_id}`) });
  return (
    <div class="page timeline-page">
      <p><Link href={`/case/${case_id}`} class="back">‹ {say(words.back)} <KeyCap of={timelineKeys.back} /></Link></p>
      <h1>{data?.case_no == null ? say(words.title) : say(words.of, { no: data.case_no })}</h1>
      <Fault error={error} />
      {data === undefined ? (error === undefined ? <Loading /> : null) : (
        <>
          <section>
            <header class="section-head">
              <h2>{say(words.route)}</h2>
              <a ref={download} class="button" href={addressOf(cases.getRouteBpmn, { case_id })} download={`${data.case_no ?? case_id}.bpmn`}>{say(words.bpmn)} <KeyCap of={timelineKeys.bpmn} /></a>
            </header>
            <Drawing svg={data.route_svg} />
          </section>
          <section>
            <header class="section-head">
              <h2>{say(words.events)}</h2>
              {data.chain_intact ? <span class="chip chip-good">✓ {say(words.intact)}</span> : null}
            </header>
            {data.chain_intact ? null : <Notice kind="fault" alert><p>{say(words.broken)}</p></Notice>}
            <div class="table-scroll" tabIndex={0} role="group" aria-label={say(words.events)}>
              <table class="rows events">
                <thead>
                  <tr>
                    <th scope="col" class="number">{say(words.sequence)}</th><th scope="col">{say(words.at)}</th><th scope="col">{say(words.act)}</th><th scope="col">{say(words.actor)}</th><th scope="col">{say(words.org)}</th><th scope="col">{say(words.opinion)}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.events.map((event) => (
                    <tr key={event.sequence}>
                      <td class="number">{event.sequence}</td>
                      <td class="code"><time dateTime={event.at}>{fullInstantText(event.at)}</time></td>
                      <td><strong>{say(event.label)}</strong></td>
                      <td>{event.acting_for !== null && event.actor_name !== null ? say(taskWords.stand_in, { name: event.actor_name, absent: event.acting_for }) : event.actor_name ?? say(actorTexts[event.actor_kind] ?? words.system)}{event.post === null ? null : <span class="soft"> {event.post}</span>}</td>
                      <td>{event.org_name ?? '—'}</td>
                      <td class="opinion">{event.opinion ?? ''}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </section>
        </>
      )}
    </div>
  );
}

/** The drawing comes as SVG text and goes into the page as elements, so that it can be read aloud and printed. */
function Drawing({ svg }: { svg: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { documentElement } = new DOMParser().parseFromString(svg, 'image/svg+xml');
    if (documentElement.tagName === 'svg') place.current!.replaceChildren(document.importNode(documentElement, true));
  }, [svg]);
  return <div class="drawing" ref={place} tabIndex={0} role="group" aria-label={say(words.route)} />;
}
