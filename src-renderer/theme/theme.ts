import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The accent, light to dark; what is seen comes from `tokens.css`. */
const AGENT: MantineColorsTuple = [
  '#e7effb',
  '#d0def4',
  '#a9c4ec',
  '#7fa8e3',
  '#5b8fd9',
  '#3f7bce',
  '#2b6ac3',
  '#1a56b4',
  '#14468f',
  '#0d3066',
];

/** How the component library looks here. Overlays leave the body's styles alone: the page's policy forbids style tags. */
export const theme = createTheme({
  primaryColor: 'agent',
  primaryShade: 7,
  colors: { agent: AGENT },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  defaultRadius: 'sm',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    Modal: { defaultProps: { lockScroll: false, centered: true, transitionProps: { duration: 0 } } },
    // A dialog's head is no banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    Drawer: { defaultProps: { lockScroll: false, transitionProps: { duration: 0 } } },
  },
});
