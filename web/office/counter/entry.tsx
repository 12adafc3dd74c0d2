/** One field of a form at the counter, by its type in the catalogue. */
import type { DeclaredMover, Field as FieldData } from '../../../src/modules/catalogue/service.ts';
import { normaliseIdNumber, validateIdNumber } from '../../../src/modules/reference/id-number.ts';
import { dayOf } from '../../kit/format.ts';
import { language, say, type Text } from '../../kit/language.ts';
import { Field, KeyCap } from '../../kit/pieces.tsx';
import { counterKeys } from '../keys.ts';
import { useCodes } from '../lists.ts';
import { counter as words } from '../texts.ts';
import { AddressPicker, AreaPicker } from './address-picker.tsx';
import { isRequired, type ChosenAddress } from './typed.ts';

export type FaultOf = (name: string) => string | undefined;

/** What is wrong with a number at once, before the server is asked: length, date, check character. */
function numberFault(typed: string): string | undefined {
  if (typed.trim() === '') return undefined;
  const found = validateIdNumber(normaliseIdNumber(typed), { today: dayOf(new Date()) }).find((violation) => violation.severity === 'error');
  return found?.[language()];
}

export function NumberInput({ name, value, onValue, attributes }: { name: string; value: string; onValue: (value: string) => void; attributes: object }) {
  return (
    <input
      {...attributes}
      data-entry={name}
      class="code"
      autocomplete="off"
      spellcheck={false}
      maxLength={24}
      value={value}
      onInput={(event) => onValue(event.currentTarget.value)}
    />
  );
}

interface EntryProps {
  field: FieldData;
  value: string;
  onValue: (value: string) => void;
  fault: string | undefined;
  address: ChosenAddress | undefined;
  onAddress: (address: ChosenAddress | undefined) => void;
  org_code: string;
  org_level: string;
}

export function Entry({ field, value, onValue, fault, address, onAddress, org_code, org_level }: EntryProps) {
  const codes = useCodes(field.list ?? (field.type === 'code' ? field.name : 'sex'));
  const label = say(field.label);
  const hint = field.hint === undefined ? undefined : say(field.hint);
  const optional = !isRequired(field);
  const tooWrong = fault ?? (field.type === 'id_number' && value.trim().length >= 15 ? numberFault(value) : undefined);

  if (field.type === 'yes_no' || (field.type === 'choice' && (field.options?.length ?? 0) <= 3)) {
    const options: Array<[string, Text]> = field.type === 'yes_no' ? [['yes', words.yes], ['no', words.no]] : (field.options ?? []).map((option) => [option.value, option.label]);
    return (
      <fieldset class={fault === undefined ? 'field' : 'field field-fault'} aria-describedby={fault === undefined ? undefined : `${field.name}-fault`}>
        <legend>{label}{optional ? <span class="soft"> {say({ zh: '选填', en: 'optional' })}</span> : null}</legend>
        {hint === undefined ? null : <p class="hint">{hint}</p>}
        {fault === undefined ? null : <p class="fault" id={`${field.name}-fault`}>{fault}</p>}
        <div class="choices">
          {options.map(([option, text], index) => (
            <label key={option} class="choice"><input type="radio" name={field.name} {...(index === 0 || value === option ? { 'data-entry': field.name } : {})} checked={value === option} onChange={() => onValue(option)} /> <kbd aria-hidden="true">{index + 1}</kbd> {say(text)}</label>
          ))}
        </div>
      </fieldset>
    );
  }
  return (
    <Field label={label} hint={hint} fault={tooWrong} optional={optional} wide={field.type === 'address' || field.type === 'area' || field.type === 'long_text'}>
      {(attributes) => {
        const common = { ...attributes, 'data-entry': field.name, autocomplete: 'off' };
        switch (field.type) {
          case 'address':
            return <AddressPicker id={attributes.id} name={field.name} described={attributes['aria-describedby']} invalid={attributes['aria-invalid']} org_code={org_code} org_level={org_level} chosen={address} onChosen={onAddress} />;
          case 'area':
            return <AreaPicker id={attributes.id} name={field.name} described={attributes['aria-describedby']} invalid={attributes['aria-invalid']} chosen={address} onChosen={onAddress} />;
          case 'long_text':
            return <textarea {...common} rows={(field.length_max ?? 500) > 500 ? 8 : 3} maxLength={field.length_max ?? 500} value={value} onInput={(event) => onValue(event.currentTarget.value)} />;
          case 'choice': case 'code': {
            const options = field.type === 'choice' ? (field.options ?? []).map((option, index) => ({ value: option.value, text: `${index + 1} ${say(option.label)}` }))
              : (field.codes ?? codes?.items.filter((item) => item.is_selectable).map((item) => item.code) ?? []).flatMap((code) => {
                const item = codes?.items.find((one) => one.code === code);
                return item === undefined ? [] : [{ value: code, text: `${code} ${item[language()]}` }];
              });
            return (
              <select {...common} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
                <option value="">{say(words.choose_one)}</option>
                {options.map((option) => <option key={option.value} value={option.value}>{option.text}</option>)}
              </select>
            );
          }
          case 'id_number': return <NumberInput attributes={attributes} name={field.name} value={value} onValue={onValue} />;
          case 'document_no': case 'organisation_code': return <input {...common} class="code" spellcheck={false} maxLength={field.length_max ?? 40} value={value} onInput={(event) => onValue(event.currentTarget.value)} />;
          case 'time': return <input {...common} type="time" value={value} onInput={(event) => onValue(event.currentTarget.value)} />;
          case 'date': return <input {...common} type="date" value={value} onInput={(event) => onValue(event.currentTarget.value)} />;
          case 'whole_number': return <input {...common} inputMode="numeric" maxLength={9} value={value} onInput={(event) => onValue(event.currentTarget.value)} />;
          case 'phone': return <input {...common} inputMode="tel" maxLength={20} value={value} onInput={(event) => onValue(event.currentTarget.value)} />;
          default: return <input {...common} spellcheck={false} maxLength={field.length_max ?? 200} value={value} onInput={(event) => onValue(event.currentTarget.value)} />;
        }
      }}
    </Field>
  );
}

