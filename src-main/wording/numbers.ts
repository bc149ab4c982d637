import type { Language } from './language.ts';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };

/** Made once: making one takes longer than drawing a card. */
const FORMATS = new Map<string, Intl.NumberFormat>();

export function countText(count: number, language: Language): string {
  return numberFormat(language, 3).format(count);
}

/** A size with its unit: bytes below 1,000, then kB, MB and GB of 1,000. */
export function sizeText(bytes: number, language: Language): string {
  if (bytes < 1000) return `${countText(bytes, language)} B`;
  const [value, unit] =
    bytes < 1_000_000
      ? [bytes / 1000, 'kB']
      : bytes < 1_000_000_000
        ? [bytes / 1_000_000, 'MB']
        : [bytes / 1_000_000_000, 'GB'];
  return `${numberFormat(language, value < 100 ? 1 : 0).format(value)} ${unit}`;
}

/** Time of day with seconds, in the reader's own time zone; the text itself when it is no time. */
export function timeText(iso: string, language: Language): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return dateFormat(language, { timeStyle: 'medium' }).format(time);
}

/** How long something takes, for people: "under 5 s", "40 s", "6 min", "1 h 20 min". */
export function durationText(seconds: number, language: Language): string {
  if (seconds < 5) return language === 'de' ? 'unter 5 s' : 'under 5 s';
  if (seconds < 55) return `${countText(Math.ceil(seconds / 5) * 5, language)} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${countText(minutes, language)} min`;
  const rest = minutes % 60;
  return `${countText(Math.floor(minutes / 60), language)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

/** Day and time of day, in the reader's own time zone; the text itself when it is no time. */
export function dateTimeText(iso: string, language: Language): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return dateFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(time);
}

/** How long something has taken, to the second: "8 s", "1 min 12 s", "2 h 5 min". */
export function elapsedText(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${countText(whole, language)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${countText(minutes, language)} min ${whole % 60} s`;
  return `${countText(Math.floor(minutes / 60), language)} h ${minutes % 60} min`;
}

function numberFormat(language: Language, maximumFractionDigits: number): Intl.NumberFormat {
  const key = `${language} ${maximumFractionDigits}`;
  const made = FORMATS.get(key) ?? new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits });
  FORMATS.set(key, made);
  return made;
}

const DATE_FORMATS = new Map<string, Intl.DateTimeFormat>();

function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const made = DATE_FORMATS.get(key) ?? new Intl.DateTimeFormat(LOCALES[language], options);
  DATE_FORMATS.set(key, made);
  return made;
}
