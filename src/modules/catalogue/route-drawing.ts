/**
 * The route of a case as people see it: a drawing (SVG) and an exchange file (BPMN 2.0).
 * Both are pure functions of the data; nothing here runs a route.
 */
import type { Text } from '../../kernel/operation.ts';
import type { Act, Level, RouteStep, Service } from './service.ts';

type Language = keyof Text;

/** A state that is not among these is drawn as waiting. */
export type StepState = 'waiting' | 'active' | 'done' | 'returned' | 'refused' | 'objected' | 'automatic' | 'skipped';

/** What the drawing needs of a step; the step views of the cases module have all of it. */
export interface DrawnStep {
  step: number;
  label: Text;
  org_name: string;
  state: string;
  arrived_at?: string | null;
  due_at?: string | null;
  done_at?: string | null;
  done_by?: string | null;
}

interface StateLook {
  name: Text;
  ink: string;
  paper: string;
  dashed: boolean;
  /** Shape of the mark in a square of 16; the state is told by form and word, not by colour alone. */
  mark: string;
}

const stateLooks: Record<StepState, StateLook> = {
  waiting: { name: { zh: '未到', en: 'To come' }, ink: '#5b6675', paper: '#ffffff', dashed: true, mark: '<circle cx="8" cy="8" r="6" fill="none" stroke="#5b6675" stroke-width="1.5"/>' },
  active: { name: { zh: '办理中', en: 'In hand' }, ink: '#174a8c', paper: '#e8f0fb', dashed: false, mark: '<path d="M3 2 L14 8 L3 14 Z" fill="#174a8c"/>' },
  done: { name: { zh: '已办', en: 'Done' }, ink: '#14663c', paper: '#eaf5ee', dashed: false, mark: '<circle cx="8" cy="8" r="7" fill="#14663c"/><path d="M4.5 8.2 L7 10.7 L11.5 5.6" fill="none" stroke="#ffffff" stroke-width="1.8"/>' },
  automatic: { name: { zh: '期满自动确认', en: 'By silence' }, ink: '#14663c', paper: '#ffffff', dashed: false, mark: '<circle cx="8" cy="8" r="6.2" fill="none" stroke="#14663c" stroke-width="1.6"/><path d="M8 4.5 L8 8.4 L10.6 10" fill="none" stroke="#14663c" stroke-width="1.6"/>' },
  returned: { name: { zh: '已退回', en: 'Returned' }, ink: '#8a5200', paper: '#fff5e0', dashed: false, mark: '<path d="M8 2 L2 8 L8 14 L8 10.4 L14 10.4 L14 5.6 L8 5.6 Z" fill="#8a5200"/>' },
  skipped: { name: { zh: '不经此步', en: 'Skipped' }, ink: '#5b6675', paper: '#ffffff', dashed: true, mark: '<path d="M2 8 H14" stroke="#5b6675" stroke-width="2"/>' },
  refused: { name: { zh: '不同意', en: 'Refused' }, ink: '#a3160d', paper: '#fdecea', dashed: false, mark: '<path d="M5 1 H11 L15 5 V11 L11 15 H5 L1 11 V5 Z" fill="#a3160d"/><path d="M5.2 5.2 L10.8 10.8 M10.8 5.2 L5.2 10.8" stroke="#ffffff" stroke-width="1.8"/>' },
  objected: { name: { zh: '有异议', en: 'Objected' }, ink: '#a3160d', paper: '#fff5e0', dashed: false, mark: '<path d="M8 0.5 L15.5 8 L8 15.5 L0.5 8 Z" fill="#a3160d"/><path d="M8 4.2 V8.8 M8 10.6 V12" stroke="#ffffff" stroke-width="1.8"/>' },
};

const words = {
  title: { zh: '办理流程', en: 'Route of the case' },
  step: { zh: '第{step}步 {label},{org},{state}', en: 'Step {step} {label}, {org}, {state}' },
  due: { zh: '应于 {at} 前', en: 'due {at}' },
  arrived: { zh: '{at} 到件', en: 'arrived {at}' },
} as const satisfies Record<string, Text>;

function lookOf(state: string): StateLook {
  return stateLooks[state as StepState] ?? stateLooks.waiting;
}

function fill(text: Text, language: Language, facts: Record<string, string | number>): string {
  return text[language].replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? ''));
}

function escapeXml(text: string): string {
  // Characters that XML 1.0 cannot carry would make the whole file unreadable.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replace(/[&<>"']/g, (c) => `&#${c.codePointAt(0)};`);
}

const shortInstant = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

