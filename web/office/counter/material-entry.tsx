/** One material at the counter: how it was settled, and its scans. */
import { say, type Text } from '../../kit/language.ts';
import { counter as words, review } from '../texts.ts';
import type { FaultOf } from './entry.tsx';
import { Scans, type ScanToSend } from './scans.tsx';
import type { Settled } from './typed.ts';

const wayTexts: Record<Exclude<Settled, ''>, Text> = { provided: words.by_provided, commitment: words.by_commitment, certificate: words.by_certificate };

interface MaterialEntryProps {
  code: string;
  name: string;
  /** Why it is asked for, with the law. */
  why: string;
  optional: boolean;
  ways: readonly Settled[];
  /** What it means that nothing was chosen. */
  untouched: Text;
  settled: { by: Settled; certificate_no: string };
  onSettled: (settled: { by: Settled; certificate_no: string }) => void;
  scans: readonly ScanToSend[];
  onScans: (scans: readonly ScanToSend[]) => void;
  room: number;
  faultOf: FaultOf;
  first?: boolean;
}

export function MaterialEntry({ code, name, why, optional, ways, untouched, settled, onSettled, scans, onScans, room, faultOf, first = false }: MaterialEntryProps) {
  const fault = faultOf(`materials.${code}`);
  return (
    <li class={fault === undefined ? '' : 'field-fault'}>
      <div class="material-said">
        <p><strong>{name}</strong> {optional ? <span class="chip">{say(review.material_optional)}</span> : null}</p>
        <p class="soft">{why}</p>
        {fault === undefined ? null : <p class="fault" id={`materials-${code}-fault`}>{fault}</p>}
      </div>
      <div class="material-way">
        <select
          data-entry={`materials.${code}`} {...(first ? { 'data-first': true } : {})} aria-label={name} aria-invalid={fault === undefined ? undefined : true} aria-describedby={fault === undefined ? undefined : `materials-${code}-fault`}
          value={settled.by} onChange={(event) => onSettled({ ...settled, by: event.currentTarget.value as Settled })}
        >
          {ways.map((way) => <option key={way} value={way}>{say(way === '' ? untouched : wayTexts[way])}</option>)}
        </select>
        {settled.by === 'certificate' ? (
          <input aria-label={`${name} ${say(words.certificate_no)}`} placeholder={say(words.certificate_no)} maxLength={60} value={settled.certificate_no} onInput={(event) => onSettled({ ...settled, certificate_no: event.currentTarget.value })} />
        ) : null}
      </div>
      <Scans code={code} material={name} scans={scans} onScans={onScans} room={room} fault={faultOf(`scan.${code}`)} />
    </li>
  );
}
