/** What the applicant declares, each entry with its source, and the people concerned as the register has them. */
import type { CaseViewData, MoverViewData } from '../../../src/modules/cases/contract.ts';
import { instantText } from '../../kit/format.ts';
import { say, type Text } from '../../kit/language.ts';
import { LockMark } from '../../kit/pieces.tsx';
import { useCodes, wordOf } from '../lists.ts';
import { review as words } from '../texts.ts';
import { Pane } from './pane.tsx';

const levels: readonly Text[] = [words.level_1, words.level_2, words.level_3, words.level_4];
const channels: Record<string, Text> = { online: words.channel_online, window: words.channel_window, ex_officio: words.channel_ex_officio };

function Row({ label, value, source, wide = false }: { label: string; value: string; source?: string | undefined; wide?: boolean }) {
  return (
    <div class={wide || [...value].length > 24 ? 'claim claim-wide' : 'claim'}>
      <dt>{label}</dt>
      <dd>{value}{source === undefined ? null : <span class="source"><span class="unseen">{say(words.source)} </span>{source}</span>}</dd>
    </div>
  );
}

function Mover({ mover, sex, relation, closed }: { mover: MoverViewData; sex: string; relation: string; closed: boolean }) {
  // Of a closed case the register's facts are not shown again; the person's page has them.
  const facts = [mover.sex === null ? null : sex, mover.birth_on, mover.station_name].filter((fact) => fact !== null && fact !== '—');
  return (
    <li class={(mover.found || closed) && mover.lease === null ? 'mover' : 'mover mover-fault'}>
      <p class="mover-name">
        <strong>{mover.name}</strong>
        {mover.is_head ? <span class="chip">{say(words.head)}</span> : null}
        <span class="code soft">{mover.id_number_masked}</span>
      </p>
      {mover.found || closed ? (facts.length === 0 ? null : <p class="soft">{facts.join(' · ')} <span class="source">{say(words.source_register)}</span></p>) : <p class="fault-text" data-fault tabIndex={-1}>✕ {say(words.not_found)}</p>}
      <p>{say(words.relation)}: {relation}</p>
      {mover.lease === null ? null : (
        <p class="lease" data-fault tabIndex={-1}>
          <LockMark />{' '}
          {say(words.lease, { case_no: mover.lease.case_no ?? '—', holder: mover.lease.holder, office: mover.lease.office, until: instantText(mover.lease.expires_at), phone: mover.lease.phone ?? '—' })}
        </p>
      )}
    </li>
  );
}

export function ClaimsPane({ view }: { view: CaseViewData }) {
  const sexes = useCodes('sex');
  const relations = useCodes('relationship_to_head');
  const { applicant } = view;
  return (
    <Pane name="claims" title={say(words.claims)} keyHint="pane_claims">
      <h3>{say(words.applicant)}</h3>
      <dl class="claims">
        <Row label={say(words.name)} value={applicant.name} />
        <Row label={say(words.id_number)} value={applicant.id_number_masked} />
        <Row label={say(words.phone)} value={applicant.phone_masked} />
        <Row label={say(words.identity_level)} value={say(levels[applicant.identity_level - 1] ?? words.level_1)} />
        <Row label={say(words.channel)} value={say(channels[view.channel] ?? { zh: view.channel, en: view.channel })} />
      </dl>
      {view.movers.length === 0 ? null : (
        <>
          <h3>{say(view.service_code.startsWith('07') ? words.subject : words.movers)}</h3>
          <ul class="movers">
            {view.movers.map((mover) => <Mover key={mover.id_number_masked + mover.name} mover={mover} sex={wordOf(sexes, mover.sex)} relation={wordOf(relations, mover.relation)} closed={view.closed_at !== null} />)}
          </ul>
        </>
      )}
      {view.answers.map((section) => (
        <section key={section.section.en}>
          <h3>{say(section.section)}</h3>
          <dl class="claims">
            {section.fields.filter((field) => field.name !== 'movers').map((field) => <Row key={field.name} label={say(field.label)} value={field.value} source={say(field.source)} />)}
          </dl>
        </section>
      ))}
    </Pane>
  );
}
