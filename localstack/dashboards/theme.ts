/** Colours of a picture: CloudWatch's light and dark, roughly. */
export interface Theme {
  readonly name: 'light' | 'dark';
  readonly page: string;
  readonly panel: string;
  readonly border: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly warning: string;
  readonly states: Readonly<Record<string, string>>;
  readonly palette: string[];
  readonly font: string;
}

const font = 'DejaVu Sans, Arial, Helvetica, sans-serif';
/** Apart for people who see few colours (Okabe and Ito), and then some. */
const palette = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8b6bb1', '#7f7f7f', '#b8a200'];

export const themes: readonly Theme[] = [
  {
    name: 'light',
    page: '#f2f3f3',
    panel: '#ffffff',
    border: '#d5dbdb',
    text: '#16191f',
    muted: '#545b64',
    grid: '#e3e7e7',
    warning: '#c62828',
    states: { OK: '#1d8102', ALARM: '#d13212', INSUFFICIENT_DATA: '#687078' },
    palette,
    font,
  },
  {
    name: 'dark',
    page: '#0f1b2a',
    panel: '#16273b',
    border: '#2a3f57',
    text: '#e9ebed',
    muted: '#a9b4c0',
    grid: '#2a3f57',
    warning: '#ff6b5e',
    states: { OK: '#3fb950', ALARM: '#ff6b5e', INSUFFICIENT_DATA: '#8b98a5' },
    palette: ['#4aa8e0', ...palette.slice(1)],
    font,
  },
];
