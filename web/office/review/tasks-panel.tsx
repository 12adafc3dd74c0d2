/** What the case has asked of units and officers, what they answered, and the enquiries on record. Nothing is shown where nothing was asked. */
import type { CaseViewData, TaskViewData } from '../../../src/modules/cases/contract.ts';
import { dueText, instantText } from '../../kit/format.ts';
import { say, type Text } from '../../kit/language.ts';
import { KeyCap, Lamp } from '../../kit/pieces.tsx';
import { reviewKeys } from '../keys.ts';
import { dialogs, tasks as words } from '../texts.ts';
import { actButtons, type ActButton } from './acts.ts';
import { paneId } from './pane.tsx';

const states: Record<string, Text> = { open: words.open, objected: words.objected, done: words.done, cancelled: words.cancelled };
export const resultWords: Record<string, Text> = { confirmed: dialogs.enquiry_confirmed, partly: dialogs.enquiry_partly, not_confirmed: dialogs.enquiry_not_confirmed };

/** The acts that the signed-in officer may do with a task, as buttons. */
function buttonsOf(task: TaskViewData): ActButton[] {
  return actButtons.filter((button) => button.weight === 'task' && task.acts.includes(button.act));
}

interface TasksPanelProps {
  view: CaseViewData;
  onAct: (button: ActButton, task: TaskViewData) => void;
  /** The task that the key answers. */
  first: TaskViewData | undefined;
}

export function TasksPanel({ view, onAct, first }: TasksPanelProps) {
  if (view.tasks.length === 0 && view.enquiries.length === 0) return null;
  const waiting = view.tasks.filter((task) => task.waited_for).length;
  // What somebody must decide comes first, then what is open, by unit; then what was answered.
  const order = (task: TaskViewData): number => (task.state === 'objected' ? 0 : task.state === 'open' ? 1 : 2);
  const sorted = [...view.tasks].sort((a, b) => order(a) - order(b) || a.org_code.localeCompare(b.org_code) || a.number - b.number);
  const own = view.enquiries.filter((enquiry) => !view.tasks.some((task) => task.answer?.enquiry != null && task.answer.text === enquiry.findings));
  return (
    <section class="tasks" id={paneId('tasks')} tabIndex={-1} aria-label={say(words.title)}>
      <h3>{say(words.title)} {waiting === 0 ? null : <span class="chip chip-amber">{say(words.waiting, { n: waiting })}</span>} <KeyCap of={reviewKeys.pane_tasks} /></h3>
      <ul>{sorted.map((task) => <TaskRow key={task.task_id} task={task} onAct={onAct} withKey={task === first} />)}</ul>
      {own.length === 0 ? null : (
        <ul>
          {own.map((enquiry) => (
            <li key={enquiry.recorded_at} class="task">
              <p><strong>{say(words.enquiry, { result: say(resultWords[enquiry.result] ?? words.done), on: enquiry.enquired_on })}</strong> <span class="soft">{say(words.recorded, { name: enquiry.recorded_by, unit: enquiry.org_name })}</span></p>
              <p>{enquiry.findings}</p>
              <p class="soft">{say(words.met, { people: enquiry.people_met.join(say({ zh: '、', en: ', ' })) })}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function TaskRow({ task, onAct, withKey }: { task: TaskViewData; onAct: TasksPanelProps['onAct']; withKey: boolean }) {
  const live = task.state === 'open' || task.state === 'objected';
  const who = task.officer_name ?? (task.role_label === null ? null : say(task.role_label));
  const { answer } = task;
  const verdict = answer === null ? null : answer.agree !== null ? (answer.agree ? words.agreed : words.disagreed) : answer.granted !== null ? (answer.granted ? words.granted : words.refused) : null;
  return (
    <li class={`task task-${task.state}`}>
      <p class="task-line">
        {live ? <Lamp lamp={task.lamp} /> : <span class={task.state === 'done' ? 'mark mark-good' : 'mark'} aria-hidden="true">{task.state === 'done' ? '✓' : '–'}</span>}
        <strong>{say(task.label)}</strong>
        <span>{who === null ? task.org_name : say(words.to, { unit: task.org_name, who })}</span>
        <span class={task.state === 'objected' ? 'chip chip-bad' : live && task.lamp === 'red' ? 'chip chip-bad' : 'chip'}>{say(states[task.state] ?? words.open)}</span>
        {live ? <span class="soft">{say(words.due, { due: dueText(task.due_at) })}</span> : null}
      </p>
      <p>{task.wanted}</p>
      <p class="soft">{say(words.asked, { unit: task.asked_org_name, who: task.asked_by ?? say(words.by_clock), at: instantText(task.asked_at) })}</p>
      {answer === null ? null : (
        <div class="task-answer">
          <p>{task.state === 'objected' ? <span class="chip chip-bad">{say(words.objection)}</span> : null} {verdict === null ? null : <strong>{say(verdict)}</strong>} {answer.text}</p>
          {answer.enquiry === null ? null : <p class="soft">{say(words.enquiry, { result: say(resultWords[answer.enquiry.result] ?? words.done), on: answer.enquiry.enquired_on })} · {say(words.met, { people: answer.enquiry.people_met.join(say({ zh: '、', en: ', ' })) })}</p>}
          {task.ended_by === null || task.ended_at === null ? null : <p class="soft">{say(words.answered, { name: task.ended_by, at: instantText(task.ended_at) })}</p>}
        </div>
      )}
      {task.acts.length === 0 ? null : (
        <p class="task-acts">{buttonsOf(task).map((button) => <button key={button.name} type="button" onClick={() => onAct(button, task)}>{say(button.act === 'settle_task' && task.state === 'open' ? dialogs.take_task_back : button.label)} {withKey ? <KeyCap of={button.key} /> : null}</button>)}</p>
      )}
    </li>
  );
}
