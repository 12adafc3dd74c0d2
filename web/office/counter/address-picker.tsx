/** Choosing a standard address of this station: a few letters, a short list from the server, down to the door. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { contract as reference, type FoundAddress } from '../../../src/modules/reference/contract.ts';
import { say } from '../../kit/language.ts';
import { call } from '../session.ts';
import { counter as words } from '../texts.ts';
import type { ChosenAddress } from './typed.ts';

interface AddressPickerProps {
  id: string;
  name: string;
  described: string | undefined;
  invalid: boolean | undefined;
  /** Organisation whose area is searched. */
  org_code: string;
  org_level: string;
  chosen: ChosenAddress | undefined;
  onChosen: (address: ChosenAddress | undefined) => void;
}

export function AddressPicker({ id, name, described, invalid, org_code, org_level, chosen, onChosen }: AddressPickerProps) {
  const [text, setText] = useState('');
  const [found, setFound] = useState<readonly FoundAddress[] | null>(null);
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
    const area = org_level === 'STATION' ? { station_code: org_code } : { area_code: org_code.slice(0, 6) };
    call(reference.searchAddresses, { query: settled, ...area }, { signal: asked.signal }).then(({ addresses }) => {
      setFound(addresses);
      setAt(0);
    }, () => {});
    return () => asked.abort();
  }, [settled]);

  const choose = (address: FoundAddress | undefined): void => {
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
        placeholder={say(words.address_box)}
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
        <ul id={`${id}-list`} role="listbox" aria-label={say(words.address_found, { n: found.length })} class="picks">
          {found.map((address, index) => (
            <li key={address.address_id} id={`${id}-${index}`} role="option" aria-selected={index === at} onMouseDown={(event) => event.preventDefault()} onMouseMove={() => setAt(index)} onClick={() => choose(address)}>{address.line}</li>
          ))}
        </ul>
      )}
      <p class={found !== null && found.length === 0 ? 'hint' : 'unseen'} role="status">{found === null ? '' : found.length === 0 ? say(words.address_none) : say(words.address_found, { n: found.length })}</p>
    </div>
  );
}
