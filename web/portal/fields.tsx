/** Questions of a form, one component per kind. Every input has its label, hint and error in words. */
import type { Violation } from '../../src/kernel/refusal.ts';
import type { AddressView, AreaView, FieldView, MemberView, OptionView, PersonListView } from '../../src/modules/portal/contract.ts';
import { AddressLine, describedBy, FieldError } from './pieces.tsx';
import type { Reader, Text } from './reader.ts';
import { personWords, texts as t } from './texts.ts';

interface FieldProps {
  reader: Reader;
  field: FieldView;
  violations: readonly Violation[];
}

export function Fields({ reader, fields, violations }: { reader: Reader; fields: readonly FieldView[]; violations: readonly Violation[] }) {
  return <>{fields.map((field) => <FieldBlock key={field.name} reader={reader} field={field} violations={violations} />)}</>;
}

function FieldBlock(props: FieldProps) {
  const { field, violations } = props;
  const isFaulty = violations.some((violation) => violation.field === field.name);
  return (
    <div class={['field', field.when === null ? '' : `when-${field.when}`, isFaulty ? 'faulty' : ''].filter(Boolean).join(' ')}>
      <FieldBody {...props} />
    </div>
  );
}

function FieldBody(props: FieldProps) {
  const { field } = props;
  if (field.persons !== null) return <PersonList {...props} persons={field.persons} />;
  if (field.address !== null) return <Address {...props} address={field.address} />;
  if (field.area !== null) return <Area {...props} area={field.area} />;
  if (field.type === 'code' && field.options.length > 7) return <Select {...props} />;
  if (field.options.length > 0) return <Radios {...props} />;
  return field.type === 'long_text' ? <TextArea {...props} /> : <TextInput {...props} />;
}

function optionalMark({ required }: FieldView): Text {
  return required ? { zh: '', en: '' } : t.optional;
}

function hintOf(field: FieldView): Text | null {
  if (field.hint !== null) return field.hint;
  if (field.type === 'id_number') return t.id_hint;
  return field.type === 'date' ? t.date_hint : field.type === 'time' ? t.time_hint : null;
}

/** What keyboards and browsers should offer. */
function typing(field: FieldView) {
  switch (field.type) {
    case 'phone': return { type: 'tel', inputmode: 'tel', autocomplete: 'tel', class: 'medium' } as const;
    case 'whole_number': return { type: 'text', inputmode: 'numeric', class: 'short' } as const;
    case 'date': case 'time': return { type: 'text', inputmode: 'numeric', class: 'medium' } as const;
    case 'document_no': case 'organisation_code': return { type: 'text', autocomplete: 'off', autocapitalize: 'characters', spellcheck: false, class: 'medium number' } as const;
    case 'id_number': return { type: 'text', autocomplete: 'off', autocapitalize: 'characters', spellcheck: false, class: 'medium number' } as const;
    case 'person_name': return { type: 'text', autocomplete: 'off', spellcheck: false, class: 'medium' } as const;
    default: return { type: 'text', class: 'long' } as const;
  }
}

function TextInput({ reader: { say }, reader, field, violations }: FieldProps) {
  const hint = hintOf(field);
  return (
    <>
      <label for={field.name}>{say(field.label)}{say(optionalMark(field))}</label>
      {hint === null ? null : <p class="hint" id={`${field.name}-hint`}>{say(hint)}</p>}
      <FieldError reader={reader} field={field.name} violations={violations} />
      <input id={field.name} name={field.name} value={field.typed} {...typing(field)} aria-invalid={isFaulty(field.name, violations)} aria-describedby={describedBy(field.name, violations, hint !== null)} />
    </>
  );
}

