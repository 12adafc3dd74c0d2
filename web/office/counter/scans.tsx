/** Scans of one material at the counter: chosen from files or taken with a camera, seen as thumbnails, taken away again. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../../kit/language.ts';
import { shrinkPicture } from '../../kit/shrink-picture.ts';
import { counter as words } from '../texts.ts';

/** A scan that waits to be submitted. */
export interface ScanToSend {
  id: number;
  file: File;
}
export type ScansByCode = Readonly<Record<string, readonly ScanToSend[]>>;

/** What the server takes in one application, and how large one picture may be. */
export const scansMax = 20;
const scanBytesMax = 10 * 1_048_576;
/** Papers stay legible; the server makes nothing larger. */
const scanSideMax = 3200;

let lastId = 0;

/** On a desk the browser knows no camera but asks for a file again; a tablet at the counter has one. */
const hasCameraAtHand = (): boolean => matchMedia('(any-pointer: coarse)').matches;

/** Opens a file to see whether it is a picture, and makes a very large one smaller. @returns the file, or why it cannot be taken */
async function readScan(file: File): Promise<File | string> {
  if (!/^image\/(jpeg|png)$/.test(file.type)) return say(words.scan_not_image, { name: file.name });
  try {
    const probe = await createImageBitmap(file);
    probe.close();
    const small = await shrinkPicture(file, { side_max: scanSideMax });
    return small.size > scanBytesMax ? say(words.scan_too_large, { name: file.name }) : small;
  } catch {
    return say(words.scan_broken, { name: file.name });
  }
}

/** A picture of the file as long as it is shown. */
function useObjectUrl(file: File): string {
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url;
}

function Thumbnail({ scan, n, material, onRemove }: { scan: ScanToSend; n: number; material: string; onRemove: () => void }) {
  const url = useObjectUrl(scan.file);
  return (
    <li class="scan-thumb">
      {url === '' ? null : <a href={url} target="_blank" rel="noopener" title={scan.file.name}><img src={url} alt={say(words.scan_alt, { material, n })} /></a>}
      <button type="button" aria-label={say(words.scan_remove, { material, n })} title={say(words.scan_remove, { material, n })} onClick={onRemove}>✕</button>
    </li>
  );
}

interface ScansProps {
  code: string;
  /** Name of the material. */
  material: string;
  scans: readonly ScanToSend[];
  onScans: (scans: readonly ScanToSend[]) => void;
  /** How many more the application may hold. */
  room: number;
  /** What the server said of them. */
  fault: string | undefined;
  first?: boolean;
}

export function Scans({ code, material, scans, onScans, room, fault, first = false }: ScansProps) {
  const [reading, setReading] = useState(0);
  const [faults, setFaults] = useState<readonly string[]>([]);
  const latest = useRef(scans);
  latest.current = scans;

  const add = async (input: HTMLInputElement): Promise<void> => {
    const chosen = [...(input.files ?? [])];
    // The same file may be chosen again after it was taken away.
    input.value = '';
    const taken = chosen.slice(0, room);
    setFaults(chosen.length > taken.length ? [say(words.scan_too_many, { n: scansMax })] : []);
    setReading(taken.length);
    for (const file of taken) {
      const outcome = await readScan(file);
      if (typeof outcome === 'string') setFaults((before) => [...before, outcome]);
      else onScans(latest.current = [...latest.current, { id: ++lastId, file: outcome }]);
      setReading((left) => left - 1);
    }
  };
  const told = fault === undefined ? faults : [fault, ...faults];
  const picker = (words_of: typeof words.scan_choose, capture: boolean) => (
    <label class="scan-picker">
      <input
        type="file" accept="image/jpeg,image/png" disabled={room <= 0 || reading > 0} aria-describedby={told.length === 0 ? undefined : `scan-fault-${code}`} aria-invalid={told.length > 0 ? true : undefined}
        aria-label={`${say(words_of)} ${material}`} {...(capture ? { capture: 'environment' } : { multiple: true, 'data-entry': `scan.${code}` })} {...(first && !capture ? { 'data-first': true } : {})}
        onChange={(event) => void add(event.currentTarget)}
      />
      <span aria-hidden="true">{capture ? '◉' : '+'} {say(words_of)}</span>
    </label>
  );
  return (
    <div class={told.length === 0 ? 'scans' : 'scans field-fault'}>
      <div class="scan-acts">
        {picker(words.scan_choose, false)}
        {hasCameraAtHand() ? picker(words.scan_camera, true) : null}
        <span class="soft" role="status">{reading > 0 ? say(words.scan_reading, { n: reading }) : scans.length > 0 ? say(words.scan_count, { n: scans.length }) : ''}</span>
      </div>
      {told.length === 0 ? null : <div class="fault" id={`scan-fault-${code}`} role="alert">{told.map((line) => <p key={line}>{line}</p>)}</div>}
      {scans.length === 0 ? null : (
        <ul class="scan-thumbs" aria-label={say(words.scan_list, { material })}>
          {scans.map((scan, index) => <Thumbnail key={scan.id} scan={scan} n={index + 1} material={material} onRemove={() => onScans(scans.filter((one) => one !== scan))} />)}
        </ul>
      )}
    </div>
  );
}