function instant(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return text;
  const part = Object.fromEntries(shortInstant.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${part['month']}-${part['day']} ${part['hour']}:${part['minute']}`;
}

/** Chinese characters are one em wide, Latin letters about half of it. */
function widthOf(character: string): number {
  return (character.codePointAt(0) ?? 0) < 0x2e80 ? 0.56 : 1;
}

/** Breaks a text into lines of so many em, at spaces where there are any; what does not fit ends in an ellipsis. */
function wrap(text: string, width: number, linesMax: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.match(/[\u2e80-\u{10ffff}]|[^\s\u2e80-\u{10ffff}]+\s*|\s+/gu) ?? []) {
    const length = [...word.trimEnd()].reduce((sum, character) => sum + widthOf(character), 0);
    if (used > 0 && used + length > width) {
      lines.push(line.trimEnd());
      line = '';
      used = 0;
    }
    line += word;
    used += [...word].reduce((sum, character) => sum + widthOf(character), 0);
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  if (lines.length > linesMax) {
    lines.length = linesMax;
    lines[linesMax - 1] = `${[...lines[linesMax - 1]!].slice(0, -1).join('')}…`;
  }
  return lines;
}

const drawing = { lane_label: 132, column: 196, box_width: 160, box_height: 128, lane_height: 156, margin: 12 };

/**
 * Draws the steps of a case: one lane for each organisation, one column for each step.
 * @param steps in the order of the route
 * @returns an `<svg>` element with title and description; no style attribute, no script, so that it passes a strict content policy
 */
export function routeSvg(steps: readonly DrawnStep[], language: Language): string {
  const { lane_label, column, box_width, box_height, lane_height, margin } = drawing;
  const lanes = [...new Set(steps.map((step) => step.org_name))];
  const width = lane_label + steps.length * column + margin;
  const height = Math.max(1, lanes.length) * lane_height;
  const boxOf = (step: DrawnStep, index: number) => ({ x: lane_label + index * column + (column - box_width) / 2, y: lanes.indexOf(step.org_name) * lane_height + (lane_height - box_height) / 2 });

  const laneMarks = lanes.map((name, index) => {
    const y = index * lane_height;
    const label = wrap(name, 7.6, 5);
    const first = y + lane_height / 2 - ((label.length - 1) * 19) / 2 + 5;
    return `<rect x="0.5" y="${y + 0.5}" width="${width - 1}" height="${lane_height - 1}" fill="${index % 2 === 0 ? '#fafbfc' : '#f2f4f7'}" stroke="#cfd6df"/>`
      + `<rect x="0.5" y="${y + 0.5}" width="${lane_label - 12}" height="${lane_height - 1}" fill="#e7ebf1" stroke="#cfd6df"/>`
      + label.map((line, row) => `<text x="${(lane_label - 12) / 2}" y="${first + row * 19}" text-anchor="middle" font-size="13" fill="#1d2733">${escapeXml(line)}</text>`).join('');
  });

  const arrows = steps.slice(1).map((step, before) => {
    const from = boxOf(steps[before]!, before);
    const to = boxOf(step, before + 1);
    const x = from.x + box_width;
    const y = from.y + box_height / 2;
    const end = to.y + box_height / 2;
    const middle = (x + to.x) / 2;
    const passed = step.state !== 'waiting';
    const ink = passed ? '#14663c' : '#5b6675';
    return `<path d="M${x} ${y} H${middle} V${end} H${to.x - 8}" fill="none" stroke="${ink}" stroke-width="1.6"${passed ? '' : ' stroke-dasharray="4 3"'}/>`
      + `<path d="M${to.x - 9} ${end - 5} L${to.x - 1} ${end} L${to.x - 9} ${end + 5} Z" fill="${ink}"/>`;
  });

  const boxes = steps.map((step, index) => {
    const { x, y } = boxOf(step, index);
    const look = lookOf(step.state);
    const label = wrap(step.label[language], 10.4, 3);
    const notes = step.done_at ? [...(step.done_by ? [step.done_by] : []), instant(step.done_at)]
      : [...(step.arrived_at ? [fill(words.arrived, language, { at: instant(step.arrived_at) })] : []), ...(step.due_at ? [fill(words.due, language, { at: instant(step.due_at) })] : [])];
    const spoken = fill(words.step, language, { step: step.step, label: step.label[language], org: step.org_name, state: look.name[language] });
    return `<g role="listitem" aria-label="${escapeXml([spoken, ...notes].join(language === 'zh' ? ',' : ', '))}">`
      + `<rect x="${x}" y="${y}" width="${box_width}" height="${box_height}" rx="6" fill="${look.paper}" stroke="${look.ink}" stroke-width="${step.state === 'active' ? 2.5 : 1.4}"${look.dashed ? ' stroke-dasharray="5 3"' : ''}/>`
      + `<g transform="translate(${x + 10} ${y + 10})">${look.mark}</g>`
      + `<text x="${x + 32}" y="${y + 23}" font-size="13" font-weight="600" fill="${look.ink}">${escapeXml(`${step.step} · ${look.name[language]}`)}</text>`
      + label.map((line, row) => `<text x="${x + 10}" y="${y + 46 + row * 18}" font-size="13.5" fill="#1d2733">${escapeXml(line)}</text>`).join('')
      + notes.flatMap((note) => wrap(note, 12.4, 1)).map((line, row, all) => `<text x="${x + 10}" y="${y + box_height - 10 - (all.length - 1 - row) * 16}" font-size="11.5" fill="#46515f">${escapeXml(line)}</text>`).join('')
      + '</g>';
  });

  const description = steps.map((step) => fill(words.step, language, { step: step.step, label: step.label[language], org: step.org_name, state: lookOf(step.state).name[language] })).join(language === 'zh' ? ';' : '; ');
  return `<svg xmlns="http://www.w3.org/2000/svg" class="route" role="list" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" `
    + `aria-label="${words.title[language]}" font-family="system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif" lang="${language === 'zh' ? 'zh-CN' : 'en'}">`
    + `<title>${words.title[language]}</title><desc>${escapeXml(description)}</desc>${laneMarks.join('')}${arrows.join('')}${boxes.join('')}</svg>`;
}

const placeNames: Record<RouteStep['at'], Text> = {
  target: { zh: '迁入地', en: 'Destination' },
  origin: { zh: '迁出地', en: 'Origin' },
  registered: { zh: '户籍地', en: 'Place of registration' },
  counter: { zh: '受理地', en: 'Place of application' },
};
const levelNames: Record<Level, Text> = {
  STATION: { zh: '派出所', en: 'police station' },
  COUNTY: { zh: '县(市、区)公安局', en: 'county bureau' },
  PREFECTURE: { zh: '州(市)公安局', en: 'prefecture bureau' },
  PROVINCE: { zh: '省公安厅', en: 'provincial department' },
};

const agencyNames: Record<NonNullable<RouteStep['agency']>, Record<Exclude<Level, 'STATION'>, Text>> = {
  ethnic_affairs: {
    COUNTY: { zh: '县级民族工作部门', en: 'ethnic-affairs department of the county' },
    PREFECTURE: { zh: '州(市)级民族工作部门', en: 'ethnic-affairs department of the prefecture' },
    PROVINCE: { zh: '省级民族工作部门', en: 'ethnic-affairs department of the province' },
  },
};

/** Name of the organisation that a step of the catalogue lies with, before any case names a real one. */
export function organisationOfStep(step: Pick<RouteStep, 'at' | 'level' | 'agency'>): Text {
  if (step.agency !== undefined && step.level !== 'STATION') return agencyNames[step.agency][step.level];
  return { zh: `${placeNames[step.at].zh}${levelNames[step.level].zh}`, en: `${placeNames[step.at].en}: ${levelNames[step.level].en}` };
}

/** The route as the catalogue has it, for a drawing without a case. */
export function stepsOfService(service: Service, language: Language): DrawnStep[] {
  return service.route.map((step) => ({ step: step.step, label: step.label, org_name: organisationOfStep(step)[language], state: 'waiting' }));
}

/** Acts that may end the case or send it back: question at the gateway, and the end it leads to. */
const turnings: Partial<Record<Act, { question: Text; yes: Text; no: Text; leads: 'end' | 'approver' }>> = {
  accept: { question: { zh: '是否受理', en: 'Accepted?' }, yes: { zh: '受理', en: 'accepted' }, no: { zh: '不予受理', en: 'not accepted' }, leads: 'end' },
  approve: { question: { zh: '是否批准', en: 'Approved?' }, yes: { zh: '批准', en: 'approved' }, no: { zh: '不予批准', en: 'rejected' }, leads: 'end' },
  confirm_out: { question: { zh: '有无异议', en: 'Objection?' }, yes: { zh: '确认迁出', en: 'confirmed' }, no: { zh: '异议', en: 'objection' }, leads: 'approver' },
};

interface Point {
  x: number;
  y: number;
}
interface Node extends Point {
  id: string;
  lane: number;
  width: number;
  height: number;
  tag: 'startEvent' | 'userTask' | 'exclusiveGateway' | 'endEvent' | 'boundaryEvent';
  name: Text | null;
  attributes?: string;
  inner?: string;
  documentation?: string;
  /** A gateway that is left downwards has its question above. */
  question_above?: boolean;
}
interface Flow {
  id: string;
  from: Node;
  to: Node;
  name: Text | null;
  points: Point[];
}

const sheet = { pool: 30, lane: 30, left: 60, column: 230, lane_height: 220, task_width: 120, task_height: 80 };

/**
 * The route of a service item as BPMN 2.0 XML with semantics and diagram: one pool, a lane for each
 * organisation, user tasks, gateways where a case may end or turn back, and a boundary timer where
 * silence means consent. It is a picture for exchange and is not executable.
 * @param caseId names the process after a case; otherwise after the service item
 */
export function routeBpmn(service: Service, caseId?: string): string {
  const lanes = [...new Set(service.route.map((step) => organisationOfStep(step).zh))];
  const laneOf = (step: RouteStep) => lanes.indexOf(organisationOfStep(step).zh);
  const left = sheet.pool + sheet.lane + sheet.left;
  const middle = (lane: number) => lane * sheet.lane_height + 90;
  const nodes: Node[] = [];
  const flows: Flow[] = [];
  const add = (node: Node): Node => {
    nodes.push(node);
    return node;
  };
  const connect = (from: Node, to: Node, name: Text | null = null, points?: Point[]): void => {
    const start = { x: from.x + from.width, y: from.y + from.height / 2 };
    const end = { x: to.x, y: to.y + to.height / 2 };
    const bend = end.x - 20;
    flows.push({ id: `flow_${flows.length + 1}`, from, to, name, points: points ?? (start.y === end.y ? [start, end] : [start, { x: bend, y: start.y }, { x: bend, y: end.y }, end]) });
  };

  const firstLane = service.route[0] === undefined ? 0 : laneOf(service.route[0]);
  let before = add({ id: 'start', tag: 'startEvent', name: { zh: '申请提交', en: 'Application submitted' }, lane: firstLane, x: left - 18, y: middle(firstLane) - 18, width: 36, height: 36 });
  let beforeName: Text | null = null;
  let approver: Node | undefined;
  // A timer confirms beside the officer: its flow joins the next step.
  let timers: Node[] = [];
  service.route.forEach((step, index) => {
    const lane = laneOf(step);
    const x = left + 60 + index * sheet.column;
    const task = add({
      id: `step_${step.step}`, tag: 'userTask', name: step.label, lane, x, y: middle(lane) - sheet.task_height / 2, width: sheet.task_width, height: sheet.task_height,
      documentation: `${step.label.en}. role: ${step.role}; limit_working_minutes: ${step.limit_working_minutes}`,
    });
    connect(before, task, beforeName);
    for (const timer of timers) {
      const drop = { x: timer.x + timer.width / 2, y: timer.y + timer.height };
      connect(timer, task, { zh: '期满视为确认', en: 'confirmed by silence' }, [
        drop, { x: drop.x, y: drop.y + 36 }, { x: task.x + 30, y: drop.y + 36 },
        { x: task.x + 30, y: task.y + (task.y > drop.y ? 0 : task.height) },
      ]);
    }
    timers = [];
    before = task;
    beforeName = null;
    if (step.act === 'approve') approver = task;
    const turning = turnings[step.act];
    if (turning !== undefined && (turning.leads === 'end' || approver !== undefined)) {
      const gateway = add({ id: `turning_${step.step}`, tag: 'exclusiveGateway', name: turning.question, lane, x: x + sheet.task_width + 25, y: middle(lane) - 25, width: 50, height: 50, question_above: turning.leads === 'end' });
      connect(task, gateway);
      const foot = { x: gateway.x + 25, y: gateway.y + 50 };
      if (turning.leads === 'end') {
        const end = add({ id: `end_${step.step}`, tag: 'endEvent', name: turning.no, lane, x: foot.x - 18, y: middle(lane) + 66, width: 36, height: 36 });
        connect(gateway, end, null, [foot, { x: foot.x, y: end.y }]);
      } else if (approver !== undefined) {
        const head = { x: gateway.x + 25, y: gateway.y };
        const above = middle(lane) - 60;
        const target = { x: approver.x + 90, y: approver.lane === lane ? approver.y : approver.y + (approver.y > head.y ? 0 : approver.height) };
        connect(gateway, approver, turning.no, [head, { x: head.x, y: above }, { x: target.x, y: above }, target]);
      }
      before = gateway;
      beforeName = turning.yes;
    }
    if (step.on_timeout === 'confirm') {
      timers.push(add({
        id: `timer_${step.step}`, tag: 'boundaryEvent', name: { zh: '期满未答复', en: 'No answer in time' }, lane, x: task.x + 14, y: task.y + task.height - 18, width: 36, height: 36,
        attributes: ` attachedToRef="${task.id}"`, documentation: 'Working time of the deciding province, not elapsed time.',
        inner: `<bpmn:timerEventDefinition id="timer_${step.step}_after"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT${step.limit_working_minutes}M</bpmn:timeDuration></bpmn:timerEventDefinition>`,
      }));
    }
  });
  const end = add({ id: 'end', tag: 'endEvent', name: { zh: '办结', en: 'Executed' }, lane: before.lane, x: left + 60 + service.route.length * sheet.column, y: middle(before.lane) - 18, width: 36, height: 36 });
  connect(before, end, beforeName);
  for (const timer of timers) connect(timer, end, { zh: '期满视为确认', en: 'confirmed by silence' });

  const name = (text: Text | null) => (text === null ? '' : ` name="${escapeXml(text.zh)}"`);
  const process = caseId === undefined ? `service_${service.code}` : `case_${caseId}`;
  const width = end.x + 120;
  const height = lanes.length * sheet.lane_height;
  const semantics = nodes.map((node) => {
    return `    <bpmn:${node.tag} id="${node.id}"${name(node.name)}${node.attributes ?? ''}>`
      + (node.documentation === undefined ? '' : `<bpmn:documentation>${escapeXml(node.documentation)}</bpmn:documentation>`)
      + flows.filter((flow) => flow.to === node).map((flow) => `<bpmn:incoming>${flow.id}</bpmn:incoming>`).join('')
      + flows.filter((flow) => flow.from === node).map((flow) => `<bpmn:outgoing>${flow.id}</bpmn:outgoing>`).join('')
      + `${node.inner ?? ''}</bpmn:${node.tag}>`;
  });
  const bounds = (x: number, y: number, w: number, h: number) => `<dc:Bounds x="${x}" y="${y}" width="${w}" height="${h}"/>`;
  const labelOf = (node: Node) => (node.tag === 'userTask' ? '' : `<bpmndi:BPMNLabel>${bounds(node.x + node.width / 2 - 45, node.tag === 'exclusiveGateway' && node.question_above ? node.y - 18 : node.y + node.height + 4, 90, 14)}</bpmndi:BPMNLabel>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions_${process}" targetNamespace="urn:huzheng:catalogue:${service.code}:${escapeXml(service.version)}" exporter="huzheng">
  <bpmn:collaboration id="collaboration">
    <bpmn:participant id="pool"${name(service.name)} processRef="${process}"/>
  </bpmn:collaboration>
  <bpmn:process id="${process}"${name(service.name)} isExecutable="false">
    <bpmn:documentation>${escapeXml(service.summary.zh)} ${escapeXml(service.summary.en)}</bpmn:documentation>
    <bpmn:laneSet id="lanes">
${lanes.map((lane, index) => `      <bpmn:lane id="lane_${index + 1}" name="${escapeXml(lane)}">${nodes.filter((node) => node.lane === index).map((node) => `<bpmn:flowNodeRef>${node.id}</bpmn:flowNodeRef>`).join('')}</bpmn:lane>`).join('\n')}
    </bpmn:laneSet>
${semantics.join('\n')}
${flows.map((flow) => `    <bpmn:sequenceFlow id="${flow.id}"${name(flow.name)} sourceRef="${flow.from.id}" targetRef="${flow.to.id}"/>`).join('\n')}
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram">
    <bpmndi:BPMNPlane id="plane" bpmnElement="collaboration">
      <bpmndi:BPMNShape id="pool_shape" bpmnElement="pool" isHorizontal="true">${bounds(0, 0, width, height)}</bpmndi:BPMNShape>
${lanes.map((_, index) => `      <bpmndi:BPMNShape id="lane_${index + 1}_shape" bpmnElement="lane_${index + 1}" isHorizontal="true">${bounds(sheet.pool, index * sheet.lane_height, width - sheet.pool, sheet.lane_height)}</bpmndi:BPMNShape>`).join('\n')}
${nodes.map((node) => `      <bpmndi:BPMNShape id="${node.id}_shape" bpmnElement="${node.id}"${node.tag === 'exclusiveGateway' ? ' isMarkerVisible="true"' : ''}>${bounds(node.x, node.y, node.width, node.height)}${labelOf(node)}</bpmndi:BPMNShape>`).join('\n')}
${flows.map((flow) => `      <bpmndi:BPMNEdge id="${flow.id}_edge" bpmnElement="${flow.id}">${flow.points.map(({ x, y }) => `<di:waypoint x="${x}" y="${y}"/>`).join('')}</bpmndi:BPMNEdge>`).join('\n')}
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
`;
}
