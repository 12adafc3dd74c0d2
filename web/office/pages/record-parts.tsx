/** What the pages of a person and of a household have in common: the day they show, who holds them, why they are looked at. */
import { useRef } from 'preact/hooks';
import type { PersonPage } from '../../../src/modules/population/contract.ts';
import { dayOf, instantText } from '../../kit/format.ts';
import { useKeys } from '../../kit/keyboard.ts';
import { say } from '../../kit/language.ts';
import { KeyCap, LockMark, Notice } from '../../kit/pieces.tsx';
import { go, Link, useAddress } from '../../kit/router.tsx';
import { recordKeys } from '../keys.ts';
import { changePurpose, PurposeStrip } from '../purpose.tsx';
import { record as words } from '../texts.ts';

/** The moment and case that an address asks for. */
export function useMoment(): { case_id: string | null; as_of: string | undefined; known_at: string | undefined; show: (part: { as_of?: string | null; known_at?: string | null }) => void } {
  const { path, query } = useAddress();
  const show = (part: { as_of?: string | null; known_at?: string | null }): void => {
    const next = new URLSearchParams(query);
    for (const [name, value] of Object.entries(part)) {
      if (value === null || value === '') next.delete(name);
      else next.set(name, value);
    }
    const text = next.toString();
    go(text === '' ? path : `${path}?${text}`);
  };
  return { case_id: query.get('case'), as_of: query.get('as_of') ?? undefined, known_at: query.get('known_at') ?? undefined, show };
}

export function MomentBar() {
  const { case_id, as_of, known_at, show } = useMoment();
  const input = useRef<HTMLInputElement>(null);
  useKeys(recordKeys, { as_of: () => input.current?.focus(), purpose: case_id === null ? changePurpose : undefined, back: () => history.back() });
  return (
    <>
      <PurposeStrip case_id={case_id} />
      <div class="moment">
        <label>{say(words.as_of)} <KeyCap of={recordKeys.as_of} />
          <input ref={input} type="date" max={dayOf(new Date())} value={as_of ?? ''} onChange={(event) => show({ as_of: event.currentTarget.value })} />
        </label>
        {as_of === undefined && known_at === undefined ? null : (
          <Notice kind="warning">
            <p>
              {as_of === undefined ? null : say(words.as_of_shown, { day: as_of })} {known_at === undefined ? null : say(words.known_shown, { at: instantText(known_at) })}{' '}
              <button type="button" onClick={() => show({ as_of: null, known_at: null })}>{say(words.back_to_now)}</button>
            </p>
          </Notice>
        )}
      </div>
    </>
  );
}

/** Who has the person or household in hand, for which case, until when. */
export function Leases({ leases }: { leases: PersonPage['leases'] }) {
  if (leases.length === 0) return null;
  return (
    <div class="leases">
      {leases.map((lease) => (
        <Notice key={lease.case_id + lease.kind} kind="warning">
          <p>
            <LockMark /> <strong>{say(words.leases)}</strong>{' '}
            {say(words.lease, { holder: lease.holder, office: say(lease.office), case_no: lease.case_no ?? '—', until: instantText(lease.expires_at), phone: lease.phone ?? '—' })}{' '}
            <Link href={`/case/${lease.case_id}`}>{say(words.by_case)}</Link>
          </p>
        </Notice>
      ))}
    </div>
  );
}
