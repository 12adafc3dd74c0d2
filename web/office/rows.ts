/** Moving by keys in a list whose rows each hold one link or button marked `data-row`. */

/**
 * Moves the focus among the rows.
 * @param way 1 down, -1 up, 0 to the first row
 */
export function moveFocus(list: Element | null | undefined, way: 1 | -1 | 0): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = way === 0 || at < 0 ? (way === -1 ? rows.length - 1 : 0) : Math.min(rows.length - 1, Math.max(0, at + way));
  rows[next]?.focus();
  rows[next]?.scrollIntoView({ block: 'nearest' });
}
