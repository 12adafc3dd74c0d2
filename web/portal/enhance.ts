/**
 * What makes pages more comfortable where scripts run. Every page works without it: nothing here is the
 * only way to do something.
 */
import { shrinkPicture } from '../kit/shrink-picture.ts';
import { splitAddress } from './address-line.ts';

/* ---- Keeping what is typed ---------------------------------------------------------------------------------------- */

const keepAfterMs = 4000;

function keepTyped(form: HTMLFormElement, path: string): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const notice = document.createElement('p');
  notice.className = 'saved';
  notice.setAttribute('role', 'status');
  const keep = async (): Promise<void> => {
    const fields = Object.fromEntries([...new FormData(form)].filter(([name, value]) => name !== '_token' && typeof value === 'string'));
    const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) }).catch(() => undefined);
    if (!answer?.ok) return;
    notice.textContent = form.dataset['saved'] ?? '';
    document.body.append(notice);
    setTimeout(() => notice.remove(), 2500);
  };
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => void keep(), keepAfterMs);
  });
  form.addEventListener('submit', () => clearTimeout(timer));
}

/* ---- Addresses and divisions while somebody types -------------------------------------------------------------------------------- */

const suggestAfterMs = 250;

function suggest(box: HTMLElement, path: string): void {
  const area = box.querySelector<HTMLSelectElement>('select');
  const query = box.querySelector<HTMLInputElement>('input[type=text]');
  const found = box.querySelector<HTMLElement>('.found');
  if (query === null || found === null) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  const show = (places: readonly { value: string; before: string; name: string }[]): void => {
    const choices = places.map(({ value, before, name }) => {
      const label = document.createElement('label');
      label.className = 'choice';
      const input = Object.assign(document.createElement('input'), { type: 'radio', name: box.id, value });
      const text = Object.assign(document.createElement('span'), { lang: 'zh-CN' });
      text.append(Object.assign(document.createElement('small'), { textContent: before }), Object.assign(document.createElement('b'), { textContent: name }));
      label.append(input, text);
      return label;
    });
    const words = places.length === 0 ? found.dataset['none'] : places.length >= 10 ? found.dataset['more'] : undefined;
    const note = Object.assign(document.createElement('p'), { className: places.length === 0 ? 'note' : 'hint', textContent: words ?? '' });
    found.replaceChildren(...choices, ...(words === undefined ? [] : [note]));
  };
  const ask = async (): Promise<void> => {
    const number = ++latest;
    if (area?.value === '' || query.value.trim() === '') return;
    const wanted = new URLSearchParams({ ...(area === null ? {} : { area: area.value }), query: query.value.trim().slice(0, 60) });
    const answer = await fetch(`${path}?${wanted}`).catch(() => undefined);
    // An answer that comes after a newer question is of no use.
    if (!answer?.ok || number !== latest) return;
    const { addresses = [], areas = [] } = (await answer.json()) as { addresses?: { address_id: string; line: string }[]; areas?: { code: string; full_name: string }[] };
    show([
      ...addresses.map(({ address_id, line }) => {
        const [before, name] = splitAddress(line);
        return { value: address_id, before, name };
      }),
      ...areas.map(({ code, full_name }) => ({ value: code, before: '', name: full_name })),
    ]);
  };
  const later = (event: Event): void => {
    // A word that is still being put together with an input method is not looked for.
    if ((event as InputEvent).isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), suggestAfterMs);
  };
  query.addEventListener('input', later);
  query.addEventListener('compositionend', later);
  area?.addEventListener('change', later);
}

/* ---- Photographs made smaller before they travel -------------------------------------------------------------------- */

function shrinkPictures(input: HTMLInputElement): void {
  input.addEventListener('change', async () => {
    const button = input.form?.querySelector<HTMLButtonElement>(`button[value=upload]`);
    button?.setAttribute('aria-disabled', 'true');
    const files = new DataTransfer();
    for (const file of input.files ?? []) files.items.add(await shrinkPicture(file, { side_max: 2400 }).catch(() => file));
    input.files = files.files;
    button?.removeAttribute('aria-disabled');
  });
}

/* ---- One click is one act; waiting for the register ------------------------------------------------------------------ */