/** Paragraphs: the box shows about as many lines as are expected. */
function TextArea({ reader: { say }, reader, field, violations }: FieldProps) {
  const hint = hintOf(field);
  return (
    <>
      <label for={field.name}>{say(field.label)}{say(optionalMark(field))}</label>
      {hint === null ? null : <p class="hint" id={`${field.name}-hint`}>{say(hint)}</p>}
      <FieldError reader={reader} field={field.name} violations={violations} />
      <textarea id={field.name} name={field.name} class="long" rows={(field.length_max ?? 500) > 500 ? 12 : 5} aria-invalid={isFaulty(field.name, violations)} aria-describedby={describedBy(field.name, violations, hint !== null)}>{field.typed}</textarea>
    </>
  );
}

const isFaulty = (name: string, violations: readonly Violation[]): true | undefined => violations.some((violation) => violation.field === name) || undefined;

function Radios({ reader: { say }, reader, field, violations }: FieldProps) {
  const hint = hintOf(field);
  return (
    <fieldset aria-describedby={describedBy(field.name, violations, hint !== null)}>
      <legend>{say(field.label)}{say(optionalMark(field))}</legend>
      {hint === null || field.type === 'id_number' ? null : <p class="hint" id={`${field.name}-hint`}>{say(hint)}</p>}
      <FieldError reader={reader} field={field.name} violations={violations} />
      <div class={field.type === 'yes_no' ? 'choices inline' : 'choices'}>
        {field.options.map((option, index) => (
          <label class="choice"><input type="radio" id={index === 0 ? field.name : undefined} name={field.name} value={option.value} checked={option.value === field.typed} /><span>{say(option.label)}</span></label>
        ))}
      </div>
    </fieldset>
  );
}

function Options({ reader: { say }, options, chosen }: { reader: Reader; options: readonly OptionView[]; chosen: string }) {
  return (
    <>
      <option value="">{say(t.choose)}</option>
      {options.map((option) => <option value={option.value} selected={option.value === chosen}>{say(option.label)}</option>)}
    </>
  );
}

function Select({ reader: { say }, reader, field, violations }: FieldProps) {
  return (
    <>
      <label for={field.name}>{say(field.label)}{say(optionalMark(field))}</label>
      {field.hint === null ? null : <p class="hint" id={`${field.name}-hint`}>{say(field.hint)}</p>}
      <FieldError reader={reader} field={field.name} violations={violations} />
      <select id={field.name} name={field.name} aria-invalid={isFaulty(field.name, violations)} aria-describedby={describedBy(field.name, violations, field.hint !== null)}><Options reader={reader} options={field.options} chosen={field.typed} /></select>
    </>
  );
}

/* ---- Persons ----------------------------------------------------------------------------------------------------- */

function PersonList({ reader: { say }, reader, field, violations, persons }: FieldProps & { persons: PersonListView }) {
  const { members, typed, household } = persons;
  const words = personWords[persons.of];
  const lead = household === 'found' ? words.found : household === 'waiting' ? t.household_waiting : t.household_not_found;
  return (
    <fieldset id={field.name} tabindex={-1} aria-describedby={describedBy(field.name, violations, true)}>
      <legend>{say(field.label)}</legend>
      <p class={household === 'waiting' ? 'note' : 'hint'} id={`${field.name}-hint`} data-wait={household === 'waiting' ? 'household' : undefined}>{say(lead)}{members.length === 0 || !persons.has_relation ? null : ` ${say(t.household_relations)}`}{field.hint === null ? null : ` ${say(field.hint)}`}</p>
      <FieldError reader={reader} field={field.name} violations={violations} />
      {members.length === 0 ? null : <div class="members">{members.map((member) => <Member reader={reader} field={field} persons={persons} member={member} violations={violations} />)}</div>}
      {typed.length === 0 || members.length === 0 ? null : <h2>{say(words.others)}</h2>}
      {typed.map((person, index) => <TypedPerson reader={reader} field={field} person={person} number={index + 1} persons={persons} violations={violations} removable={typed.length > 1 || members.length > 0} />)}
      {persons.has_relation ? <p class="hint">{say(t.relation_hint)}</p> : null}
      {persons.has_room ? <button class="button quiet small" name="_act" value="add">{say(members.length > 0 && typed.length === 0 ? words.others : t.person_add)}</button> : null}
    </fieldset>
  );
}

