/** Plain keys inside the form. An input method that composes keeps every one of them. */

type FormKey = Pick<KeyboardEvent, 'key' | 'code' | 'keyCode' | 'isComposing' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey' | 'defaultPrevented'>;

/** 1–9 where a digit was pressed and nothing else is meant by it, else null. */
export function digitOf(press: FormKey): number | null {
  if (press.defaultPrevented || press.isComposing || press.keyCode === 229 || press.ctrlKey || press.altKey || press.shiftKey || press.metaKey) return null;
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(press.code)?.[1];
  return digit === undefined ? null : Number(digit);
}

/**
 * A digit on a choice takes the option of that place and goes on to the next required entry that is empty.
 * @returns whether the key was used
 */
export function chooseByDigit(event: KeyboardEvent, form: HTMLFormElement, goOn: () => void): boolean {
  const digit = digitOf(event);
  const radio = event.target;
  if (digit === null || !(radio instanceof HTMLInputElement) || radio.type !== 'radio') return false;
  const option = form.querySelectorAll<HTMLInputElement>(`input[type="radio"][name="${CSS.escape(radio.name)}"]`)[digit - 1];
  if (option === undefined) return false;
  event.preventDefault();
  option.click();
  // After the page has taken the answer: it may ask for more because of it.
  setTimeout(goOn, 0);
  return true;
}