function once(button: HTMLButtonElement): void {
  button.form?.addEventListener('submit', (event) => {
    if (button.getAttribute('aria-disabled') === 'true') event.preventDefault();
    button.setAttribute('aria-disabled', 'true');
  });
  // Coming back from the next page finds the button ready again.
  addEventListener('pageshow', () => button.removeAttribute('aria-disabled'));
}

const askAgainMs = 3000;
const askTimesMax = 40;

/** Shows the register's answer as soon as it is there, unless somebody has begun to type. */
function waitFor(what: string): void {
  let isTyping = false;
  document.addEventListener('input', () => (isTyping = true), { once: true });
  let times = 0;
  const look = async (): Promise<void> => {
    if (isTyping || ++times > askTimesMax) return;
    const answer = await fetch(`/record/answered?what=${what}`).catch(() => undefined);
    const { answered } = answer?.ok ? ((await answer.json()) as { answered: boolean }) : { answered: false };
    if (answered && !isTyping) location.reload();
    else setTimeout(() => void look(), askAgainMs);
  };
  setTimeout(() => void look(), askAgainMs);
}

/* ---- Before the sign-in ends ------------------------------------------------------------------------------------------ */

const warnBeforeMs = 120_000;
/** A sign of life of somebody at work goes to the server no oftener than this. */
const signOfLifeMs = 60_000;
/** Until when the sign-in lasts, for all windows of this browser. */
const untilKey = 'huzheng.signed_in_until';

/** Warns two minutes before the sign-in ends, stays by one key or click, and says what to do once it has ended. */
function watchSignIn(notice: HTMLElement): void {
  const { minutes, text = '', minutesText = '', secondsText = '', over = '' } = notice.dataset;
  const words = notice.querySelector<HTMLElement>('#idle-text')!;
  const stay = notice.querySelector<HTMLButtonElement>('button')!;
  const again = notice.querySelector<HTMLAnchorElement>('a')!;
  let lastSign = Date.now();
  let before: Element | null = null;
  const lasts = (ms: number): void => localStorage.setItem(untilKey, String(Date.now() + ms));
  lasts(Number(minutes) * 60_000);

  const hide = (): void => {
    if (notice.hidden) return;
    notice.hidden = true;
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  };
  const show = (): void => {
    if (!notice.hidden) return;
    before = document.activeElement;
    notice.hidden = false;
    stay.focus();
  };
  const signOfLife = async (): Promise<void> => {
    lastSign = Date.now();
    const answer = await fetch('/session').catch(() => undefined);
    if (answer?.ok) {
      lasts(((await answer.json()) as { seconds_left: number }).seconds_left * 1000);
      hide();
    } else if (answer?.status === 401) lasts(0);
    look();
  };
  const look = (): void => {
    const left = Number(localStorage.getItem(untilKey)) - Date.now();
    if (left > warnBeforeMs) return hide();
    show();
    const isOver = left <= 0;
    if (isOver !== stay.hidden) {
      stay.hidden = isOver;
      again.hidden = !isOver;
      (isOver ? again : stay).focus();
    }
    const line = isOver ? over : text.replace('{left}', left > 60_000 ? minutesText.replace('{n}', String(Math.ceil(left / 60_000))) : secondsText.replace('{n}', String(Math.ceil(left / 10_000) * 10)));
    // Said anew only when it has changed, for those who hear it.
    if (words.textContent !== line) words.textContent = line;
  };
  stay.addEventListener('click', () => void signOfLife());
  for (const kind of ['input', 'keydown', 'pointerdown'] as const) {
    document.addEventListener(kind, () => {
      if (Date.now() - lastSign > signOfLifeMs) void signOfLife();
    });
  }
  // Signed in again in the other window: this page goes on.
  addEventListener('focus', () => {
    if (!again.hidden) void signOfLife();
  });
  setInterval(look, 1000);
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-keep]')) keepTyped(form, form.dataset['keep']!);
for (const box of document.querySelectorAll<HTMLElement>('[data-suggest]')) suggest(box, box.dataset['suggest']!);
for (const input of document.querySelectorAll<HTMLInputElement>('input[type=file]')) shrinkPictures(input);
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-once]')) once(button);
const idle = document.getElementById('idle');
if (idle !== null) watchSignIn(idle);
const waiting = document.querySelector<HTMLElement>('[data-wait]');
if (waiting !== null) waitFor(waiting.dataset['wait']!);
// Browsers that do not know autofocus outside of fields.
document.getElementById('faults')?.focus();
