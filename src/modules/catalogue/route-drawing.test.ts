// @ts-expect-error The package declares no types for its main entry.
import { BpmnModdle } from 'bpmn-moddle';
import { describe, expect, it } from 'vitest';
import { catalogue } from './load.ts';
import { organisationOfStep, routeBpmn, routeSvg, stepsOfService, type DrawnStep } from './route-drawing.ts';

interface Element {
  $type: string;
  id: string;
  [property: string]: any;
}

async function parse(xml: string): Promise<Element> {
  const { rootElement, warnings } = await new BpmnModdle().fromXML(xml) as { rootElement: Element; warnings: unknown[] };
  expect(warnings).toEqual([]);
  return rootElement;
}

const services = [...catalogue().services.values()];
const steps: DrawnStep[] = [
  { step: 1, label: { zh: '迁入地派出所受理', en: 'Accepted at the new station' }, org_name: '昆明市公安局五华分局华山派出所', state: 'done', done_at: '2026-11-20T01:10:00Z', done_by: '岩温·罕' },
  { step: 2, label: { zh: '迁出地派出所确认', en: 'Confirmed by the old station' }, org_name: '大理市公安局下关派出所', state: 'objected', arrived_at: '2026-11-20T02:00:00Z', due_at: '2026-11-23T09:30:00Z' },
  { step: 3, label: { zh: '两地同时办结', en: 'Registered at both places at once' }, org_name: '昆明市公安局五华分局华山派出所', state: 'waiting' },
];

describe('the route as BPMN 2.0', () => {
  it.each(services.map((service) => [service.code, service] as const))('%s parses without a warning and survives a round trip', async (_code, service) => {
    const definitions = await parse(routeBpmn(service));
    const { xml } = await new BpmnModdle().toXML(definitions as never);
    expect(await parse(xml)).toEqual(definitions);
  });

  it.each(services.map((service) => [service.code, service] as const))('%s has a user task for each step, in the lane of its organisation, with its limit', async (_code, service) => {
    const definitions = await parse(routeBpmn(service));
    const process = definitions['rootElements'].find((root: Element) => root.$type === 'bpmn:Process') as Element;
    const tasks = process['flowElements'].filter((element: Element) => element.$type === 'bpmn:UserTask') as Element[];
    expect(tasks.map((task) => task['name'])).toEqual(service.route.map((step) => step.label.zh));
    for (const step of service.route) {
      const lane = process['laneSets'][0].lanes.find((candidate: Element) => candidate['flowNodeRef'].some((node: Element) => node.id === `step_${step.step}`)) as Element;
      expect(lane['name']).toBe(organisationOfStep(step).zh);
      expect(tasks[step.step - 1]!['documentation'][0].text).toContain(`limit_working_minutes: ${step.limit_working_minutes}`);
    }
  });

  it.each(services.map((service) => [service.code, service] as const))('%s puts a timer exactly on the steps where silence confirms', async (_code, service) => {
    const definitions = await parse(routeBpmn(service));
    const process = definitions['rootElements'].find((root: Element) => root.$type === 'bpmn:Process') as Element;
    const timers = process['flowElements'].filter((element: Element) => element.$type === 'bpmn:BoundaryEvent') as Element[];
    expect(timers.map((timer) => [timer['attachedToRef'].id, timer['eventDefinitions'][0].timeDuration.body]))
      .toEqual(service.route.filter((step) => step.on_timeout === 'confirm').map((step) => [`step_${step.step}`, `PT${step.limit_working_minutes}M`]));
  });

  it.each(services.map((service) => [service.code, service] as const))('%s connects and draws every element, and each arrow begins and ends at what it connects', async (_code, service) => {
    const definitions = await parse(routeBpmn(service));
    const process = definitions['rootElements'].find((root: Element) => root.$type === 'bpmn:Process') as Element;
    const drawn = new Map<string, Element>(definitions['diagrams'][0].plane.planeElement.map((shape: Element) => [shape['bpmnElement'].id, shape]));
    for (const element of process['flowElements'] as Element[]) {
      expect(drawn.has(element.id), element.id).toBe(true);
      if (element.$type === 'bpmn:SequenceFlow') {
        const waypoints = drawn.get(element.id)!['waypoint'] as Array<{ x: number; y: number }>;
        for (const [end, point] of [['sourceRef', waypoints[0]!], ['targetRef', waypoints.at(-1)!]] as const) {
          const { x, y, width, height } = drawn.get(element[end].id)!['bounds'];
          const onBorder = ((point.x === x || point.x === x + width) && point.y >= y && point.y <= y + height) || ((point.y === y || point.y === y + height) && point.x >= x && point.x <= x + width);
          expect(onBorder, `${element.id} ${end}`).toBe(true);
        }
        continue;
      }
      if (element.$type !== 'bpmn:StartEvent' && element.$type !== 'bpmn:BoundaryEvent') expect(element['incoming']?.length, element.id).toBeGreaterThan(0);
      if (element.$type !== 'bpmn:EndEvent') expect(element['outgoing']?.length, element.id).toBeGreaterThan(0);
      const lane = process['laneSets'][0].lanes.find((candidate: Element) => candidate['flowNodeRef'].includes(element)) as Element;
      const box = drawn.get(lane.id)!['bounds'];
      const own = drawn.get(element.id)!['bounds'];
      expect(own.y >= box.y && own.y + own.height <= box.y + box.height && own.x + own.width <= box.x + box.width, `${element.id} lies in its lane`).toBe(true);
    }
  });

  it('names the process after the case that is exported', async () => {
    const definitions = await parse(routeBpmn(services[0]!, '0193c0de-0000-7000-8000-000000000001'));
    expect(definitions['rootElements'].map((root: Element) => root.id)).toContain('case_0193c0de-0000-7000-8000-000000000001');
  });

  it('keeps characters of XML and beyond the basic plane as they are', async () => {
    const name = { zh: '<迁移> & "𬭊䶮"', en: '<move> & "rare"' };
    const definitions = await parse(routeBpmn({ ...services[0]!, name }));
    expect(definitions['rootElements'].find((root: Element) => root.$type === 'bpmn:Process')['name']).toBe(name.zh);
  });
});

