import { expect, it } from 'vitest';
import { services, materials } from '../fixtures/cases.ts';
import { answersOf, askedFields, emptyTyped, filesOf, neededMaterials, requiredEntries, submissionOf, typedOf, waysOf, withScans, type Typed } from './typed.ts';

const service = services['0502']!;
const typed: Typed = {
  applicant: { name: ' 阿依古丽•买买提江 ', id_number: '53010219900702002x', phone: '138 0000 0027' },
  fields: { whole_household: 'no', head_leaves: 'no', household_choice: 'join', target_head_name: '段𬭊', target_head_id_number: '532901195801190056', reason: '31', housing_basis: 'relative', delivery_mode: 'courier', delivery_address: '大理市' },
  persons: [{ name: '阿依古丽·买买提江', id_number: '53010219900702002x', relation: '38' }, { name: '', id_number: '', relation: '' }],
  addresses: { address_id: { address_id: '0193c0de-0000-7000-8000-000000000001', line: '龙山路 128 号' } },
  materials: { M27: { by: 'commitment', certificate_no: '' }, M24: { by: 'provided', certificate_no: '' }, M01: { by: '', certificate_no: '' } },
  scans: {},
};

it('turns what was typed into answers by the type of each field', () => {
  expect(answersOf(service, typed)).toMatchObject({
    movers: [{ name: '阿依古丽·买买提江', id_number: '53010219900702002X', relation: '38' }],
    whole_household: false, head_leaves: false, address_id: '0193c0de-0000-7000-8000-000000000001', household_choice: 'join', applicant_phone: '13800000027', delivery_address: '大理市',
  });
  expect(answersOf(services['0703']!, { ...emptyTyped, fields: { height_cm: '172' } })['height_cm']).toBe(172);
});

it('asks a field only while its condition holds, and does not send what was typed before a change of mind', () => {
  const names = (fields: Typed['fields']): string[] => askedFields(service, { ...typed, fields: { ...typed.fields, ...fields } }).map((field) => field.name);
  expect(names({})).toContain('target_head_name');
  expect(names({ household_choice: 'new' })).not.toContain('target_head_name');
  expect(names({ head_leaves: 'yes' })).toContain('new_head_id_number');
  expect(answersOf(service, { ...typed, fields: { ...typed.fields, household_choice: 'new' } })).not.toHaveProperty('target_head_name');
});

it('counts required entries that are still empty, each row of persons by itself', () => {
  const { all, empty } = requiredEntries(service, typed);
  expect(empty).toEqual(['movers.1.name', 'movers.1.id_number', 'movers.1.relation']);
  expect(all).toContain('applicant_phone');
  expect(requiredEntries(service, { ...typed, persons: typed.persons.slice(0, 1) }).empty).toEqual([]);
  expect(requiredEntries(service, emptyTyped).empty.slice(0, 4)).toEqual(['applicant_name', 'applicant_id_number', 'applicant_phone', 'movers.0.name']);
});

it('asks for the materials that the answers call for, in the ways each allows', () => {
  expect(neededMaterials(service, typed).map(({ code }) => code)).toEqual(['M01', 'M27', 'M23']);
  expect(waysOf(materials['M27']!)).toEqual(['', 'provided', 'commitment']);
  expect(waysOf(materials['M24']!)).toEqual(['', 'provided', 'certificate']);
});

it('counts the identity paper as seen unless the officer says otherwise', () => {
  expect(submissionOf(service, materials, { ...typed, materials: {} }).materials).toEqual([{ code: 'M01', by: 'provided' }]);
});

it('sends the applicant in the form of the register and only materials that are needed and settled', () => {
  expect(submissionOf(service, materials, typed)).toMatchObject({
    service_code: '0502', applicant_name: '阿依古丽·买买提江', applicant_id_number: '53010219900702002X', applicant_phone: '13800000027', materials: [{ code: 'M27', by: 'commitment' }],
  });
});

it('a county is chosen like an address, numbers of papers are written in capitals, and lists without relations ask for none', () => {
  const leaving = services['0401']!;
  const at = (fields: Typed['fields'], addresses: Typed['addresses'] = {}): Typed => ({ ...emptyTyped, fields, addresses, persons: [{ name: '段𬭊', id_number: '53010219900702002X', relation: '' }] });
  expect(answersOf(leaving, at({ permit_no: ' e53 2026 001 ' }, { destination_area: { address_id: '510107', line: '四川省成都市武侯区' } }))).toMatchObject({
    permit_no: 'E532026001', destination_area: '510107', movers: [{ name: '段𬭊', id_number: '53010219900702002X', relation: '' }],
  });
  expect(requiredEntries(leaving, at({})).empty).not.toContain('movers.0.relation');
});

it('sends scans in the field of their material, and takes an original that was scanned for seen', () => {
  const scan = { id: 1, file: new File(['x'], '同意书.jpg', { type: 'image/jpeg' }) };
  const after = withScans(typed, 'M23', [scan], { by: '', certificate_no: '' });
  expect(after.materials['M23']).toEqual({ by: 'provided', certificate_no: '' });
  // What was chosen already stands: a signed commitment may be scanned, too.
  expect(withScans(typed, 'M27', [scan], typed.materials['M27']!).materials['M27']!.by).toBe('commitment');
  expect(filesOf({ M23: [scan], M24: [scan] }, ['M23', 'M27']).map(({ field, file }) => [field, file.name])).toEqual([['scan.M23', '同意书.jpg']]);
});

it('puts what was answered before back into the fields it came from', () => {
  const answers = answersOf(service, typed);
  const declared = Object.entries(answers).map(([name, value]) => ({ name, value, line: name === 'address_id' ? '龙山路 128 号' : null }));
  expect(answersOf(service, { ...emptyTyped, ...typedOf(service, declared) })).toEqual(answers);
  expect(typedOf(service, declared).addresses['address_id']!.line).toBe('龙山路 128 号');
});
