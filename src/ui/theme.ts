import {
  Alert,
  createTheme,
  Drawer,
  Modal,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

/** A quiet blue-green; step 7 carries white text at more than 4.5 : 1. */
const TEAL: MantineColorsTuple = [
  '#e8f6f5',
  '#d3e9e7',
  '#a7d3cf',
  '#78bcb6',
  '#51a8a1',
  '#389c94',
  '#26867f',
  '#15726b',
  '#0a635d',
  '#00534e',
];

/** What all applications look like. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: 7,
  colors: { teal: TEAL },
  fontFamily: 'Inter, "Segoe UI", system-ui, -apple-system, sans-serif',
  headings: { fontWeight: '600' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  autoContrast: true,
  components: {
    // Its colour is in its ground and sign: coloured words on a coloured ground are hard to read.
    Alert: Alert.extend({ styles: { title: { color: 'var(--mantine-color-bright)' } } }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }),
    Modal: Modal.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }),
  },
});

/** Dimmed text and errors have 4.5 : 1 on every surface we put them on. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c636a',
    '--mantine-color-error': '#c92a2a',
    '--emcee-surface': '#f6f8f9',
    '--emcee-line': '#e1e6e9',
    '--emcee-own-bubble': '#d3e9e7',
    '--emcee-their-bubble': '#eef1f3',
  },
  dark: {
    '--mantine-color-dimmed': '#a2abb3',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': '#78bcb6',
    '--mantine-color-gray-light': '#2e3439',
    '--mantine-color-gray-light-hover': '#3a4147',
    '--mantine-color-orange-light': '#43290f',
    '--mantine-color-red-light': '#47191d',
    '--mantine-color-red-light-hover': '#571e23',
    '--emcee-surface': '#1b1f22',
    '--emcee-line': '#343a3f',
    '--emcee-own-bubble': '#0b3d3a',
    '--emcee-their-bubble': '#2e3439',
  },
});
