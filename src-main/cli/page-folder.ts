import { fileURLToPath } from 'node:url';

/** The built page. */
export const PAGE_FOLDER = fileURLToPath(new URL('../../dist/renderer', import.meta.url));