describe('the drawing of a route', () => {
  it('tells each state by a word and a shape, in both languages', () => {
    const states = ['waiting', 'active', 'done', 'returned', 'refused', 'objected', 'automatic', 'skipped'];
    for (const language of ['zh', 'en'] as const) {
      const drawings = states.map((state) => routeSvg([{ ...steps[0]!, state, done_at: null, done_by: null }], language));
      const shapes = drawings.map((svg) => /<g transform="translate[^>]*>(.*?)<\/g>/.exec(svg)![1]!.replaceAll(/#[0-9a-f]{6}/g, ''));
      const labels = drawings.map((svg) => />1 · ([^<]+)</.exec(svg)![1]);
      expect(new Set(shapes).size).toBe(states.length);
      expect(new Set(labels).size).toBe(states.length);
    }
  });

  it('says the whole route to a screen reader', () => {
    const svg = routeSvg(steps, 'zh');
    expect(svg).toContain('<title>办理流程</title>');
    expect(/<desc>(.*?)<\/desc>/.exec(svg)![1]).toBe('第1步 迁入地派出所受理,昆明市公安局五华分局华山派出所,已办;第2步 迁出地派出所确认,大理市公安局下关派出所,有异议;第3步 两地同时办结,昆明市公安局五华分局华山派出所,未到');
    expect(svg.match(/role="listitem"/g)).toHaveLength(3);
  });

  it('passes a content policy without inline styles or scripts', () => {
    expect(routeSvg(steps, 'zh')).not.toMatch(/style=|<style|<script|\son\w+=|href=/);
  });

  it('carries markup in names as text', () => {
    const svg = routeSvg([{ ...steps[0]!, org_name: '<script>alert(1)</script>', done_by: '"><img src=x onerror=1>' }], 'zh');
    expect(svg).not.toMatch(/<script|<img/);
  });

  it('shows instants in the time of China wherever it is drawn', () => {
    expect(routeSvg(steps, 'zh')).toContain('>11-20 09:10<');
  });

  it('draws the route of a service item before there is a case', () => {
    expect(routeSvg(stepsOfService(catalogue().services.get('0502')!, 'zh'), 'zh')).toMatchSnapshot();
  });
});
