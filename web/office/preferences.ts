/** What an officer sets for this browser. */
import { language, setLanguage, type Language } from '../kit/language.ts';

/** The server reads the same cookie for what it words itself (drawings, papers). */
const cookie = 'huzheng_language';

export function readLanguage(): void {
  const kept = new RegExp(`(?:^|; )${cookie}=(zh|en)`).exec(document.cookie)?.[1] as Language | undefined;
  if (kept !== undefined) setLanguage(kept);
  document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en';
}

export function chooseLanguage(next: Language): void {
  document.cookie = `${cookie}=${next}; path=/; max-age=31536000; samesite=lax`;
  setLanguage(next);
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en';
}
