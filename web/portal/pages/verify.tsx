/** Checking a paper by its number and code. */
import type { Views } from '../../../src/modules/portal/contract.ts';
import { Line, Lines } from '../pieces.tsx';
import type { Reader } from '../reader.ts';
import { texts as t } from '../texts.ts';

/** With its year, as it is printed on the paper. */
function wholeDay({ language }: Reader, day: string): string {
  return new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'long', timeZone: 'Asia/Shanghai' }).format(new Date(`${day}T00:00:00+08:00`));
}

function Answer({ reader, data }: { reader: Reader; data: Views['verify'] }) {
  const { say } = reader;
  if (!data.asked) return null;
  if (data.paper === null) return <section class="panel" role="status"><h2>{say(t.verify_unknown)}</h2><p>{say(t.verify_unknown_how)}</p></section>;
  const { paper } = data;
  return (
    <section class="panel" data-verdict={paper.voided_on === null ? 'valid' : 'void'} role="status">
      <h2>{say(paper.voided_on === null ? t.verify_valid : t.verify_void)}</h2>
      <p>{say(paper.voided_on === null ? t.verify_valid_how : t.verify_void_how)}</p>
      <Lines>
        <Line label={say(t.verify_what)}>{say(paper.title)}</Line>
        <Line label={say(t.verify_number)}>{paper.number}</Line>
        <Line label={say(t.verify_organ)}>{say(paper.issued_by)}</Line>
        <Line label={say(t.verify_day)}>{wholeDay(reader, paper.issued_on)}</Line>
        {paper.voided_on === null ? null : <Line label={say(t.verify_voided_on)}>{wholeDay(reader, paper.voided_on)}</Line>}
      </Lines>
      <details class="more"><summary>{say(t.verify_file)}</summary><p>{say(t.verify_file_how)}</p><p class="digest">{paper.sha256}</p></details>
    </section>
  );
}

export function Verify({ reader, data }: { reader: Reader; data: Views['verify'] }) {
  const { say } = reader;
  return (
    <>
      <h1>{say(t.verify_title)}</h1>
      <p class="lead">{say(t.verify_lead)}</p>
      <Answer reader={reader} data={data} />
      <form action="/verify">
        <div class="field"><label for="number">{say(t.verify_number)}</label><p class="hint" id="number-hint">{say(t.verify_number_hint)}</p><input id="number" name="number" class="medium number" spellcheck={false} value={data.number} aria-describedby="number-hint" autocomplete="off" maxlength={40} required /></div>
        <div class="field"><label for="code">{say(t.verify_code)}</label><p class="hint" id="code-hint">{say(t.verify_code_hint)}</p><input id="code" name="code" class="medium number" spellcheck={false} value={data.code} aria-describedby="code-hint" autocomplete="off" maxlength={20} required /></div>
        <button class="button">{say(t.verify_button)}</button>
      </form>
    </>
  );
}
