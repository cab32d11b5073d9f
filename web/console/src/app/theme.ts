import type { ThemeConfig } from 'antd';

/**
 * Every colour of the console, once. The names come from the alley: grey brick, white paper, the jade of old tiles and the
 * vermilion of a gate. `theme.test.ts` proves that each text colour reaches 4.5:1 on each ground it is used on (WCAG 1.4.3) and
 * that input borders reach 3:1 (WCAG 1.4.11).
 */
export const colours = {
  paper: '#f4f2ec',
  surface: '#ffffff',
  sunk: '#eceae2',
  line: '#dcd8cd',
  edge: '#7d867f',
  ink: '#1b2624',
  inkSoft: '#465350',
  inkFaint: '#59655f',
  jade: '#0b5d53',
  jadeDeep: '#083f39',
  jadeWash: '#dfeee9',
  vermilion: '#ad331d',
  vermilionWash: '#fae7e1',
  amber: '#7d4a00',
  amberWash: '#fbeed3',
  indigo: '#2b4c82',
  indigoWash: '#e4ebf6',
  brick: '#4d5753',
  brickWash: '#e7e9e4',
  focus: '#c2410c',
} as const;

/** Institutions on a chart differ by colour and by symbol; each colour reaches 3:1 on white. */
export const seriesStyles = [
  { colour: '#0b5d53', symbol: 'circle', glyph: '●' },
  { colour: '#b3471f', symbol: 'diamond', glyph: '◆' },
  { colour: '#2b4c82', symbol: 'triangle', glyph: '▲' },
  { colour: '#7a3b86', symbol: 'rect', glyph: '■' },
  { colour: '#6b6100', symbol: 'pin', glyph: '⬟' },
  { colour: '#38444a', symbol: 'arrow', glyph: '➤' },
] as const;

/**
 * What is installed first; the bundled Noto Sans SC is only fetched where no Chinese font is. `system-ui` and `monospace` must not stand
 * before it: where they name a font without Chinese, Chromium (seen in 153) keeps a text as empty boxes that it drew before its subset arrived.
 * 'Hutong Mono' is whichever fixed-width font is installed, see ground.css.
 */
const chinese =
  "'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', 'Noto Sans SC Variable'";
export const fonts = {
  text: `-apple-system, 'Segoe UI', ${chinese}, system-ui, sans-serif`,
  code: `'Hutong Mono', ${chinese}, monospace`,
};

/** From little to much on a map, each with the text colour that reaches 4.5:1 on it; a number always stands beside the colour. */
export const riskShades = [
  { ground: '#fdf3e2', text: '#1b2624' },
  { ground: '#f7d9ae', text: '#1b2624' },
  { ground: '#eeb077', text: '#1b2624' },
  { ground: '#b5522a', text: '#ffffff' },
  { ground: '#7f2412', text: '#ffffff' },
] as const;

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'plain';
export const tones: Record<Tone, { text: string; ground: string }> = {
  good: { text: colours.jade, ground: colours.jadeWash },
  bad: { text: colours.vermilion, ground: colours.vermilionWash },
  warn: { text: colours.amber, ground: colours.amberWash },
  info: { text: colours.indigo, ground: colours.indigoWash },
  plain: { text: colours.brick, ground: colours.brickWash },
};

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Gives the stylesheets the same colours as `--ink`, `--jade-wash` … */
export function publishColours(root: HTMLElement): void {
  for (const [name, value] of Object.entries(colours)) root.style.setProperty(`--${kebab(name)}`, value);
  root.style.setProperty('--font-base', fonts.text);
  root.style.setProperty('--font-code', fonts.code);
}

export const antdTheme: ThemeConfig = {
  token: {
    colorPrimary: colours.jade,
    colorInfo: colours.indigo,
    colorSuccess: colours.jade,
    colorError: colours.vermilion,
    colorWarning: colours.amber,
    colorText: colours.ink,
    colorTextSecondary: colours.inkSoft,
    colorTextTertiary: colours.inkFaint,
    colorTextDescription: colours.inkSoft,
    colorBgLayout: colours.paper,
    colorBorder: colours.edge,
    colorBorderSecondary: colours.line,
    colorLink: colours.jade,
    borderRadius: 6,
    controlHeight: 36,
    fontSize: 15,
    fontFamily: 'var(--font-text)',
    fontFamilyCode: fonts.code,
  },
};
