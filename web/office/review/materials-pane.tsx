/** Materials with what stands in for them, and the scans beside: one at a time, turned and enlarged by keys. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { contract as cases, type CaseViewData, type MaterialViewData } from '../../../src/modules/cases/contract.ts';
import { addressOf } from '../../kit/client.ts';
import { bytesText, fullInstantText, instantText } from '../../kit/format.ts';
import { say, type Text } from '../../kit/language.ts';
import { KeyCap, Notice } from '../../kit/pieces.tsx';
import { reviewKeys } from '../keys.ts';
import { call } from '../session.ts';
import { review as words, sources } from '../texts.ts';
import { Pane } from './pane.tsx';
import { fitted, turned, zoomed, type Shown } from './viewer-state.ts';

/** How a state of a material looks: a mark and a word. */
const marks: Record<string, [mark: string, look: string, word: Text]> = {
  provided: ['✓', 'good', words.material_provided],
  verified_online: ['✓', 'good', words.material_verified_online],
  certificate: ['✓', 'good', words.material_certificate],
  cancelled: ['–', 'none', words.material_cancelled],
  commitment: ['✎', 'warn', words.material_commitment],
  missing: ['✕', 'bad', words.material_missing],
  optional: ['○', 'none', words.material_optional],
};

function sourceText(source: string): string {
  const text = (sources as Record<string, Text>)[source];
  return text === undefined ? source : say(text);
}

export interface Scan {
  sha256: string;
  material: MaterialViewData;
  file_name: string;
  bytes: number;
  /** By the officer who looks, as the server knows it. */
  opened: boolean;
  /** Place within its material, from 1, and how many that has. */
  n: number;
  of: number;
}

export function scansOf(view: Pick<CaseViewData, 'materials'>): Scan[] {
  return view.materials.flatMap((material) => material.attachments.map((attachment, index) => ({
    sha256: attachment.sha256, file_name: attachment.file_name, bytes: attachment.bytes, opened: attachment.opened, material, n: index + 1, of: material.attachments.length,
  })));
}

interface MaterialsPaneProps {
  view: CaseViewData;
  scans: readonly Scan[];
  at: number;
  onAt: (at: number) => void;
  shown: Shown;
  onShown: (shown: Shown) => void;
  enlarged: boolean;
  onEnlarged: (enlarged: boolean) => void;
  seen: ReadonlySet<string>;
  onSeen: (sha256: string) => void;
}

/** Pictures that were fetched while another was read: sha256 → address. They are not opened before they are shown. */
type Ahead = Map<string, string>;

function useAhead(case_id: string): Ahead {
  const ahead = useRef<Ahead>(new Map());
  useEffect(() => () => {
    for (const url of ahead.current.values()) URL.revokeObjectURL(url);
    ahead.current.clear();
  }, [case_id]);
  return ahead.current;
}

async function fetchAhead(ahead: Ahead, case_id: string, sha256: string): Promise<void> {
  if (ahead.has(sha256)) return;
  const answer = await fetch(addressOf(cases.getAttachment, { case_id, sha256, ahead: true }), { credentials: 'same-origin' });
  if (answer.ok) ahead.set(sha256, URL.createObjectURL(await answer.blob()));
}

export function MaterialsPane({ view, scans, at, onAt, shown, onShown, enlarged, onEnlarged, seen, onSeen }: MaterialsPaneProps) {
  const ahead = useAhead(view.case_id);
  return (
    <Pane name="materials" title={say(words.materials)} keyHint="pane_materials">
      <ul class="materials">
        {view.materials.map((material) => {
          const [mark, look, word] = marks[material.state] ?? marks['optional']!;
          const first = scans.findIndex((scan) => scan.material.code === material.code);
          return (
            <li key={material.code} class={`material material-${look}`} {...(look === 'bad' ? { 'data-fault': true, tabIndex: -1 } : {})}>
              <span class={`mark mark-${look}`} aria-hidden="true">{mark}</span>
              <p class="material-line" title={say(words.why, { why: say(material.why) })}>
                {say(material.name)} <span class={`chip chip-${look}`}>{say(word)}</span>{' '}
                {material.evidence === null ? (look === 'bad' ? <span class="soft">{say(material.why)} {say(material.law)}</span> : null) : (
                  <span class="soft">{say(material.evidence.text)} · {sourceText(material.evidence.source)} · <time dateTime={material.evidence.at} title={fullInstantText(material.evidence.at)}>{instantText(material.evidence.at)}</time></span>
                )}
              </p>
              {material.attachments.length === 0 ? null : (
                <div class="scan-picks">
                  {material.attachments.map((attachment, index) => (
                    <button
                      key={attachment.sha256}
                      type="button"
                      class={`scan-pick ${seen.has(attachment.sha256) ? 'scan-seen' : ''}`}
                      aria-pressed={first + index === at}
                      aria-label={`${say(words.scan_of, { material: say(material.name), n: index + 1, of: material.attachments.length })} ${say(seen.has(attachment.sha256) ? words.seen : words.not_seen)}`}
                      onClick={() => onAt(first + index)}
                    >
                      {index + 1}{seen.has(attachment.sha256) ? '' : '•'}
                    </button>
                  ))}
                </div>
              )}
            </li>
          );
        })}
      </ul>
      {scans.length === 0 ? (
        <div class="viewer viewer-none"><p><strong>{say(words.no_scans)}</strong></p>{view.materials.some((material) => material.state === 'missing') ? null : <p class="soft">{say(words.no_scans_way)}</p>}</div>
      ) : <Viewer key={scans[at]!.sha256} case_id={view.case_id} scan={scans[at]!} at={at} of={scans.length} next={scans[at + 1]?.sha256} ahead={ahead} onAt={onAt} shown={shown} onShown={onShown} enlarged={enlarged} onEnlarged={onEnlarged} onSeen={onSeen} />}
    </Pane>
  );
}