function Member({ reader: { say }, reader, field, persons, member, violations }: { reader: Reader; field: FieldView; persons: PersonListView; member: MemberView; violations: readonly Violation[] }) {
  const words = personWords[persons.of];
  const select = `${field.name}.pick_relation.${member.key}`;
  const faults = member.row === null ? [] : violations.filter((violation) => violation.field.startsWith(`${field.name}.${member.row}.`)).map((violation) => ({ ...violation, field: select }));
  return (
    <div class="member" id={member.row === null ? undefined : `${field.name}.${member.row}.relation`}>
      <label class="choice">
        <input type="checkbox" name={`${field.name}.pick.${member.key}`} value="yes" checked={member.is_picked} />
        <span><strong>{member.name}</strong>{member.is_self ? <span class="tag">{say(t.myself)}</span> : null}<small>{member.id_number_masked} · {say(t.now_is(say(member.relation_text)))}</small></span>
      </label>
      {persons.has_relation ? (
        <div class="relation">
          <FieldError reader={reader} field={select} violations={faults} />
          <label><span class="small">{say(words.relation)}</span>
            <select name={select} aria-label={say(words.relation_of(member.name))} aria-invalid={isFaulty(select, faults)}><Options reader={reader} options={member.relations} chosen={member.relation} /></select>
          </label>
        </div>
      ) : <FieldError reader={reader} field={select} violations={faults} />}
    </div>
  );
}

function TypedPerson({ reader: { say }, reader, field, person, number, persons, violations, removable }: {
  reader: Reader; field: FieldView; person: PersonListView['typed'][number]; number: number; persons: PersonListView; violations: readonly Violation[]; removable: boolean;
}) {
  const words = personWords[persons.of];
  const at = (part: string): string => `${field.name}.${person.row}.${part}`;
  const input = (part: 'name' | 'id_number', label: Text, css: string) => (
    <div class="field">
      <label for={at(part)}>{say(label)}</label>
      {part === 'id_number' ? <p class="hint" id={`${at(part)}-hint`}>{say(t.id_hint)}</p> : null}
      <FieldError reader={reader} field={at(part)} violations={violations} />
      <input id={at(part)} name={at(part)} value={person[part]} class={css} autocomplete="off" spellcheck={false} aria-invalid={isFaulty(at(part), violations)} aria-describedby={describedBy(at(part), violations, part === 'id_number')} />
    </div>
  );
  return (
    <fieldset class="person">
      <legend>{say(t.person_number(number))}</legend>
      {input('name', t.person_name, 'medium')}
      {input('id_number', t.person_id, 'medium number')}
      {persons.has_relation ? (
        <div class="field">
          <label for={at('relation')}>{say(words.relation)}</label>
          <FieldError reader={reader} field={at('relation')} violations={violations} />
          <select id={at('relation')} name={at('relation')} aria-invalid={isFaulty(at('relation'), violations)}><Options reader={reader} options={persons.relations} chosen={person.relation} /></select>
        </div>
      ) : null}
      {removable ? <button class="plain" name="_act" value={`remove:${person.row}`}>{say(t.person_remove(number))}</button> : null}
    </fieldset>
  );
}

/* ---- Address ----------------------------------------------------------------------------------------------------- */

