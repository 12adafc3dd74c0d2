/** Divides the line of an address after its township: what it shares with its neighbours, and the door. */
export function splitAddress(line: string): [area: string, door: string] {
  const parts = /^(.+?(?:街道|镇|乡))(.+)$/u.exec(line);
  return parts === null ? ['', line] : [parts[1]!, parts[2]!];
}
