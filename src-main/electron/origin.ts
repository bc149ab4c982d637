/** The window's own scheme and place: nothing else is ever loaded (Electron security guide, items 1 and 18). */
export const APP_SCHEME = 'app';
export const APP_HOST = 'pc-agent';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;
export const START_PAGE = `${APP_ORIGIN}/`;
/** Shown in place of a page whose process died; it has no script. */
export const CRASH_PAGE = `${APP_ORIGIN}/crashed`;
