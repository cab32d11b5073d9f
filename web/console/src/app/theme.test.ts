import { describe, expect, it } from 'vitest';
import { colours, riskShades, seriesStyles, tones } from './theme.ts';

/** Relative luminance and contrast ratio, WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe('the colours', () => {
  it('knows black on white as 21 and grey #777777 on white as just too weak', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeLessThan(4.5);
  });

  it.each(['ink', 'inkSoft', 'inkFaint', 'jade', 'vermilion', 'amber', 'indigo', 'brick'] as const)(
    '%s is readable on every ground',
    (name) => {
      for (const ground of [colours.surface, colours.paper, colours.sunk])
        expect(contrast(colours[name], ground)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(Object.entries(tones))('the tone %s is readable on its own wash', (_name, tone) => {
    expect(contrast(tone.text, tone.ground)).toBeGreaterThanOrEqual(4.5);
  });

  it('writes readable numbers on every shade of the map', () => {
    for (const { ground, text } of riskShades) expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it('shows white text on jade, deep jade and vermilion', () => {
    for (const ground of [colours.jade, colours.jadeDeep, colours.vermilion])
      expect(contrast('#ffffff', ground)).toBeGreaterThanOrEqual(4.5);
  });

  it('draws input edges, focus rings and chart series at 3:1', () => {
    for (const line of [colours.edge, colours.focus, ...seriesStyles.map((style) => style.colour)])
      expect(contrast(line, colours.surface)).toBeGreaterThanOrEqual(3);
    expect(contrast(colours.focus, colours.paper)).toBeGreaterThanOrEqual(3);
  });

  it('gives every series a symbol of its own', () => {
    expect(new Set(seriesStyles.map((style) => style.symbol)).size).toBe(seriesStyles.length);
  });
});
