/** One paper: why it is asked for, and the ways to settle it. For drafts and for corrections. */
import type { Violation } from '../../src/kernel/refusal.ts';
import type { MaterialView, UploadView } from '../../src/modules/portal/contract.ts';
import { describedBy, FieldError } from './pieces.tsx';
import type { Reader, Text } from './reader.ts';
import { texts as t } from './texts.ts';

const wayWords: Record<MaterialView['ways'][number], Text> = { verify: t.way_verify, certificate: t.way_certificate, commitment: t.way_commitment, provided: t.way_provided };
const hintWords: Record<NonNullable<UploadView['hint']>, Text> = { dark: t.hint_dark, blurred: t.hint_blurred, small: t.hint_small };

interface PaperProps {
  reader: Reader;
  paper: MaterialView;
  violations: readonly Violation[];
}

export function Paper(props: PaperProps) {
  const { reader: { say }, reader, paper, violations } = props;
  return (
    <div class="paper">
      <p class="why"><strong>{say(t.paper_why)}</strong> {say(paper.why)}<small>{say(paper.law)}</small></p>
      {paper.ways.length === 1 ? <Uploads {...props} /> : (
        <fieldset id={`${paper.code}.way`} tabindex={-1} class={violations.some(({ field }) => field === `${paper.code}.way`) ? 'faulty' : undefined}>
          <legend>{say(t.paper_how)}</legend>
          <FieldError reader={reader} field={`${paper.code}.way`} violations={violations} />
          {paper.ways.map((way) => (
            <div class={`way way-${way}`}>
              <label class="choice"><input type="radio" name={`${paper.code}.way`} value={way} checked={paper.way === way} /><span>{say(wayWords[way])}{way === 'verify' ? <small>{say(t.way_verify_hint)}</small> : null}</span></label>
              {way === 'verify' ? null : <div class="inside"><Way {...props} way={way} /></div>}
            </div>
          ))}
        </fieldset>
      )}
    </div>
  );
}

function Way({ way, ...props }: PaperProps & { way: MaterialView['ways'][number] }) {
  const { reader: { say }, reader, paper, violations } = props;
  if (way === 'provided') return <Uploads {...props} />;
  if (way === 'certificate') {
    const name = `${paper.code}.certificate_no`;
    return (
      <div class="field">
        <label for={name}>{say(t.certificate_no)}</label>
        <p class="hint" id={`${name}-hint`}>{say(t.certificate_hint)}</p>
        <FieldError reader={reader} field={name} violations={violations} />
        <input id={name} name={name} value={paper.certificate_no} class="long" autocomplete="off" spellcheck={false} aria-describedby={describedBy(name, violations, true)} />
      </div>
    );
  }
  const name = `${paper.code}.agreed`;
  return (
    <div class="field">
      <p class="note">{say(paper.commitment)}</p>
      <FieldError reader={reader} field={name} violations={violations} />
      <label class="choice"><input type="checkbox" id={name} name={name} value="yes" checked={paper.agreed} aria-describedby={describedBy(name, violations, false)} /><span>{say(t.agree)}</span></label>
    </div>
  );
}

function Uploads({ reader: { say }, reader, paper, violations }: PaperProps) {
  const name = `${paper.code}.files`;
  return (
    <div class="field uploads" id={`${name}-field`}>
      {paper.uploads.length === 0 ? null : (
        <ul class="pictures" aria-label={say(t.uploaded)}>
          {paper.uploads.map((upload) => (
            <li>
              <a href={upload.href} target="_blank"><img src={upload.href} alt={upload.file_name} loading="lazy" width="72" height="72" /></a>
              <div><span class="file-name">{upload.file_name}</span><small>{say(t.upload_size(upload.kilobytes))}</small>{upload.hint === null ? null : <small class="warn">{say(hintWords[upload.hint])}</small>}</div>
              <button class="plain" name="_act" value={`remove:${upload.upload_id}`} aria-label={say(t.upload_remove_name(upload.file_name))}>{say(t.upload_remove)}</button>
            </li>
          ))}
        </ul>
      )}
      <label for={name}>{say(t.upload_label)}</label>
      <p class="hint" id={`${name}-hint`}>{say(t.upload_hint)}<br /><strong>{say(t.upload_good)}</strong>{say(paper.good_example)}</p>
      <FieldError reader={reader} field={name} violations={violations} />
      <div class="upload">
        <input type="file" id={name} name={name} accept="image/jpeg,image/png" multiple aria-describedby={describedBy(name, violations, true)} />
        <button class="button quiet" name="_act" value="upload">{say(t.upload_button)}</button>
      </div>
    </div>
  );
}
