export type Admission = {
  facility: string;
  controlId: string;
  person: string;
  number?: string;
  birth?: string;
  sex?: string;
  at?: string;
  ward?: string;
  charset?: string;
  /** MSH-15 and MSH-16: 'AL|NE' asks for an accept acknowledgement alone. */
  mode?: string;
  event?: string;
};

/** An ADT^A01 that the border takes, unless one of its parts is spoilt on purpose. Times lie in November 2025. */
export const admission = ({
  facility,
  controlId,
  person,
  number,
  birth = '19800102',
  sex = 'M',
  at = '20251101080000+0800',
  ward = '内科',
  charset = 'UNICODE UTF-8',
  mode = '|',
  event = 'A01',
}: Admission): string =>
  [
    `MSH|^~\\&|HIS|${facility}|HUTONG|CQ|${at}||ADT^${event}^ADT_A01|${controlId}|P|2.5.1|||${mode}||${charset}`,
    `EVN|${event}|${at}`,
    `PID|1||${person}^^^HIS^MR${number ? `~${number}^^^^NI` : ''}||测试人||${birth}|${sex}`,
    ['PV1', '1', 'I', ward, ...Array<string>(15).fill(''), `V${person}`].join('|'),
    '',
  ].join('\r');
