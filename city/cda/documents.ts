/** Templates of WS/T 500-2016: number = 2.16.156.10011.2.1.1.(20 + n). */
export const DOCUMENTS = {
  C0002: { zh: '门（急）诊病历', template: '2.16.156.10011.2.1.1.22' },
  C0006: { zh: '检查报告', template: '2.16.156.10011.2.1.1.26' },
  C0007: { zh: '检验报告', template: '2.16.156.10011.2.1.1.27' },
} as const;
