import { afterAll, beforeAll, expect, it } from 'vitest';
import { adults, CaseAtWork, headOf, postAt, takeFamily, type Acting } from '../../../test/harness/case-at-work.ts';
import { demoWorld, type Desk, type World } from '../../../test/harness/world.ts';
import { catalogue, replayCase } from '../catalogue/index.ts';
import { listPastCases } from './past.ts';

const station = '532901500000';
let world: World;
let officer: Desk;

beforeAll(async () => {
  world = await demoWorld();
  officer = await postAt(world, 'station_officer', station);
});
afterAll(() => world.close());

it('an ended case is read with what was answered, settled, examined and decided; an open one is none', async () => {
  const subject = headOf(await takeFamily(world, station, (one) => adults(one).length >= 2));
  const enter = async (workplace: string): Promise<CaseAtWork> => {
    const answer = await officer.post<Acting>('/api/cases', {
      service_code: '0703', applicant_name: subject.name, applicant_id_number: subject.id_number, applicant_phone: '19900001234',
      answers: { subject_id_number: subject.id_number, subject_name: subject.name, applicant_phone: '19900001234', delivery_mode: 'electronic', workplace }, materials: [{ code: 'M01', by: 'provided' }],
    });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return new CaseAtWork(world, answer.body);
  };
  const before = (await listPastCases(world.police.owner, 100)).length;
  const done = await enter('大理州博物馆');
  await done.act(officer, 'execute', { opinion: '已核对。' });
  await enter('凤仪镇卫生院');
  const past = await listPastCases(world.police.owner, 100);
  expect(past).toHaveLength(before + 1);
  const [newest] = past;
  expect(newest).toMatchObject({
    service_code: '0703', submitted_on: '2026-11-23', outcome: 'executed', from_top: false, answers: { workplace: '大理州博物馆' }, steps: [{ act: 'execute_instant', role: 'station_officer', level: 'STATION' }],
  });
  expect(newest!.checks).toContainEqual({ rule: 'something_changes', passed: true });
  expect(newest!.materials.find(({ code }) => code === 'M01')).toMatchObject({ state: 'provided' });
  // What the catalogue of today would say to it is what it said.
  expect(replayCase(newest!, catalogue(), catalogue())).toEqual([]);
});
