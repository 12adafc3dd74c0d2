/** Start, task list, one section, one paper, check. */
import type { Task, Views } from '../../../src/modules/portal/contract.ts';
import { Fields } from '../fields.tsx';
import { Token } from '../layout.tsx';
import { Paper } from '../paper.tsx';
import { Caption, DraftCards, ErrorSummary, FieldError, Line, Lines, MainForm, Multiline } from '../pieces.tsx';
import { dayText, momentText, type Reader, type Text } from '../reader.ts';
import { texts as t } from '../texts.ts';
import { Papers } from './home.tsx';

export function Start({ reader, data }: { reader: Reader; data: Views['start'] }) {
  const { say } = reader;
  const { guide } = data;
  const isHighEnough = data.identity_level >= guide.identity_level_min;
  return (
    <>
      <h1>{say(t.start_title(say(guide.name)))}</h1>
      <p class="lead">{say(t.start_who(data.name))}</p>
      {isHighEnough ? null : <p class="note bad">{say(t.start_level_low)}</p>}
      {data.drafts.length === 0 ? null : <section class="panel"><h2>{say(t.start_resume)}</h2><DraftCards reader={reader} drafts={data.drafts} /></section>}
      <Lines>
        <Line label={say(t.guide_time)}>{say(guide.promised)}</Line>
        <Line label={say(t.guide_fee)}>{say(guide.fee)}</Line>
        <Line label={say(t.start_have)}>{say(t.start_have_items)}</Line>
      </Lines>
      {!isHighEnough ? null : (
        <form method="post" action={`/apply/${guide.service_code}`}>
          <Token reader={reader} />
          <p class="hint">{say(t.guide_minutes(guide.minutes_to_fill))}</p>
          <button class={data.drafts.length === 0 ? 'button' : 'button quiet'}>{say(data.drafts.length === 0 ? t.start_button : t.start_new)}</button>
        </form>
      )}
      <h2>{say(t.start_need)}</h2>
      <Papers reader={reader} guide={guide} />
    </>
  );
}

const taskWords: Record<Task['state'], Text> = { done: t.task_done, to_do: t.task_to_do, faulty: t.task_faulty };

function Tasks({ reader: { say }, tasks }: { reader: Reader; tasks: readonly Task[] }) {
  return (
    <ul class="tasks">
      {tasks.map((task) => {
        const isOptional = task.optional && task.state === 'to_do';
        return (
          <li>
            <a href={task.state === 'faulty' ? `${task.href}?show=faults` : task.href}>{say(task.title)}</a>
            {task.answer === null ? null : <span class="answer">{say(task.answer)}</span>}
            <span class={`status status-${isOptional ? 'optional' : task.state}`}>{say(isOptional ? t.task_optional : taskWords[task.state])}</span>
          </li>
        );
      })}
    </ul>
  );
}

export function TaskList({ reader, data }: { reader: Reader; data: Views['task_list'] }) {
  const { say } = reader;
  const open = data.tasks.filter((task) => task.state === 'faulty' || (task.state === 'to_do' && !task.optional)).length;
  const isPaper = (task: Task): boolean => task.href.includes('/materials/');
  return (
    <>
      <h1>{say(t.tasks_title(say(data.service_name)))}</h1>
      <p class="lead">{say(t.tasks_done(data.done, data.total))}</p>
      <progress value={data.done} max={data.total} aria-label={say(t.tasks_done(data.done, data.total))} />
      <p class="hint">{say(t.tasks_saved(momentText(reader, data.saved_at), dayText(reader, data.expires_on)))}</p>
      <h2>{say(t.task_fill)}</h2>
      <Tasks reader={reader} tasks={data.tasks.filter((task) => !isPaper(task))} />
      {data.settled.length === 0 ? null : (
        <><h2>{say(t.task_have)}</h2><ul class="tasks">{data.settled.map(({ name, how }) => <li><span>{say(name)}</span><span class="answer">{say(how)}</span><span class="status status-done">{say(t.task_done)}</span></li>)}</ul></>
      )}
      {!data.tasks.some(isPaper) ? null : <><h2>{say(t.task_papers)}</h2><Tasks reader={reader} tasks={data.tasks.filter(isPaper)} /></>}
      <div class="last">
        <p>{say(open === 0 ? t.task_ready : t.task_wait(open))}</p>
        <a class={open === 0 ? 'button' : 'button quiet'} href={`/applications/${data.draft_id}/check`}>{say(t.task_last)}</a>
      </div>
      <p><a class="danger" href={`/applications/${data.draft_id}/delete`}>{say(t.delete_link)}</a></p>
    </>
  );
}

export function DeleteDraft({ reader, data }: { reader: Reader; data: Views['delete_draft'] }) {
  const { say } = reader;
  return (
    <>
      <Caption>{say(data.service_name)}</Caption>
      <h1>{say(t.delete_title)}</h1>
      <p>{say(t.delete_note)}</p>
      <form method="post" action={`/applications/${data.draft_id}/delete`} class="actions">
        <Token reader={reader} />
        <button class="button bad">{say(t.delete_yes)}</button>
        <a href={`/applications/${data.draft_id}`}>{say(t.delete_no)}</a>
      </form>
    </>
  );
}