function Address({ reader: { say }, reader, field, violations, address }: FieldProps & { address: AddressView }) {
  const { areas, area, query, found, chosen } = address;
  const area_name = `${field.name}.area`;
  const query_name = `${field.name}.query`;
  return (
    <fieldset class="address" id={field.name} tabindex={-1} data-suggest="/address-suggestions" aria-describedby={describedBy(field.name, violations, field.hint !== null)}>
      <legend>{say(field.label)}</legend>
      {field.hint === null ? null : <p class="hint" id={`${field.name}-hint`}>{say(field.hint)}</p>}
      <FieldError reader={reader} field={field.name} violations={violations} />
      {chosen === null ? null : <label class="choice chosen"><input type="radio" name={field.name} value={chosen.address_id} checked /><span><small class="mark-chosen">{say(t.address_chosen)}</small><AddressLine line={chosen.line} /></span></label>}
      <div class="finder">
        <div>
          <label for={area_name}>{say(t.address_area)}</label>
          <select id={area_name} name={area_name} lang="zh-CN">
            <option value="">{say(t.choose)}</option>
            {areas.map((prefecture) => <optgroup label={prefecture.prefecture}>{prefecture.counties.map((county) => <option value={county.code} selected={county.code === area}>{county.name}</option>)}</optgroup>)}
          </select>
        </div>
        <div>
          <label for={query_name}>{say(t.address_query)}</label>
          <p class="hint" id={`${query_name}-hint`}>{say(t.address_query_hint)}</p>
          <input id={query_name} name={query_name} value={query} class="long" type="text" autocomplete="off" aria-describedby={`${query_name}-hint`} />
        </div>
        <button class="button quiet" name="_act" value={`find:${field.name}`}>{say(t.address_find)}</button>
      </div>
      <div class="found" aria-live="polite" data-none={say(t.address_none)} data-more={say(t.address_more)}>
        {found === null ? null : <Found reader={reader} field={field} found={found} chosen={chosen?.address_id} />}
      </div>
    </fieldset>
  );
}

function Found({ reader: { say }, field, found, chosen }: { reader: Reader; field: FieldView; found: NonNullable<AddressView['found']>; chosen: string | undefined }) {
  const others = found.filter((address) => address.address_id !== chosen);
  if (found.length === 0) return <p class="note">{say(t.address_none)}</p>;
  return (
    <>
      {others.map((address) => <label class="choice"><input type="radio" name={field.name} value={address.address_id} /><AddressLine line={address.line} /></label>)}
      {found.length >= 10 ? <p class="hint">{say(t.address_more)}</p> : null}
    </>
  );
}

/* ---- Divisions --------------------------------------------------------------------------------------------------- */

function Area({ reader: { say }, field, violations, area, reader }: FieldProps & { area: AreaView }) {
  const { query, found, chosen } = area;
  const query_name = `${field.name}.query`;
  const others = (found ?? []).filter((one) => one.code !== chosen?.code);
  return (
    <fieldset class="address" id={field.name} tabindex={-1} data-suggest="/area-suggestions" aria-describedby={describedBy(field.name, violations, field.hint !== null)}>
      <legend>{say(field.label)}{say(optionalMark(field))}</legend>
      {field.hint === null ? null : <p class="hint" id={`${field.name}-hint`}>{say(field.hint)}</p>}
      <FieldError reader={reader} field={field.name} violations={violations} />
      {chosen === null ? null : <label class="choice chosen"><input type="radio" name={field.name} value={chosen.code} checked /><span><small class="mark-chosen">{say(t.address_chosen)}</small><b lang="zh-CN">{chosen.full_name}</b></span></label>}
      {chosen === null || field.required ? null : <label class="choice"><input type="radio" name={field.name} value="" /><span>{say(t.area_none_chosen)}</span></label>}
      <div class="finder">
        <div>
          <label for={query_name}>{say(t.area_query)}</label>
          <p class="hint" id={`${query_name}-hint`}>{say(t.area_query_hint)}</p>
          <input id={query_name} name={query_name} value={query} class="long" type="text" autocomplete="off" aria-describedby={`${query_name}-hint`} />
        </div>
        <button class="button quiet" name="_act" value={`find:${field.name}`}>{say(t.area_find)}</button>
      </div>
      <div class="found" aria-live="polite" data-none={say(t.area_none)} data-more={say(t.area_more)}>
        {found === null ? null : others.map((one) => <label class="choice"><input type="radio" name={field.name} value={one.code} /><b lang="zh-CN">{one.full_name}</b></label>)}
        {found !== null && found.length === 0 ? <p class="note">{say(t.area_none)}</p> : null}
        {found !== null && found.length >= 10 ? <p class="hint">{say(t.area_more)}</p> : null}
      </div>
    </fieldset>
  );
}
