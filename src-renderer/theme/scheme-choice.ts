import { localStorageColorSchemeManager } from '@mantine/core';

/** Light, dark or as the system: what a person chose is kept in the browser. */
export const schemeManager = localStorageColorSchemeManager({ key: 'pc-agent.scheme' });