interface ViewerProps {
  case_id: string;
  scan: Scan;
  at: number;
  of: number;
  next: string | undefined;
  ahead: Ahead;
  onAt: (at: number) => void;
  shown: Shown;
  onShown: (shown: Shown) => void;
  enlarged: boolean;
  onEnlarged: (enlarged: boolean) => void;
  onSeen: (sha256: string) => void;
}

interface Size {
  width: number;
  height: number;
}

function Viewer({ case_id, scan, at, of, next, ahead, onAt, shown, onShown, enlarged, onEnlarged, onSeen }: ViewerProps) {
  const pane = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<Size>({ width: 0, height: 0 });
  const [picture, setPicture] = useState<Size | null>(null);
  const [failed, setFailed] = useState(false);
  const latest = useRef(shown);
  latest.current = shown;

  useLayoutEffect(() => {
    const measure = (): void => setRoom({ width: pane.current!.clientWidth - 2, height: pane.current!.clientHeight - 2 });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(pane.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      onShown(zoomed(latest.current, event.deltaY < 0 ? 1 : -1));
    };
    const element = pane.current!;
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [onShown]);

  const [source] = useState(() => ahead.get(scan.sha256) ?? addressOf(cases.getAttachment, { case_id, sha256: scan.sha256 }));
  const noteShown = (): void => {
    // The server hears of a picture when it is asked for it; of one that was fetched ahead it is told.
    if (!source.startsWith('blob:')) onSeen(scan.sha256);
    else call(cases.openAttachment, { case_id, sha256: scan.sha256 }).then(() => onSeen(scan.sha256), () => {});
  };
  // The next scan is fetched while this one is read.
  useEffect(() => {
    if (next !== undefined) fetchAhead(ahead, case_id, next).catch(() => {});
  }, [next]);

  const lying = shown.turn % 180 !== 0;
  const fit = picture === null ? 1 : Math.min(room.width / (lying ? picture.height : picture.width), room.height / (lying ? picture.width : picture.height));
  const width = (picture?.width ?? 0) * fit * shown.zoom;
  const height = (picture?.height ?? 0) * fit * shown.zoom;
  return (
    <figure class="viewer">
      <figcaption class="viewer-bar">
        <span class="viewer-title" title={`${scan.file_name} · ${bytesText(scan.bytes)}`}>{say(words.scan, { n: at + 1, of, material: say(scan.material.name) })}</span>
        <span class="viewer-tools">
          <button type="button" aria-label={say(words.previous_scan)} title={say(words.previous_scan)} disabled={of < 2} onClick={() => onAt((at - 1 + of) % of)}>‹</button>
          <button type="button" disabled={of < 2} onClick={() => onAt((at + 1) % of)}>{say(words.next_scan)} <KeyCap of={reviewKeys.next_scan} /></button>
          <button type="button" aria-label={say(words.zoom_out)} title={say(words.zoom_out)} onClick={() => onShown(zoomed(shown, -1))}>−</button>
          <button type="button" aria-label={say(words.zoom_in)} title={say(words.zoom_in)} onClick={() => onShown(zoomed(shown, 1))}>+</button>
          <button type="button" onClick={() => onShown(fitted)}>{say(words.zoom_fit)} <KeyCap of={reviewKeys.zoom_fit} /></button>
          <button type="button" onClick={() => onShown(turned(shown))}>{say(words.rotate)} <KeyCap of={reviewKeys.rotate} /></button>
          <button type="button" aria-pressed={enlarged} onClick={() => onEnlarged(!enlarged)}>{say(words.enlarge)} <KeyCap of={reviewKeys.enlarge} /></button>
        </span>
      </figcaption>
      <div class="viewer-room" ref={pane} onPointerDown={drag}>
        {failed ? <Notice kind="fault" alert><p>{say(words.image_failed)}</p></Notice> : (
          <div class="viewer-sheet" style={{ width: `${Math.round(lying ? height : width)}px`, height: `${Math.round(lying ? width : height)}px` }}>
            <img
              src={source}
              alt={say(words.scan_of, { material: say(scan.material.name), n: scan.n, of: scan.of })}
              draggable={false}
              style={{ width: `${Math.round(width)}px`, height: `${Math.round(height)}px`, transform: `translate(-50%, -50%) rotate(${shown.turn}deg)` }}
              onLoad={(event) => {
                setPicture({ width: event.currentTarget.naturalWidth, height: event.currentTarget.naturalHeight });
                noteShown();
              }}
              onError={() => setFailed(true)}
            />
          </div>
        )}
      </div>
    </figure>
  );
}

/** Moves an enlarged scan under the pointer; keys scroll it as any region. */
function drag(event: PointerEvent): void {
  const room = event.currentTarget as HTMLElement;
  if (event.button !== 0) return;
  const start = { x: event.clientX + room.scrollLeft, y: event.clientY + room.scrollTop };
  const move = (moved: PointerEvent): void => room.scrollTo(start.x - moved.clientX, start.y - moved.clientY);
  const stop = (): void => {
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', stop);
  };
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', stop);
}
