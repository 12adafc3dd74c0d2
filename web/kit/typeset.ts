/**
 * Chinese text as it is printed: commas, colons, semicolons, question and exclamation marks and brackets that
 * belong to Chinese words are full width, whichever keyboard wrote them. Numbers, codes and Latin words keep theirs.
 */
const han = '\\p{Script=Han}“”‘’《》〔〕、。…';
const fullWidth = (mark: string): string => String.fromCharCode(mark.charCodeAt(0) + 0xfee0);

/** A mark after a Chinese character, or after a number or word when Chinese goes on. */
const besideHan = new RegExp(`(?<=[${han}）])[,;:?!]|[,;:?!](?= ?[${han}（])`, 'gu');
const bracketed = new RegExp(`\\(([^()]*[${han}][^()]*)\\)`, 'gu');

export function typeset(text: string): string {
  return text.replace(bracketed, '（$1）').replace(besideHan, fullWidth);
}
