import type { Catalogue } from '../wording/catalogue.ts';
import type { Language } from '../wording/language.ts';
import { START_PAGE } from './origin.ts';

/** A page without script for a window whose page died: it says that the phones are safe and has one way back. */
export function crashPage(words: Catalogue['shell'], language: Language, reason: string): string {
  const { title, text, back, code } = words.crash;
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escaped(title)}</title></head>
<body style="font: 1rem system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 2rem; line-height: 1.5">
<main><h1>${escaped(title)}</h1><p>${escaped(text)}</p><p><a href="${START_PAGE}">${escaped(back)}</a></p>
<p><small>${escaped(code(reason))}</small></p></main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