interface PersonsProps {
  field: FieldData;
  persons: readonly DeclaredMover[];
  onPersons: (persons: readonly DeclaredMover[]) => void;
  faultOf: FaultOf;
  /** Puts the applicant into the list; left out where the applicant stands already. */
  onSameAsApplicant?: () => void;
  onAdd: () => void;
}

export function Persons({ field, persons, onPersons, faultOf, onSameAsApplicant, onAdd }: PersonsProps) {
  const relations = useCodes('relationship_to_head');
  const change = (index: number, part: Partial<DeclaredMover>): void => onPersons(persons.map((person, at) => (at === index ? { ...person, ...part } : person)));
  const listFault = faultOf(field.name);
  return (
    <fieldset class={listFault === undefined ? 'persons' : 'persons field-fault'}>
      <legend>{say(field.label)}</legend>
      {field.hint === undefined ? null : <p class="hint">{say(field.hint)}</p>}
      {listFault === undefined ? null : <p class="fault">{listFault}</p>}
      {persons.map((person, index) => {
        const name = (part: string): string => `${field.name}.${index}.${part}`;
        return (
          <div class="person-row" key={index} role="group" aria-label={say(words.person, { n: index + 1 })}>
            <span class="person-n" aria-hidden="true">{index + 1}</span>
            <Field label={say(words.name)} fault={faultOf(name('name'))}>
              {(attributes) => <input {...attributes} data-entry={name('name')} autocomplete="off" spellcheck={false} maxLength={60} value={person.name} onInput={(event) => change(index, { name: event.currentTarget.value })} />}
            </Field>
            <Field label={say(words.id_number)} fault={faultOf(name('id_number')) ?? (person.id_number.trim().length >= 15 ? numberFault(person.id_number) : undefined)}>
              {(attributes) => <NumberInput attributes={attributes} name={name('id_number')} value={person.id_number} onValue={(id_number) => change(index, { id_number })} />}
            </Field>
            {field.without_relation === true ? null : <Field label={say(words.relation)} fault={faultOf(name('relation'))}>
              {(attributes) => (
                <select {...attributes} data-entry={name('relation')} value={person.relation} onChange={(event) => change(index, { relation: event.currentTarget.value })}>
                  <option value="">{say(words.choose_one)}</option>
                  {relations?.items.filter((item) => item.is_selectable).map((item) => <option key={item.code} value={item.code}>{`${item.code} ${item[language()]}`}</option>)}
                </select>
              )}
            </Field>}
            <button type="button" class="quiet" disabled={persons.length === 1} aria-label={say(words.remove, { n: index + 1 })} title={say(words.remove, { n: index + 1 })} onClick={() => onPersons(persons.filter((_, at) => at !== index))}>✕</button>
          </div>
        );
      })}
      <p class="persons-acts">
        {onSameAsApplicant === undefined ? null : <button type="button" onClick={onSameAsApplicant}>{say(words.same_as_applicant)}</button>}
        <button type="button" disabled={persons.length >= (field.items_max ?? 20)} onClick={onAdd}>+ {say(words.add)} <KeyCap of={counterKeys.add_mover} /></button>
      </p>
    </fieldset>
  );
}
