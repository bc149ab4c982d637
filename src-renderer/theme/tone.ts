/** What a colour means; never alone, always beside a word or an icon. */
export type Tone = 'idle' | 'working' | 'needs-you' | 'done' | 'failed';