export function Section({ reader, data }: { reader: Reader; data: Views['section'] }) {
  const { say } = reader;
  const action = `/applications/${data.draft_id}/section/${data.section}`;
  return (
    <>
      <ErrorSummary reader={reader} violations={data.violations} />
      <Caption>{say(data.service_name)}</Caption>
      <h1>{say(data.title)}</h1>
      <MainForm reader={reader} action={action} keep={`${action}/keep`}>
        {data.next === null ? null : <input type="hidden" name="_next" value={data.next} />}
        <Fields reader={reader} fields={data.fields} violations={data.violations} />
        <div class="actions">
          <button class="button">{say(t.save_and_go_on)}</button>
          <button class="plain" name="_act" value="later">{say(t.save_for_later)}</button>
        </div>
      </MainForm>
    </>
  );
}

export function Material({ reader, data }: { reader: Reader; data: Views['material'] }) {
  const { say } = reader;
  return (
    <>
      <ErrorSummary reader={reader} violations={data.violations} />
      <Caption>{say(data.service_name)}</Caption>
      <h1>{say(data.material.name)}</h1>
      <MainForm reader={reader} action={`/applications/${data.draft_id}/materials/${data.material.code}`} upload>
        {data.next === null ? null : <input type="hidden" name="_next" value={data.next} />}
        <Paper reader={reader} paper={data.material} violations={data.violations} />
        <div class="actions">
          <button class="button">{say(t.save_and_go_on)}</button>
          <button class="plain" name="_act" value="later">{say(t.save_for_later)}</button>
        </div>
      </MainForm>
    </>
  );
}

export function Check({ reader, data }: { reader: Reader; data: Views['check'] }) {
  const { say } = reader;
  return (
    <>
      {data.tried ? <ErrorSummary reader={reader} violations={data.violations} /> : null}
      <Caption>{say(data.service_name)}</Caption>
      <h1>{say(t.check_title)}</h1>
      <p class="lead">{say(t.check_lead)}</p>
      {data.tried || data.violations.length === 0 ? null : (
        <div class="note warn"><p><strong>{say(t.check_missing)}</strong></p><ul class="links">{data.violations.map((violation) => <li><a href={violation.href}>{say(violation)}</a></li>)}</ul></div>
      )}
      <section class="answers"><h2>{say(t.check_applicant)}</h2><Lines><Line label={data.applicant.name}>{data.applicant.id_number_masked}</Line></Lines></section>
      {data.sections.map(({ title, lines }) => <Answers reader={reader} title={say(title)} lines={lines} />)}
      <Answers reader={reader} title={say(t.check_materials)} lines={data.materials} />
      <section class="answers">
        <h2>{say(t.check_facts)}</h2>
        <Lines>
          <Line label={say(t.check_limit)}>{say(data.limit)}</Line>
          <Line label={say(t.check_seen)}><ul class="plain-list">{data.seen_by.map((office) => <li>{say(office)}</li>)}</ul><small>{say(t.check_seen_only)}</small></Line>
          <Line label={say(t.check_law)}><ul class="plain-list">{data.law.map((law) => <li>{say(law)}</li>)}</ul></Line>
        </Lines>
      </section>
      {data.closed === null ? null : <div class="note bad" role="status"><strong>{say(t.closed_title)}</strong><p>{say(data.closed)}</p></div>}
      <MainForm reader={reader} action={`/applications/${data.draft_id}/check`}>
        <fieldset class={data.violations.some(({ field }) => field === 'declare') ? 'field faulty' : 'field'}>
          <legend>{say(t.declare_title)}</legend>
          <FieldError reader={reader} field="declare" violations={data.violations} />
          <label class="choice"><input type="checkbox" id="declare" name="declare" value="yes" /><span>{say(data.moves ? t.declare_moves : t.declare)}</span></label>
        </fieldset>
        <div class="actions">
          {data.closed === null ? <button class="button" data-once>{say(t.submit)}</button> : null}
          <a href={`/applications/${data.draft_id}`}>{say(t.submit_later)}</a>
        </div>
      </MainForm>
    </>
  );
}

function Answers({ reader: { say }, title, lines }: { reader: Reader; title: string; lines: Views['check']['materials'] }) {
  return lines.length === 0 ? null : (
    <section class="answers">
      <h2>{title}</h2>
      <dl class="lines changeable">
        {lines.map((line) => (
          <div>
            <dt>{say(line.label)}</dt><dd><Multiline text={say(line.value)} /></dd>
            {line.href === null ? null : <dd class="change"><a href={line.href} aria-label={say(t.change_what(say(line.label)))}>{say(t.change)}</a></dd>}
          </div>
        ))}
      </dl>
    </section>
  );
}
