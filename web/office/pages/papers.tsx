/** The papers of a case: read, printed with a record, voided. */
import { useRef, useState } from 'preact/hooks';
import type { InputOf, OutputOf } from '../../../src/kernel/operation.ts';
import { contract as documents } from '../../../src/modules/documents/contract.ts';
import { addressOf } from '../../kit/client.ts';
import { Dialog, dialogKeys } from '../../kit/dialog.tsx';
import { fullInstantText, instantText } from '../../kit/format.ts';
import { useKeys } from '../../kit/keyboard.ts';
import { say } from '../../kit/language.ts';
import { Empty, Fault, Field, KeyCap, Loading, Notice } from '../../kit/pieces.tsx';
import { go, Link } from '../../kit/router.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { papersKeys } from '../keys.ts';
import { moveFocus } from '../rows.ts';
import { SendingMark, useSending, type Sending } from '../sending.tsx';
import { call, may, type Session } from '../session.ts';
import { papers as words, shell } from '../texts.ts';

type Paper = OutputOf<typeof documents.listPapers>['papers'][number];

const addressOfPaper = ({ document_id }: Paper): string => addressOf(documents.getNotice, { document_id });

export function PapersPage({ case_id, session }: { case_id: string; session: Session }) {
  const { data, error, reload } = useLoad((signal) => call(documents.listPapers, { case_id }, { signal }), case_id);
  const sending = useSending();
  const [voiding, setVoiding] = useState<Paper | null>(null);
  const list = useRef<HTMLTableSectionElement>(null);
  const mayPrint = may(session, documents.printPaper.permission);
  const mayVoid = may(session, documents.voidPaper.permission);

  /** The tab is opened while the key is down, as browsers want it; it shows the paper once its printing is on record. */
  const print = (paper: Paper): void => {
    const tab = window.open('', '_blank');
    void sending.send(async (onRetry) => {
      await call(documents.printPaper, { document_id: paper.document_id }, { onRetry });
      await reload();
    }).then((noted) => (noted ? tab?.location.replace(addressOfPaper(paper)) : tab?.close()));
  };
  const atFocus = (act: (paper: Paper) => void) => (): void => {
    const document_id = document.activeElement?.closest<HTMLElement>('[data-paper]')?.dataset['paper'];
    const paper = data?.papers.find((one) => one.document_id === document_id);
    if (paper !== undefined && paper.voided === null) act(paper);
  };
  useKeys(papersKeys, {
    next: () => moveFocus(list.current, 1), previous: () => moveFocus(list.current, -1), open: () => moveFocus(list.current, 0),
    print: mayPrint ? atFocus(print) : undefined, void: mayVoid ? atFocus(setVoiding) : undefined, back: () => go(`/case/${case_id}`),
  });

  return (
    <div class="page">
      <p><Link href={`/case/${case_id}`} class="back">‹ {say(words.back)} <KeyCap of={papersKeys.back} /></Link></p>
      <header class="list-head"><h1>{say(words.title)}</h1><SendingMark of={sending} /></header>
      <Fault error={error ?? sending.error} />
      {data?.held.map((paper) => (
        <Notice key={paper.kind} kind="warning"><p><strong>{say(paper.title)}</strong> {say(words.held, { missing: paper.missing.join('、') })}</p></Notice>
      ))}
      {data === undefined ? (error === undefined ? <Loading /> : null) : data.papers.length === 0 ? <Empty title={say(words.empty)}><p>{say(words.empty_way)}</p></Empty> : (
        <div class="table-scroll" tabIndex={0} role="group" aria-label={say(words.title)}>
          <table class="rows">
            <thead><tr><th scope="col">{say(words.paper)}</th><th scope="col">{say(words.number)}</th><th scope="col">{say(words.issued)}</th><th scope="col">{say(words.goes_to)}</th><th scope="col" class="number">{say(words.printed)}</th><th scope="col">{say(words.state)}</th></tr></thead>
            <tbody ref={list} data-keys="list">
              {data.papers.map((paper) => (
                <tr key={paper.document_id} data-paper={paper.document_id}>
                  <td><a href={addressOfPaper(paper)} target="_blank" rel="noopener" data-row>{say(paper.title)}</a></td>
                  <td class="code">{paper.number}</td>
                  <td><time dateTime={paper.issued_at} title={fullInstantText(paper.issued_at)}>{instantText(paper.issued_at)}</time></td>
                  <td>{say(paper.goes_to === 'citizen' ? words.to_citizen : words.at_counter)}</td>
                  <td class="number">{paper.printed}</td>
                  <td>
                    {paper.voided === null ? (
                      <span class="row-acts">
                        {mayPrint ? <button type="button" disabled={sending.sending} onClick={() => print(paper)}>{say(words.print)} <KeyCap of={papersKeys.print} /></button> : null}
                        {mayVoid ? <button type="button" class="quiet" disabled={sending.sending} onClick={() => setVoiding(paper)}>{say(words.void)} <KeyCap of={papersKeys.void} /></button> : null}
                      </span>
                    ) : <><span class="chip chip-bad">{say(words.voided)}</span> <span class="soft">{instantText(paper.voided.at)} · {paper.voided.reason}</span></>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {voiding === null ? null : <VoidDialog paper={voiding} sending={sending} onDone={() => void reload()} onClose={() => setVoiding(null)} />}
    </div>
  );
}

const reasonLength = { least: 2, most: 500 } as const;

function VoidDialog({ paper, sending, onDone, onClose }: { paper: Paper; sending: Sending; onDone: () => void; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const short = [...reason.trim()].length < reasonLength.least;
  const submit = (): void => {
    setTried(true);
    if (short) return;
    const input: InputOf<typeof documents.voidPaper> = { document_id: paper.document_id, reason: reason.trim() };
    void sending.send(async (onRetry) => void await call(documents.voidPaper, input, { onRetry })).then((done) => {
      if (!done) return;
      onDone();
      onClose();
    });
  };
  return (
    <Dialog title={say(words.void_title, { paper: say(paper.title) })} onClose={onClose} onSubmit={submit} held={sending.sending}>
      <div class="dialog-body">
        <Fault error={sending.error} />
        <p>{say(words.void_lead)}</p>
        <Field label={say(words.void_reason)} hint={say(words.void_hint)} fault={tried && short ? say(words.void_short) : undefined}>
          {(attributes) => <textarea {...attributes} data-first rows={3} maxLength={reasonLength.most} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />}
        </Field>
      </div>
      <div class="dialog-acts">
        <button type="submit" class="grave" disabled={sending.sending}>{say(words.void)} <KeyCap of={dialogKeys.submit} /></button>
        <button type="button" disabled={sending.sending} onClick={onClose}>{say(shell.cancel)}</button>
      </div>
    </Dialog>
  );
}
