/** Choosing a place: a few letters, a short list from the server. An address goes down to the door, a division to the county. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { contract as reference } from '../../../src/modules/reference/contract.ts';
import { say, type Text } from '../../kit/language.ts';
import { call } from '../session.ts';
import { counter as words } from '../texts.ts';
import type { ChosenAddress } from './typed.ts';

interface PlacePickerProps {
  id: string;
  name: string;
  described: string | undefined;
  invalid: boolean | undefined;
  chosen: ChosenAddress | undefined;
  onChosen: (place: ChosenAddress | undefined) => void;
}

type Search = (query: string, signal: AbortSignal) => Promise<readonly ChosenAddress[]>;

/** A standard address in the area of an organisation. */
export function AddressPicker({ org_code, org_level, ...place }: PlacePickerProps & { org_code: string; org_level: string }) {
  const area = org_level === 'STATION' ? { station_code: org_code } : { area_code: org_code.slice(0, 6) };
  const search: Search = async (query, signal) => (await call(reference.searchAddresses, { query, ...area }, { signal })).addresses;
  return <PlacePicker {...place} search={search} box={words.address_box} none={words.address_none} count={words.address_found} />;
}

/** A county of the whole country; its code stands where an address has its id. */
export function AreaPicker(place: PlacePickerProps) {
  const search: Search = async (query, signal) =>
    (await call(reference.searchAreas, { query, level: 'COUNTY' }, { signal })).areas.map(({ code, full_name }) => ({ address_id: code, line: full_name }));
  return <PlacePicker {...place} search={search} box={words.area_box} none={words.area_none} count={words.area_found} />;
}

function PlacePicker({ id, name, described, invalid, chosen, onChosen, search, box, none, count }: PlacePickerProps & { search: Search; box: Text; none: Text; count: Text }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<readonly ChosenAddress[] | null>(null);
  const [at, setAt] = useState(0);
  const composing = useRef(false);
  const [settled, setSettled] = useState('');

  // Half a pinyin syllable that is still being composed is no question yet.
  useEffect(() => {
    if (composing.current) return undefined;
    const timer = setTimeout(() => setSettled(text.trim()), 200);
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => {
    if (settled.length === 0) {
      setFound(null);
      return undefined;
    }
    const asked = new AbortController();
    search(settled, asked.signal).then((places) => {
      setFound(places);
      setAt(0);
    }, () => {});
    return () => asked.abort();
  }, [settled]);

  const choose = (address: ChosenAddress | undefined): void => {
    if (address === undefined) return;
    onChosen({ address_id: address.address_id, line: address.line });
    setText('');
    setFound(null);
  };
  if (chosen !== undefined) {
    return (
      <div class="address-chosen">
        <p><span aria-hidden="true">✓ </span>{say(words.address_chosen, { line: chosen.line })}</p>
        <button type="button" id={id} data-entry={name} onClick={() => onChosen(undefined)}>{say(words.address_clear)}</button>
      </div>
    );
  }
  return (
    <div class="address-picker">
      <input
        id={id}
        data-entry={name}
        type="text"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={found !== null}
        aria-controls={`${id}-list`}
        aria-activedescendant={found !== null && found.length > 0 ? `${id}-${at}` : undefined}
        aria-describedby={described}
        aria-invalid={invalid}
        placeholder={say(box)}
        autocomplete="off"
        spellcheck={false}
        maxLength={60}
        value={text}
        onCompositionStart={() => {
          composing.current = true;
        }}
        onCompositionEnd={(event) => {
          composing.current = false;
          setText(event.currentTarget.value);
        }}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.isComposing || event.keyCode === 229 || found === null) return;
          if (event.key === 'ArrowDown') setAt(Math.min(at + 1, found.length - 1));
          else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
          else if (event.key === 'Enter') choose(found[at]);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      {found === null ? null : (
        <ul id={`${id}-list`} role="listbox" aria-label={say(count, { n: found.length })} class="picks">
          {found.map((address, index) => (
            <li key={address.address_id} id={`${id}-${index}`} role="option" aria-selected={index === at} onMouseDown={(event) => event.preventDefault()} onMouseMove={() => setAt(index)} onClick={() => choose(address)}>{address.line}</li>
          ))}
        </ul>
      )}
      <p class={found !== null && found.length === 0 ? 'hint' : 'unseen'} role="status">{found === null ? '' : found.length === 0 ? say(none) : say(count, { n: found.length })}</p>
    </div>
  );
}
