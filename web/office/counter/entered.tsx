/** A case has just been entered: what it is called, and on to the next. */
import { useEffect, useRef } from 'preact/hooks';
import { contract as cases } from '../../../src/modules/cases/contract.ts';
import type { Service } from '../../../src/modules/catalogue/service.ts';
import { fullInstantText } from '../../kit/format.ts';
import { say } from '../../kit/language.ts';
import { KeyCap, Notice } from '../../kit/pieces.tsx';
import { go, Link } from '../../kit/router.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { counterKeys } from '../keys.ts';
import { call, type Me } from '../session.ts';
import { useSetup } from '../setup.ts';
import { entered as words } from './desk-texts.ts';

export interface EnteredCase {
  case_id: string;
  applicant: string;
}

export function enteredHandlers(entered: EnteredCase, onNext: () => void): { open_case: () => void; next_case: () => void; print_slip: () => void } {
  return { open_case: () => go(`/case/${entered.case_id}`), next_case: onNext, print_slip: () => print() };
}

export function Entered({ entered, service, me, onNext }: { entered: EnteredCase; service: Service; me: Me; onNext: () => void }) {
  const region = useRef<HTMLDivElement>(null);
  const { data } = useLoad((signal) => call(cases.getCase, { case_id: entered.case_id }, { signal }), entered.case_id);
  const setup = useSetup();
  const handlers = enteredHandlers(entered, onNext);
  // Single keys act here: nothing is being typed any more.
  useEffect(() => region.current?.focus(), []);
  return (
    <div class="entered" ref={region} tabIndex={-1} data-keys="page">
      <Notice kind="done" alert>
        <p><strong>{say(words.title)}</strong> {say(words.about, { service: say(service.name), name: entered.applicant })}</p>
        <p>{data === undefined ? ' ' : say(words.number, { no: data.case_no ?? '' })}</p>
        <p>{say(words.not_law)}</p>
      </Notice>
      <p class="entered-acts">
        <Link href={`/case/${entered.case_id}`} class="button">{say(words.open)} <KeyCap of={counterKeys.open_case} /></Link>
        <button type="button" class="primary" onClick={handlers.next_case}>{say(words.next)} <KeyCap of={counterKeys.next_case} /></button>
        <button type="button" onClick={handlers.print_slip}>{say(words.print)} <KeyCap of={counterKeys.print_slip} /></button>
      </p>
      <section class="slip" aria-hidden="true">
        <h1>{say(words.slip_title)}</h1>
        {setup?.demo === true ? <p class="slip-sample">{say(words.slip_sample)}</p> : null}
        <dl>
          <div><dt>{say(words.service)}</dt><dd>{say(service.name)}</dd></div>
          <div><dt>{say(words.applicant)}</dt><dd>{entered.applicant}</dd></div>
          <div><dt>{say(words.number, { no: '' })}</dt><dd>{data?.case_no}</dd></div>
          <div><dt>{say(words.at)}</dt><dd>{data === undefined ? '' : fullInstantText(data.submitted_at)}</dd></div>
          <div><dt>{say(words.office)}</dt><dd>{me.post.org_name}</dd></div>
          <div><dt>{say(words.officer)}</dt><dd>{me.police_number}</dd></div>
        </dl>
        <p>{say(words.slip_note)}</p>
      </section>
    </div>
  );
}
